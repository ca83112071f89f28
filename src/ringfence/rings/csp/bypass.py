"""Policies that are well-formed and yet stop little: the clear cases.

Each check is a function from a policy to what it found and names the directive that decides.
Section numbers are those of "Content Security Policy Level 3".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from ringfence.rings.csp.browser.fallback import FALLBACKS, SCRIPTS
from ringfence.rings.csp.browser.source import Kind, read_source
from ringfence.rings.csp.bypass_hosts import BYPASS_HOSTS, SHARED_SUFFIXES
from ringfence.rings.csp.model import NONCE, CspPolicy
from ringfence.rings.csp.problem import Problem
from ringfence.rings.csp.words import SOURCE_LISTS

__all__ = ["effective", "weaknesses"]

_IPV4 = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}")


def effective(policy: CspPolicy, name: str) -> tuple[str, tuple[str, ...] | None]:
    """Return the directive that governs ``name``, with its values (None: nothing does).

    >>> effective(CspPolicy((("default-src", ("'self'",)),)), "object-src")
    ('default-src', ("'self'",))
    """
    for candidate in FALLBACKS[name]:
        values = policy.get(candidate)
        if values is not None:
            return candidate, values
    return name, None


def weaknesses(policy: CspPolicy) -> list[Problem]:
    """Return what makes ``policy`` bypassable, each once.

    >>> loose = CspPolicy((("default-src", ("*",)), ("base-uri", ("'none'",))))
    >>> sorted({problem.code for problem in weaknesses(loose)})
    ['CSP203', 'CSP205']
    """
    found = [problem for check in _CHECKS for problem in check(policy)]
    return list(dict.fromkeys(found))


def _script_lists(
    policy: CspPolicy, names: tuple[str, ...] = ("script-src-elem",)
) -> Iterator[tuple[str, list[str]]]:
    """Yield the lists that govern ``names``. Handlers (-attr) have no URL: only inline matters."""
    seen = set()
    for name in names:
        directive, values = effective(policy, name)
        if values is not None and directive not in seen:
            seen.add(directive)
            yield directive, [value if value == NONCE else value.lower() for value in values]


def _grants(values: list[str]) -> bool:
    """Whether a nonce or hash stands in the list."""
    return _has(values, Kind.NONCE, Kind.HASH)


def _has(values: list[str], *kinds: Kind) -> bool:
    """Whether a browser finds one of ``kinds``; :data:`NONCE` will be a nonce."""
    sources = (read_source(value) for value in values)
    return (Kind.NONCE in kinds and NONCE in values) or any(
        source is not None and source.kind in kinds for source in sources
    )


def _inline(policy: CspPolicy) -> Iterator[Problem]:
    for directive, values in _script_lists(policy, ("script-src-elem", "script-src-attr")):
        if "'unsafe-inline'" not in values:
            continue
        # Section 6.7.3.2: a nonce, a hash or 'strict-dynamic' switches 'unsafe-inline' off.
        if not _grants(values) and "'strict-dynamic'" not in values:
            yield Problem(
                "CSP201",
                f"{directive} 'unsafe-inline'",
                "an injected <script> or onclick= runs as the site's own does.",
                'Use CSP.NONCE in its place, or the preset "strict".',
            )
        elif (
            policy.keep_unsafe_inline
            and NONCE in values
            and "'strict-dynamic'" not in values
            and not _has(values, Kind.HASH)
        ):
            yield Problem(
                "CSP216",
                f"{directive} 'unsafe-inline'",
                "a response that uses no nonce has none in its header, and there "
                "'unsafe-inline' holds.",
                "Remove 'unsafe-inline': every browser since 2016 ignores it beside a nonce.",
            )


def _eval(policy: CspPolicy) -> Iterator[Problem]:
    # Section 4.5: eval() asks script-src or its fallback, never script-src-elem. Where Trusted
    # Types are required, a string is refused before this keyword is looked at.
    directive, values = effective(policy, "script-src")
    if "'script'" in (policy.get("require-trusted-types-for") or ()):
        return
    if any(value.lower() == "'unsafe-eval'" for value in values or ()):
        yield Problem(
            "CSP202",
            f"{directive} 'unsafe-eval'",
            "text that reaches eval(), new Function() or setTimeout() runs.",
            "Remove it, write 'wasm-unsafe-eval' where WebAssembly is all that needs it, "
            "or add require-trusted-types-for 'script'.",
        )


def _is_anywhere(value: str) -> bool:
    """Whether the source allows what an attacker chooses: data:, or any host (``https://*``)."""
    source = read_source(value)
    return value.lower() == "data:" or (source is not None and source.is_anywhere)


def _anywhere(policy: CspPolicy) -> Iterator[Problem]:
    for directive, values in _script_lists(policy):
        # Section 8.2: beside a nonce or hash, 'strict-dynamic' makes browsers ignore hosts.
        if "'strict-dynamic'" in values:
            continue
        for value in values:
            if _is_anywhere(value):
                yield Problem(
                    "CSP203",
                    f"{directive} {value}",
                    "an attacker can choose a script of that kind."
                    if value == "data:"
                    else "an attacker's host is allowed as well.",
                    "Name the hosts that are meant, or use CSP.NONCE.",
                )


def _unrestricted(policy: CspPolicy) -> Iterator[Problem]:
    if policy.get("require-trusted-types-for") is None and policy.get("sandbox") is None:
        open_to = [name for name in SCRIPTS if effective(policy, name)[1] is None]
        if "script-src-elem" in open_to:
            reason = "neither script-src nor default-src is given: any script runs."
        elif "script-src-attr" in open_to:
            reason = "script-src-elem alone leaves onclick= and javascript: links open."
        else:
            return
        yield Problem(
            "CSP204",
            None,
            reason,
            'Add script-src, or begin with the preset "strict" or "self".',
        )


def _plugins(policy: CspPolicy) -> Iterator[Problem]:
    directive, values = effective(policy, "object-src")
    if values is None:
        # Without any limit on scripts, plugins are the smaller hole, named by CSP204 alone.
        if effective(policy, "script-src-elem")[1] is not None:
            yield Problem(
                "CSP205",
                None,
                "neither object-src nor default-src is given: <object> and <embed> load anything.",
                "Add object-src 'none'.",
            )
        return
    for value in values:
        if _is_anywhere(value):
            yield Problem(
                "CSP205",
                f"{directive} {value}",
                "<object> and <embed> load from an attacker's host.",
                "Write object-src 'none'.",
            )


def _base(policy: CspPolicy) -> Iterator[Problem]:
    if policy.get("base-uri") is not None:
        return
    for directive, values in _script_lists(policy):
        # A hash alone trusts one text, wherever it comes from; what it loads is trusted with
        # 'strict-dynamic' only.
        if _has(values, Kind.NONCE) or ("'strict-dynamic'" in values and _grants(values)):
            yield Problem(
                "CSP206",
                None,
                f"an injected <base> sends the relative URLs of scripts that {directive} trusts "
                "to an attacker's host.",
                "Add base-uri 'none' (or 'self').",
            )
            return


def _dynamic(policy: CspPolicy) -> Iterator[Problem]:
    for directive, values in _script_lists(policy):
        if "'strict-dynamic'" in values and not _grants(values):
            yield Problem(
                "CSP217",
                f"{directive} 'strict-dynamic'",
                "without a nonce or hash beside it, it blocks every script.",
                "Add CSP.NONCE.",
            )


def _hosts(policy: CspPolicy) -> Iterator[Problem]:
    for name, values in policy.directives:
        if name not in SOURCE_LISTS and name != "frame-ancestors":
            continue
        for value in values:
            if value == NONCE or value[:1] == "'" or value.endswith(":"):
                continue
            yield from _host(name, value)
    for directive, script_values in _script_lists(policy):
        if "'strict-dynamic'" in script_values:
            continue
        for value in policy.get(directive) or ():
            yield from _known_host(directive, value)


def _split(value: str) -> tuple[str, str, str]:
    """Return scheme, host and path of a host source, scheme and host in lower case."""
    scheme, separator, rest = value.partition("://")
    if not separator:
        scheme, rest = "", value
    authority, slash, path = rest.partition("/")
    return scheme.lower(), authority.partition(":")[0].lower(), slash + path


def _host(directive: str, value: str) -> Iterator[Problem]:
    scheme, host, _ = _split(value)
    local = host in ("127.0.0.1", "localhost") or host.endswith(".localhost")
    if scheme in ("http", "ws") and not local:
        yield Problem(
            "CSP207",
            f"{directive} {value}",
            "whoever is on the network can answer for it.",
            f"Write {scheme}s:// instead.",
        )
    if _IPV4.fullmatch(host) and host != "127.0.0.1":
        yield Problem(
            "CSP209",
            f"{directive} {value}",
            "of IP addresses, the standard lets only 127.0.0.1 match (section 6.7.2.9).",
            "Give the machine a name.",
        )
    if host.startswith("*."):
        suffix = host[2:].removesuffix(".")
        if ("." not in suffix and suffix != "localhost") or suffix in SHARED_SUFFIXES:
            yield Problem(
                "CSP208",
                f"{directive} {value}",
                f"anybody can have a host below {suffix}.",
                "Name the host that is meant.",
            )


def _known_host(directive: str, value: str) -> Iterator[Problem]:
    _, host, path = _split(value)
    names = (
        [known for known in BYPASS_HOSTS if known.endswith(host[1:])]
        if host.startswith("*.") and host.count(".") > 1
        else [host]
    )
    for name in names:
        bypass = BYPASS_HOSTS.get(name)
        if bypass is None:
            continue
        where, what = bypass
        # Section 6.7.2.11: a path that ends in a slash is a prefix, any other is exact.
        allowed = unquote(path)
        if allowed in ("", "/") or (allowed.endswith("/") and where.startswith(allowed)):
            yield Problem(
                "CSP210",
                f"{directive} {value}",
                f"{name} is a known way round an allow-list: {what}.",
                "Allow the one file that is needed, with its path, or use CSP.NONCE.",
            )
            return


_CHECKS = (_inline, _eval, _anywhere, _unrestricted, _plugins, _base, _dynamic, _hosts)
