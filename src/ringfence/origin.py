"""Origins and sites: parsed once at the edge, compared as tuples.

An origin is a scheme, a host and a port (RFC 6454, section 4; the URL standard's "origin of a
URL"). A browser serialises it as ``scheme://host[:port]``, in lower case and ASCII, the default
port left out. Everything else that arrives in an ``Origin`` header was not written by a browser
and is malformed: :meth:`Origin.parse` refuses it.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["DEFAULT_PORTS", "MAX_LENGTH", "Origin", "OriginError", "OriginRules"]

#: "http" and "https" are the schemes a Django site is served from; other schemes that browsers
#: put into an Origin header (``chrome-extension``, ``app``) have no default port.
DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21}

#: A host name has at most 253 characters (RFC 1035, section 2.3.4), a scheme here 32, a port 5.
MAX_LENGTH = 32 + 3 + 253 + 1 + 5

_DEFAULT_PORT_ENDINGS = tuple(f"{port}" for port in sorted(set(DEFAULT_PORTS.values())))
_SCHEME_CHARS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789+-.")
_HOST_CHARS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_.")
_DIGITS = frozenset("0123456789")


class OriginError(ValueError):
    """Raised for text that is not an origin; ``str(error)`` says why, ``fix`` what to write."""

    def __init__(self, reason: str, fix: str = "") -> None:
        super().__init__(reason)
        self.fix = fix or "Write scheme://host or scheme://host:port, as https://app.example.com."


class Origin(NamedTuple):
    """A tuple origin. ``port`` is always a number; 0 stands for "the scheme has no port".

    >>> Origin.parse("https://example.com")
    Origin(scheme='https', host='example.com', port=443)
    >>> Origin.parse("https://example.com:8443").serialize()
    'https://example.com:8443'
    """

    scheme: str
    host: str
    port: int

    @classmethod
    def parse(cls, text: str) -> Origin:
        """Parse the serialisation of a tuple origin.

        Scheme and host are compared without case; a default port may be written out. Linear in
        the length of ``text``, which is bounded by :data:`MAX_LENGTH`.

        :raises OriginError: for ``null``, user information, a path, query or fragment, anything
            outside ASCII, a malformed host or port, and text that is too long.
        """
        if len(text) > MAX_LENGTH:
            raise OriginError(f"it is longer than the {MAX_LENGTH} characters an origin can have.")
        if not text.isascii():
            raise OriginError(
                "it has characters outside ASCII.",
                "Write an internationalised host name in its ASCII form (xn--…).",
            )
        text = text.lower()
        if text == "null":
            raise OriginError(
                "'null' is what every sandboxed frame, data: page and local file sends.",
                "Name the origins that are meant.",
            )
        scheme, separator, rest = text.partition("://")
        if not separator:
            raise OriginError("it has no scheme.")
        if not scheme or not scheme[0].isalpha() or not _SCHEME_CHARS.issuperset(scheme):
            raise OriginError("its scheme is malformed.")
        if "@" in rest:
            raise OriginError("it carries user information.")
        for mark, what in (("/", "a path"), ("?", "a query"), ("#", "a fragment")):
            if mark in rest:
                raise OriginError(
                    f"it has {what}; an origin is a scheme, a host and a port.",
                    f"Write {scheme}://{rest.partition(mark)[0]} instead.",
                )
        host, port = _split_host(rest, scheme)
        return cls(scheme, host, port)

    @property
    def has_default_port(self) -> bool:
        """Whether the port goes without saying."""
        return self.port == DEFAULT_PORTS.get(self.scheme, 0)

    @property
    def is_loopback(self) -> bool:
        """Whether the host is this machine: ``localhost``, ``*.localhost``, 127/8 or ``[::1]``.

        Secure Contexts, section 3.1 ("Is origin potentially trustworthy?"), steps 4 and 5.
        """
        if self.host == "localhost" or self.host.endswith(".localhost"):
            return True
        try:
            return ipaddress.ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return False

    def serialize(self) -> str:
        """Return the origin as a browser writes it (HTML, "ASCII serialization of an origin")."""
        if self.has_default_port:
            return f"{self.scheme}://{self.host}"
        return f"{self.scheme}://{self.host}:{self.port}"


def _split_host(rest: str, scheme: str) -> tuple[str, int]:
    if rest.startswith("["):
        literal, bracket, port_text = rest[1:].partition("]")
        if not bracket:
            raise OriginError("its IPv6 address has no closing bracket.")
        try:
            host = f"[{ipaddress.IPv6Address(literal).compressed}]"
        except ValueError:
            raise OriginError("its IPv6 address is malformed.") from None
        if "%" in host:
            raise OriginError("its IPv6 address has a zone.")
        if port_text and not port_text.startswith(":"):
            raise OriginError("there is text behind its IPv6 address.")
        separator, port_text = port_text[:1], port_text[1:]
    else:
        host, separator, port_text = rest.partition(":")
        if not is_host(host):
            raise OriginError("its host is missing or malformed.")
    if not separator:
        return host, DEFAULT_PORTS.get(scheme, 0)
    if not port_text or len(port_text) > 5 or not _DIGITS.issuperset(port_text):
        raise OriginError("its port is malformed.")
    port = int(port_text)
    if not 0 < port < 65536:
        raise OriginError("its port is out of range (1 to 65535).")
    return host, port


def _is_respelt(text: str) -> bool:
    """Whether parsing and serialising ``text`` could change it: case, default port, IPv6."""
    return "[" in text or text != text.lower() or text.endswith(_DEFAULT_PORT_ENDINGS)


def is_host(host: str) -> bool:
    """Whether ``host`` is a lower-case ASCII host name or an IPv4 address, by its form."""
    return (
        0 < len(host) <= 253
        and _HOST_CHARS.issuperset(host)
        and not host.startswith(".")
        and ".." not in host
        and all(0 < len(label) <= 63 for label in host.removesuffix(".").split("."))
    )


@dataclass(frozen=True, slots=True)
class OriginRules:
    """A compiled list of origins: exact ones in a set, ``*.`` wildcards as suffixes.

    Membership costs the same however many origins there are: one look-up for the exact ones, one
    for each label of the host for the wildcards.

    >>> rules = OriginRules.compile(["https://a.example", "https://*.b.example"])
    >>> rules.matches("https://a.example"), rules.matches("https://x.y.b.example")
    (True, True)
    >>> rules.matches("https://b.example"), rules.matches("http://a.example")
    (False, False)
    """

    exact: frozenset[str]
    tuples: frozenset[Origin]
    suffixes: frozenset[tuple[str, str, int]]

    @classmethod
    def compile(cls, patterns: Iterable[str]) -> OriginRules:
        """Compile origins and wildcard patterns (``https://*.example.com``).

        :raises OriginError: for the first pattern that is no origin.
        """
        tuples: set[Origin] = set()
        suffixes: set[tuple[str, str, int]] = set()
        for pattern in patterns:
            scheme, separator, rest = pattern.partition("://*.")
            if separator:
                parent = Origin.parse(f"{scheme}://{rest}")
                suffixes.add((parent.scheme, parent.host, parent.port))
            else:
                tuples.add(Origin.parse(pattern))
        return cls(
            exact=frozenset(origin.serialize() for origin in tuples),
            tuples=frozenset(tuples),
            suffixes=frozenset(suffixes),
        )

    def __bool__(self) -> bool:
        return bool(self.exact or self.suffixes)

    def matches(self, text: str) -> bool:
        """Whether the ``Origin`` header ``text`` is allowed. Never raises."""
        if text in self.exact:
            return True
        # Past the exact look-up only wildcards are left, and spellings that no browser uses.
        if len(text) > MAX_LENGTH or not (self.suffixes or _is_respelt(text)):
            return False
        try:
            origin = Origin.parse(text)
        except OriginError:
            return False
        return self.contains(origin)

    def contains(self, origin: Origin) -> bool:
        """Whether the parsed ``origin`` is allowed."""
        if origin in self.tuples:
            return True
        if self.suffixes:
            scheme, host, port = origin
            dot = host.find(".")
            while dot != -1:
                if (scheme, host[dot + 1 :], port) in self.suffixes:
                    return True
                dot = host.find(".", dot + 1)
        return False


NO_ORIGINS = OriginRules(frozenset(), frozenset(), frozenset())
