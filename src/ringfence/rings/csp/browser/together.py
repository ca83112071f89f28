"""Several policies at once: what all of them leave open (CSP3, section 4.2).

A page needs the leave of every policy it was sent. :func:`combine` writes that as one policy, so
that whatever judges one policy judges several. It never leaves out what all of them allow; where
the answer depends on the page's own address it supposes the page that an attacker would like.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce

from ringfence.rings.csp.browser.enforce import Enforced, SourceList
from ringfence.rings.csp.browser.fallback import FALLBACKS, SCRIPTS
from ringfence.rings.csp.browser.source import Kind, Source, read_source
from ringfence.rings.csp.model import NONE, CspPolicy

__all__ = ["combine", "nothing_in_common"]

#: Above this many pairs of sources one of the lists stands for both.
_PAIRS = 2_000

_NETWORK = ("", "http", "https", "ws", "wss")


def combine(policies: Sequence[Enforced]) -> CspPolicy:
    """Return one policy that allows what all of ``policies`` allow.

    >>> from ringfence.rings.csp.browser.receive import receive
    >>> both = receive(["default-src https:", "script-src https://a.example *.b.example"])
    >>> combine([Enforced(policy) for policy in both]).directives[0]
    ('script-src', ('https://a.example', 'https://*.b.example'))
    """
    if len(policies) == 1:
        return policies[0].normal()
    explicit = dict.fromkeys(name for policy in policies for name in policy.directives)
    combined: dict[str, tuple[str, ...]] = {}
    for name in explicit:
        if name in FALLBACKS:
            combined[name] = _met(name, policies)
        elif name not in combined and name != "default-src":
            values = [
                value
                for policy in policies
                if name != "require-trusted-types-for" or policy.requires_trusted_types
                for value in policy.directives.get(name, ())
            ]
            # Where one policy sandboxes more than another, what both let through holds.
            if name == "sandbox":
                values = _flags(policies)
            if values or name != "require-trusted-types-for":
                combined[name] = tuple(dict.fromkeys(values))
    if "default-src" in explicit:
        # Stands for everything that none of the policies names: an image is as good as any.
        stand_in = next((name for name in _UNNAMED if name not in explicit), "media-src")
        combined["default-src"] = _met(stand_in, policies)
    return CspPolicy(tuple(combined.items()))


_UNNAMED = ("manifest-src", "media-src", "font-src", "connect-src", "img-src", "object-src")


def nothing_in_common(policies: Sequence[Enforced]) -> bool:
    """Whether each policy allows some script, and no script is allowed by all of them."""
    lists = [found for policy in policies if (found := policy.governing("script-src-elem"))]
    return (
        len(lists) > 1
        and all(found.of_kind(Kind.NONCE, Kind.HASH) or _opens(found) for found in lists)
        and not reduce(_meet, lists).sources
    )


def _opens(found: SourceList) -> bool:
    return found.allows_inline or any(source.has_url for source in found.sources)


def _flags(policies: Iterable[Enforced]) -> list[str]:
    given = [
        {flag.lower() for flag in policy.directives["sandbox"]}
        for policy in policies
        if "sandbox" in policy.directives
    ]
    return sorted(set.intersection(*given))


def _met(name: str, policies: Iterable[Enforced]) -> tuple[str, ...]:
    lists = [found for policy in policies if (found := policy.governing(name)) is not None]
    sources = reduce(_meet, lists).sources
    return tuple(dict.fromkeys(source.text for source in sources)) or (NONE,)


def _meet(one: SourceList, other: SourceList) -> SourceList:
    """Return the list of what both allow."""
    kept = [
        *_keywords(one, other),
        *_named(one, other),
        *_named(other, one),
        *_addresses(one, other),
    ]
    return SourceList(one.name, one.directive, tuple(dict.fromkeys(kept)), ())


def _keywords(one: SourceList, other: SourceList) -> Iterable[Source]:
    for source in one.of_kind(Kind.KEYWORD):
        if source.text == "'unsafe-inline'":
            if one.allows_inline and other.allows_inline:
                yield source
        elif other.has(source.text) and source.text != "'strict-dynamic'":
            yield source
    if one.name in SCRIPTS:
        # One policy that wants trust handed on is enough for URLs not to count.
        yield from dict.fromkeys(
            source
            for found in (one, other)
            for source in found.of_kind(Kind.KEYWORD)
            if source.text == "'strict-dynamic'"
        )


def _named(one: SourceList, other: SourceList) -> Iterable[Source]:
    """Yield the nonces and hashes of ``one`` that get past ``other`` in some way."""
    others = {source.value for source in other.of_kind(Kind.NONCE, Kind.HASH)}
    for source in one.of_kind(Kind.NONCE, Kind.HASH):
        if source.value in others or _opens(other):
            yield source


def _addresses(one: SourceList, other: SourceList) -> Iterable[Source]:
    if one.is_dynamic or other.is_dynamic:
        return
    mine = [source for source in one.sources if source.has_url]
    theirs = [source for source in other.sources if source.has_url]
    if len(mine) * len(theirs) > _PAIRS:
        yield from min(mine, theirs, key=len)
        return
    for left in mine:
        for right in theirs:
            text = _narrower(left, right)
            source = read_source(text) if text else None
            if source is not None:
                yield source


def _narrower(one: Source, other: Source) -> str:
    """Return the source that covers what both do; "" where there is nothing."""
    if one.kind is Kind.SELF or other.kind is Kind.SELF:
        rest = other if one.kind is Kind.SELF else one
        # Whether a host is the page's own is not known here: it may be.
        return "'self'" if rest.kind is not Kind.SCHEME or rest.scheme in _NETWORK else ""
    if one.kind is Kind.ANY or other.kind is Kind.ANY:
        rest = other if one.kind is Kind.ANY else one
        return rest.text if rest.kind is Kind.ANY or rest.scheme in _NETWORK else ""
    scheme = _scheme(one.scheme, other.scheme)
    if scheme is None:
        return ""
    if one.kind is Kind.SCHEME and other.kind is Kind.SCHEME:
        return f"{scheme}:"
    if one.kind is Kind.SCHEME or other.kind is Kind.SCHEME:
        rest = other if one.kind is Kind.SCHEME else one
        return _host_text(scheme, rest.host, rest.port, rest.path)
    host = _host(one.host, other.host)
    port = _port(one.port, other.port)
    path = _path(one.path, other.path)
    if host is None or port is None or path is None:
        return ""
    return _host_text(scheme, host, port, path)


def _host_text(scheme: str, host: str, port: str, path: str) -> str:
    return (f"{scheme}://" if scheme else "") + host + (f":{port}" if port else "") + path


def _scheme(one: str, other: str) -> str | None:
    if one == other or not other:
        return one
    if not one:
        return other
    raised = {frozenset(("http", "https")): "https", frozenset(("ws", "wss")): "wss"}
    return raised.get(frozenset((one, other)))


def _host(one: str, other: str) -> str | None:
    for narrow, wide in ((one, other), (other, one)):
        if wide in ("*", narrow) or (wide.startswith("*.") and narrow.endswith(wide[1:])):
            return narrow
    return None


def _port(one: str, other: str) -> str | None:
    if other in (one, "*"):
        return one
    if one == "*":
        return other
    defaults = ("", "80", "443")
    return (one or other) if one in defaults and other in defaults else None


def _path(one: str, other: str) -> str | None:
    for narrow, wide in ((one, other), (other, one)):
        if wide in ("", "/", narrow) or (wide.endswith("/") and narrow.startswith(wide)):
            return narrow
    return None
