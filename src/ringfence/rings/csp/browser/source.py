"""One source expression as a browser reads it: CSP3, section 2.3.1, as Chromium has it.

Where Chromium is more tolerant than the grammar, it is followed, since it decides what runs:
``'sha-256-…'`` is a hash, a query in a path is cut off, a hash of the wrong length counts.
:mod:`ringfence.rings.csp.grammar` says what should have been written.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from urllib.parse import unquote

from ringfence.rings.csp.words import KEYWORDS

__all__ = ["Kind", "Source", "read_source"]

#: No host has a longer name (RFC 1035, section 2.3.4), so that none can match.
_HOST_LIMIT = 253

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")
_LABEL = re.compile(r"[A-Za-z0-9-]+")
_PORT = re.compile(r"[0-9]+|\*")
_NONCE = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
_HASH = re.compile(r"(sha-?256|sha-?384|sha-?512)-([A-Za-z0-9+/_-]+)(={0,2})", re.IGNORECASE)


class Kind(enum.Enum):
    """What a source expression is."""

    ANY = "*"
    SELF = "'self'"
    KEYWORD = "keyword"
    NONCE = "nonce"
    HASH = "hash"
    SCHEME = "scheme"
    HOST = "host"


@dataclass(frozen=True, slots=True)
class Source:
    """A source expression that a browser keeps.

    ``text`` is what was written, keywords in lower case. ``value`` is the nonce or, as
    ``sha256-…``, the hash. ``host`` is "*" for any host and begins with "*." for the hosts below;
    ``port`` is "" for the scheme's own and "*" for any; ``path`` is decoded.
    """

    kind: Kind
    text: str
    value: str = ""
    scheme: str = ""
    host: str = ""
    port: str = ""
    path: str = ""

    @property
    def has_url(self) -> bool:
        """Whether it is compared with a request's URL."""
        return self.kind in (Kind.ANY, Kind.SELF, Kind.SCHEME, Kind.HOST)

    @property
    def is_anywhere(self) -> bool:
        """Whether an attacker's own host is among what it allows."""
        return (
            self.kind is Kind.ANY
            or (self.kind is Kind.SCHEME and self.scheme in ("http", "https"))
            or (
                self.kind is Kind.HOST and self.host == "*" and self.scheme in ("", "http", "https")
            )
        )


def read_source(text: str) -> Source | None:
    """Read one expression; None for one that browsers skip (``'none'`` is no source).

    >>> read_source("HTTPS://*.Example.com:443/a%20b/").host
    '*.example.com'
    >>> read_source("'nonce-a$b'") is None
    True
    """
    lowered = text.lower()
    if text == "*":
        return Source(Kind.ANY, text)
    if lowered == "'self'":
        return Source(Kind.SELF, lowered)
    if lowered in KEYWORDS:
        return Source(Kind.KEYWORD, lowered)
    if text.startswith("'"):
        return _quoted(text)
    return _located(text)


def _quoted(text: str) -> Source | None:
    if len(text) < 2 or not text.endswith("'"):
        return None
    inner = text[1:-1]
    if inner[:6].lower() == "nonce-":
        # Section 2.3.1: nonce-source. The value's case counts, the prefix's does not.
        return Source(Kind.NONCE, text, value=inner[6:]) if _NONCE.fullmatch(inner, 6) else None
    match = _HASH.fullmatch(inner)
    if match is None:
        return None
    algorithm, digest, padding = match.groups()
    # What does not decode as base64 is no hash; what decodes to the wrong length is one that
    # matches nothing, and it still switches 'unsafe-inline' off.
    if len(digest) % 4 == 1 or len(padding) > -len(digest) % 4:
        return None
    normal = digest.replace("-", "+").replace("_", "/")
    return Source(Kind.HASH, text, value=f"{algorithm.lower().replace('-', '')}-{normal}")


def _located(text: str) -> Source | None:
    """Read a scheme-source or host-source."""
    if text.endswith(":") and _SCHEME.fullmatch(text, 0, len(text) - 1):
        return Source(Kind.SCHEME, text, scheme=text[:-1].lower())
    scheme, separator, rest = text.partition("://")
    if not separator:
        scheme, rest = "", text
    elif not _SCHEME.fullmatch(scheme):
        return None
    authority, slash, path = rest.partition("/")
    host, colon, port = authority.partition(":")
    host = host.lower()
    if not _is_host(host) or (colon and not _PORT.fullmatch(port)):
        return None
    path = unquote((slash + path).partition("#")[0].partition("?")[0])
    return Source(Kind.HOST, text, "", scheme.lower(), host, port, path)


def _is_host(host: str) -> bool:
    if host == "*":
        return True
    if len(host) > _HOST_LIMIT:
        return False
    labels = host.removeprefix("*.").split(".")
    # A dot at the end is read, and then compared as it is.
    if len(labels) > 1 and not labels[-1]:
        labels.pop()
    return all(_LABEL.fullmatch(label) for label in labels)
