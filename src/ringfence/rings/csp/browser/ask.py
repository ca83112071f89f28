"""Whether a browser that was sent some policies would load or run one thing (CSP3, section 6.7)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from ringfence.rings.csp.browser.enforce import Enforced, SourceList
from ringfence.rings.csp.browser.source import Kind, Source

__all__ = ["Address", "Asked", "blocked_by", "matches"]

_DEFAULT_PORTS = {"http": "80", "https": "443", "ws": "80", "wss": "443"}
_NETWORK = frozenset(("http", "https", "ws", "wss"))


class Address(NamedTuple):
    """A URL as sources are compared with it; ``path`` is decoded."""

    scheme: str
    host: str
    port: str
    path: str

    @classmethod
    def parse(cls, url: str) -> Address:
        """Read an absolute URL.

        :raises ValueError: for what is none.

        >>> Address.parse("https://a.example/x%20y?z")
        Address(scheme='https', host='a.example', port='443', path='/x y')
        """
        parts = urlsplit(url)
        port = str(parts.port or _DEFAULT_PORTS.get(parts.scheme, ""))
        return cls(parts.scheme, parts.hostname or "", port, unquote(parts.path) or "/")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page wants to do.

    ``name`` is the directive that is for it (``script-src-elem``, ``img-src``; ``script-src`` for
    ``eval()``). Without ``url`` it is inline code: a ``<script>`` or ``<style>``, or, where the
    name ends in ``-attr``, a handler or ``style=``. ``nonce`` and ``digest`` (``sha256-…``) are
    the element's. ``by_script`` says that a script which runs inserted it.
    """

    name: str
    url: str = ""
    nonce: str = ""
    digest: str = ""
    by_script: bool = False


def blocked_by(policies: Iterable[Enforced], page: str, asked: Asked) -> list[Enforced]:
    """Return the policies that forbid it on the page with URL ``page``; it needs all their leave.

    >>> from ringfence.rings.csp.browser.receive import receive
    >>> both = [Enforced(policy) for policy in receive("default-src 'self', script-src *")]
    >>> asked = Asked("script-src-elem", "https://cdn.example/a.js")
    >>> [policy.policy.directives for policy in blocked_by(both, "https://a.example/", asked)]
    [(('default-src', ("'self'",)),)]
    """
    here = Address.parse(page)
    return [policy for policy in policies if not _allows(policy, here, asked)]


def _allows(policy: Enforced, page: Address, asked: Asked) -> bool:
    is_script = asked.name.startswith("script-src")
    if is_script and policy.blocks_all_scripts:
        return False
    if asked.name == "script-src":
        return _allows_eval(policy)
    found = policy.governing(asked.name)
    if found is None:
        return True
    if any(source.value == asked.nonce for source in found.of_kind(Kind.NONCE)):
        return True
    if not asked.url:
        return found.allows_inline or _has_digest(found, asked)
    if found.is_dynamic:
        return asked.by_script
    address = Address.parse(asked.url)
    return any(matches(source, address, page) for source in found.sources)


def _allows_eval(policy: Enforced) -> bool:
    if policy.requires_trusted_types:
        found = policy.governing("script-src")
        return found is not None and found.has("'trusted-types-eval'")
    found = policy.governing("script-src")
    return found is None or found.has("'unsafe-eval'")


def _has_digest(found: SourceList, asked: Asked) -> bool:
    # Section 6.7.3.3: attributes are compared with hashes only beside 'unsafe-hashes'.
    if asked.name.endswith("-attr") and not found.has("'unsafe-hashes'"):
        return False
    return any(
        source.value == asked.digest.rstrip("=") for source in found.of_kind(Kind.HASH)
    ) and bool(asked.digest)


def matches(source: Source, address: Address, page: Address) -> bool:
    """Whether ``source`` covers ``address`` on ``page`` (CSP3, section 6.7.2.8).

    >>> page = Address.parse("https://a.example/")
    >>> matches(Source(Kind.ANY, "*"), Address.parse("data:,"), page)
    False
    """
    if source.kind is Kind.ANY:
        return address.scheme in _NETWORK or address.scheme == page.scheme
    if source.kind is Kind.SCHEME:
        return _scheme_covers(source.scheme, address.scheme)
    if source.kind is Kind.SELF:
        return (
            address.host == page.host
            and _scheme_covers(page.scheme, address.scheme)
            and (address.port == page.port or _both_default(page, address))
        )
    return source.kind is Kind.HOST and _host_covers(source, address, page)


def _both_default(page: Address, address: Address) -> bool:
    return all(each.port == _DEFAULT_PORTS.get(each.scheme) for each in (page, address))


def _scheme_covers(wanted: str, scheme: str) -> bool:
    """Compare schemes (section 6.7.2.9): a secure one stands in for the one without TLS.

    The standard lets ws: stand for http: as well; Chromium does not.
    """
    return scheme == wanted or (wanted, scheme) in (("http", "https"), ("ws", "wss"))


def _host_covers(source: Source, address: Address, page: Address) -> bool:
    if not _scheme_covers(source.scheme or page.scheme, address.scheme):
        return False
    if source.host.startswith("*."):
        if not address.host.endswith(source.host[1:]):
            return False
    elif source.host not in ("*", address.host):
        return False
    return _port_covers(source.port, address) and _path_covers(source.path, address.path)


def _port_covers(port: str, address: Address) -> bool:
    if not port:
        return address.port == _DEFAULT_PORTS.get(address.scheme)
    # Section 6.7.2.11: port 80 is also 443 where the scheme was raised.
    return port in ("*", address.port) or (
        port == "80" and address.port == "443" and address.scheme in ("https", "wss")
    )


def _path_covers(pattern: str, path: str) -> bool:
    """Compare paths (section 6.7.2.12): one that ends in a slash is a prefix, others are exact."""
    if pattern in ("", "/"):
        return True
    return path.startswith(pattern) if pattern.endswith("/") else path == pattern
