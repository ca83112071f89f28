"""Which scripts an attacker can still run under the policies that hold, all of them together."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ringfence.rings.csp import bypass
from ringfence.rings.csp.browser.source import Kind, Source, read_source
from ringfence.rings.csp.grammar import Problem
from ringfence.rings.csp.model import CspPolicy

__all__ = ["CHECKS"]

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
    values = policy.get("base-uri")
    directive, scripts = _sources(policy, "script-src-elem")
    trusted = any(
        source.kind is Kind.NONCE or source.text == "'strict-dynamic'" for source in scripts
    )
    if values is None:
        # A literal nonce; bypass knows the one that stands in settings, and 'strict-dynamic'.
        literal = any(source.kind is Kind.NONCE for source in scripts)
        if literal and all(source.text != "'strict-dynamic'" for source in scripts):
            yield Problem(
                "CSP206",
                None,
                f"an injected <base> sends the relative URLs of scripts that {directive} trusts "
                "to an attacker's host.",
                "Add base-uri 'none' (or 'self').",
            )
        return
    for value in values if trusted else ():
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


#: Each is given what all enforced policies leave open; they are not asked where no script runs.
CHECKS: tuple[Callable[[CspPolicy], Iterator[Problem]], ...] = (
    known,
    unrestricted,
    base,
    unsafe_hashes,
    allow_list,
    trusted_types,
)
