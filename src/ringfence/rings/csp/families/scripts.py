"""Which scripts an attacker can still run under the policies that hold, all of them together."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ringfence.rings.csp import bypass
from ringfence.rings.csp.browser.source import Kind, Source, read_source
from ringfence.rings.csp.model import CspPolicy
from ringfence.rings.csp.problem import Problem

__all__ = ["CHECKS", "elsewhere"]

#: Judged here: a site's own settings are not blamed for a sandbox, an attacker has to be stopped.
_OWN = frozenset(("CSP204",))


def _sources(policy: CspPolicy, name: str) -> tuple[str, list[Source]]:
    directive, values = bypass.effective(policy, name)
    return directive, [source for value in values or () if (source := read_source(value))]


def known(policy: CspPolicy) -> Iterator[Problem]:
    """Yield the weaknesses that are looked for in a site's settings as well; no false positives."""
    return (item for item in bypass.weaknesses(policy) if item.code not in _OWN)


def unrestricted(policy: CspPolicy) -> Iterator[Problem]:
    """Yield that nothing limits scripts: neither elements nor, where those are, handlers."""
    if bypass.effective(policy, "script-src-elem")[1] is None:
        reason = "neither script-src nor default-src is given: any injected script runs."
    elif bypass.effective(policy, "script-src-attr")[1] is None:
        reason = "script-src-elem alone leaves injected onclick= and javascript: links open."
    else:
        return
    yield Problem("CSP204", None, reason, 'Add script-src; ringfence\'s preset "strict" has one.')


def base(policy: CspPolicy) -> Iterator[Problem]:
    """Yield a base-uri that lets an attacker's host be the base of trusted scripts."""
    _, scripts = _sources(policy, "script-src-elem")
    kinds = {source.kind for source in scripts}
    dynamic = any(source.text == "'strict-dynamic'" for source in scripts)
    # As bypass has it: a hash alone trusts one text, from wherever it comes.
    if Kind.NONCE not in kinds and not (Kind.HASH in kinds and dynamic):
        return
    for value in policy.get("base-uri") or ():
        source = read_source(value)
        if source is not None and source.is_anywhere:
            yield Problem(
                "CSP206",
                f"base-uri {value}",
                "an injected <base> may name an attacker's host, and relative URLs of trusted "
                "scripts lead there.",
                "Write base-uri 'none' (or 'self').",
            )


def unsafe_hashes(policy: CspPolicy) -> Iterator[Problem]:
    """Yield handlers allowed by hash: an attacker may put one of them on an element of theirs."""
    directive, scripts = _sources(policy, "script-src-attr")
    if any(source.text == "'unsafe-hashes'" for source in scripts):
        yield Problem(
            "CSP223",
            f"{directive} 'unsafe-hashes'",
            "an injected element may carry any of the handlers whose hashes are listed.",
            "Move the handlers into a script of your own (addEventListener).",
        )


def allow_list(policy: CspPolicy) -> Iterator[Problem]:
    """Yield scripts allowed by host. Whether a host can be abused is a guess that ages badly."""
    directive, scripts = _sources(policy, "script-src-elem")
    if any(source.text == "'strict-dynamic'" for source in scripts):
        return
    hosts = [
        source.text for source in scripts if source.kind is Kind.HOST and not source.is_anywhere
    ]
    if hosts:
        shown = " ".join(hosts[:3]) + (" …" if len(hosts) > 3 else "")
        yield Problem(
            "CSP219",
            f"{directive} {shown[:120]}",
            "every script on these hosts may be used by an attacker, and of such lists nearly all "
            "were found to be bypassable.",
            "Allow scripts by nonce, with 'strict-dynamic' for what they load.",
        )


def trusted_types(policy: CspPolicy) -> Iterator[Problem]:
    """Yield that strings may reach innerHTML and the like, or that any name makes them trusted."""
    _, values = bypass.effective(policy, "script-src-elem")
    # Where no script runs there is none to pass strings on; where any runs this is the least.
    if values is None or values == ("'none'",):
        return
    if "'script'" not in (policy.get("require-trusted-types-for") or ()):
        yield Problem(
            "CSP224",
            None,
            "strings still reach innerHTML, eval() and script URLs in the page's own scripts.",
            "Add require-trusted-types-for 'script', in report-only first.",
        )
    elif "*" in (policy.get("trusted-types") or ()):
        yield Problem(
            "CSP227",
            "trusted-types *",
            "any script may make a policy that trusts everything.",
            "Name the policies of the page's own scripts and libraries.",
        )


def elsewhere(policy: CspPolicy) -> Iterator[Problem]:
    """Yield what is known of hosts even where no script runs."""
    return (item for item in known(policy) if item.code in _ANY_DIRECTIVE)


#: What :mod:`ringfence.rings.csp.bypass` looks for in every directive.
_ANY_DIRECTIVE = frozenset(("CSP207", "CSP208", "CSP209"))

#: Each is given what all enforced policies leave open; they are not asked where no script runs.
CHECKS: tuple[Callable[[CspPolicy], Iterator[Problem]], ...] = (
    known,
    unrestricted,
    base,
    unsafe_hashes,
    allow_list,
    trusted_types,
)
