"""The CSRF decision as a table, written from the standards and not from the code.

Sources: Fetch Metadata Request Headers (W3C), section 2.4 ``Sec-Fetch-Site``; Fetch, "append a
request `Origin` header"; HTML, "ASCII serialization of an origin"; RFC 6454, sections 6 and 7;
RFC 9110, section 9.2.1 (safe methods). The order of decision is the one that ``docs`` promise.

The same rows are run through every way in; see :mod:`tests.csrf.ways`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Fallback = Literal["token", "deny", "dangerously_allow"]

HOST = "www.example.com"
OWN = f"https://{HOST}"
FOREIGN = "https://attacker.example.net"
SIBLING = "https://blog.example.com"

#: In RINGFENCE: suffice alone.
EXACT = "https://checkout.partner.example.org"
WILDCARD = "https://*.cdn.example.org"
#: In CSRF_TRUSTED_ORIGINS: still need the token.
LEGACY = "https://legacy.example.org"
LEGACY_WILDCARD = "https://*.old.example.org"

TRUSTED = [EXACT, WILDCARD, "https://partner.example.org:8443"]
TOKEN_TRUSTED = [LEGACY, LEGACY_WILDCARD, EXACT]


@dataclass(frozen=True, slots=True)
class Row:
    """A request, and what is to become of it.

    ``expected`` is "allow" (whatever the token), "deny" (whatever the token) or "token" (Django's
    check decides). ``reason`` is the class of a denial's reason. ``wire`` is False where an HTTP
    server changes or refuses the header before Django sees it.
    """

    name: str
    expected: Literal["allow", "deny", "token"]
    reason: str | None = None
    method: str = "POST"
    site: str | None = None
    origin: str | None = None
    fallback: Fallback = "token"
    scheme: Literal["http", "https"] = "https"
    host: str = HOST
    wire: bool = True


def _allow(name: str, **fields: object) -> Row:
    return Row(name, "allow", **fields)  # type: ignore[arg-type]


def _token(name: str, **fields: object) -> Row:
    return Row(name, "token", **fields)  # type: ignore[arg-type]


def _deny(name: str, reason: str, **fields: object) -> Row:
    return Row(name, "deny", reason, **fields)  # type: ignore[arg-type]


_SAFE = [
    _allow(f"safe method {method}, cross-site", method=method, site="cross-site", origin=FOREIGN)
    for method in ("GET", "HEAD", "OPTIONS", "TRACE")
] + [
    _allow("safe method, no headers", method="GET"),
    _allow("safe method, fallback deny", method="GET", fallback="deny"),
    _allow("safe method, garbage", method="HEAD", site="???", origin="http://[", fallback="deny"),
]

_METHODS = [
    row
    for method in ("PUT", "PATCH", "DELETE", "PURGE", "PROPFIND")
    for row in (
        _deny(f"{method} cross-site", "CrossSite", method=method, site="cross-site"),
        _allow(f"{method} same-origin", method=method, site="same-origin", origin=OWN),
        _token(f"{method} without either header", method=method),
    )
]

_SAME_ORIGIN = [
    _allow("same-origin, no Origin", site="same-origin"),
    _allow("same-origin, own Origin", site="same-origin", origin=OWN),
    _allow(
        "same-origin, own Origin with its default port", site="same-origin", origin=f"{OWN}:443"
    ),
    _allow("same-origin, null Origin (no-referrer)", site="same-origin", origin="null"),
    _allow("same-origin, fallback deny", site="same-origin", fallback="deny"),
    _deny("same-origin, foreign Origin", "OriginMismatch", site="same-origin", origin=FOREIGN),
    _deny("same-origin, sibling Origin", "OriginMismatch", site="same-origin", origin=SIBLING),
    _deny(
        "same-origin, http Origin", "OriginMismatch", site="same-origin", origin=f"http://{HOST}"
    ),
    _deny("same-origin, other port", "OriginMismatch", site="same-origin", origin=f"{OWN}:8443"),
    _deny("same-origin, empty Origin", "MalformedOrigin", site="same-origin", origin=""),
    _deny("same-origin, garbage Origin", "MalformedOrigin", site="same-origin", origin="garbage"),
    _deny(
        "same-origin, userinfo in Origin",
        "MalformedOrigin",
        site="same-origin",
        origin=f"https://user:secret@{HOST}",
    ),
    _deny(
        "same-origin, own Origin twice",
        "MalformedOrigin",
        site="same-origin",
        origin=f"{OWN}, {OWN}",
    ),
    _deny(
        "same-origin behind a proxy that hides https",
        "OriginMismatch",
        site="same-origin",
        origin=OWN,
        scheme="http",
    ),
    # The browser says two things that cannot both be true; trust in the second one settles nothing.
    _deny("same-origin, trusted Origin", "OriginMismatch", site="same-origin", origin=EXACT),
]

_NONE = [
    _allow("none, no Origin (address bar)", site="none"),
    _allow("none, own Origin", site="none", origin=OWN),
    _allow("none, null Origin", site="none", origin="null"),
    _allow("none, trusted Origin", site="none", origin=EXACT),
    _token("none, Django's trusted Origin", site="none", origin=LEGACY),
    _allow("none, fallback deny", site="none", fallback="deny"),
    _deny("none, foreign Origin", "OriginMismatch", site="none", origin=FOREIGN),
    _deny("none, malformed Origin", "MalformedOrigin", site="none", origin="https://"),
]

_SAME_SITE = [
    _deny("same-site, no Origin", "SameSite", site="same-site"),
    _deny("same-site, sibling Origin", "SameSite", site="same-site", origin=SIBLING),
    _deny("same-site, own Origin (a redirect's chain)", "SameSite", site="same-site", origin=OWN),
    _deny("same-site, null Origin", "SameSite", site="same-site", origin="null"),
    _deny(
        "same-site, dangerously_allow", "SameSite", site="same-site", fallback="dangerously_allow"
    ),
    _allow("same-site, trusted Origin", site="same-site", origin=EXACT),
    _token("same-site, Django's trusted Origin", site="same-site", origin=LEGACY),
]

_CROSS_SITE = [
    _deny("cross-site, no Origin", "CrossSite", site="cross-site"),
    _deny("cross-site, foreign Origin", "CrossSite", site="cross-site", origin=FOREIGN),
    _deny("cross-site, own Origin", "CrossSite", site="cross-site", origin=OWN),
    _deny("cross-site, null Origin (sandbox)", "CrossSite", site="cross-site", origin="null"),
    _deny("cross-site, malformed Origin", "CrossSite", site="cross-site", origin="https:///x"),
    _deny(
        "cross-site, dangerously_allow",
        "CrossSite",
        site="cross-site",
        origin=FOREIGN,
        fallback="dangerously_allow",
    ),
    _allow("cross-site, trusted Origin", site="cross-site", origin=EXACT),
    _allow(
        "cross-site, trusted by wildcard", site="cross-site", origin="https://eu.cdn.example.org"
    ),
    _allow(
        "cross-site, trusted by wildcard, two labels",
        site="cross-site",
        origin="https://a.eu.cdn.example.org",
    ),
    _allow(
        "cross-site, trusted with its port",
        site="cross-site",
        origin="https://partner.example.org:8443",
    ),
    _deny(
        "cross-site, trusted host on another port",
        "CrossSite",
        site="cross-site",
        origin="https://partner.example.org",
    ),
    _deny(
        "cross-site, trusted host over http",
        "CrossSite",
        site="cross-site",
        origin=EXACT.replace("https", "http"),
    ),
    _deny(
        "cross-site, the wildcard's own domain",
        "CrossSite",
        site="cross-site",
        origin="https://cdn.example.org",
    ),
    _deny(
        "cross-site, a suffix without the dot",
        "CrossSite",
        site="cross-site",
        origin="https://evilcdn.example.org",
    ),
    _deny(
        "cross-site, trusted host as a prefix",
        "CrossSite",
        site="cross-site",
        origin=f"{EXACT}.evil.example",
    ),
    _deny(
        "cross-site, wildcard written out",
        "CrossSite",
        site="cross-site",
        origin=WILDCARD,
    ),
    _token("cross-site, Django's trusted Origin", site="cross-site", origin=LEGACY),
    _token(
        "cross-site, Django's trusted Origin, fallback deny",
        site="cross-site",
        origin=LEGACY,
        fallback="deny",
    ),
    _token(
        "cross-site, Django's trusted Origin, dangerously_allow",
        site="cross-site",
        origin=LEGACY,
        fallback="dangerously_allow",
    ),
    _token("cross-site, Django's wildcard", site="cross-site", origin="https://a.old.example.org"),
    # django.middleware.csrf.is_same_domain: ".old.example.org" covers "old.example.org" too.
    _token(
        "cross-site, the domain of Django's wildcard",
        site="cross-site",
        origin="https://old.example.org",
    ),
]

_UNKNOWN_SITE = [
    _deny(f"Sec-Fetch-Site {what}", "InvalidFetchSite", site=value, origin=OWN, wire=wire)
    for what, value, wire in (
        ("unknown", "same-planet", True),
        ("empty", "", True),
        ("in upper case", "SAME-ORIGIN", True),
        ("twice the same", "same-origin, same-origin", True),
        ("twice, joined without a space", "same-origin,same-origin", True),
        ("twice, contradicting", "same-origin, cross-site", True),
        ("with a parameter", "same-origin;v=1", True),
        ("quoted", '"same-origin"', True),
        ("with an inner space", "same- origin", True),
        ("with a no-break space behind it", "same-origin\xa0", False),
        ("with a space before it", " same-origin", False),
        ("with a tab behind it", "same-origin\t", False),
        ("in latin-1", "same-\xf6rigin", True),
        ("very long", "same-origin" * 200, True),
    )
] + [
    _deny("Sec-Fetch-Site unknown, no Origin", "InvalidFetchSite", site="x"),
    _deny("Sec-Fetch-Site unknown, foreign Origin", "InvalidFetchSite", site="x", origin=FOREIGN),
    _allow("Sec-Fetch-Site unknown, trusted Origin", site="x", origin=EXACT),
    _token("Sec-Fetch-Site unknown, Django's trusted Origin", site="x", origin=LEGACY),
    _deny(
        "Sec-Fetch-Site empty, dangerously_allow",
        "InvalidFetchSite",
        site="",
        fallback="dangerously_allow",
    ),
]

_ORIGIN_ONLY = [
    _allow("own Origin", origin=OWN),
    _allow("own Origin, fallback deny", origin=OWN, fallback="deny"),
    _allow("own Origin with its default port", origin=f"{OWN}:443"),
    _allow("own Origin, port in Host", origin=f"{OWN}:8443", host=f"{HOST}:8443"),
    _allow("own Origin, default port in Host", origin=OWN, host=f"{HOST}:443"),
    _allow("own Origin, Host in upper case", origin=OWN, host=HOST.upper()),
    _allow("own Origin over http", origin=f"http://{HOST}", scheme="http"),
    _allow(
        "own Origin over http on port 8000",
        origin=f"http://{HOST}:8000",
        scheme="http",
        host=f"{HOST}:8000",
    ),
    _allow(
        "own Origin, IPv6 address", origin="http://[::1]:8000", scheme="http", host="[::1]:8000"
    ),
    _allow(
        "own Origin, IPv4 address",
        origin="http://127.0.0.1:8000",
        scheme="http",
        host="127.0.0.1:8000",
    ),
    _allow("trusted Origin", origin=EXACT),
    _allow("trusted by wildcard", origin="https://eu.cdn.example.org"),
    _allow("trusted Origin, fallback deny", origin=EXACT, fallback="deny"),
    _token("Django's trusted Origin", origin=LEGACY),
    _token("Django's trusted Origin, fallback deny", origin=LEGACY, fallback="deny"),
    _token("Django's trusted wildcard", origin="https://a.old.example.org"),
    _deny("null Origin", "NullOrigin", origin="null"),
    _deny(
        "null Origin, dangerously_allow", "NullOrigin", origin="null", fallback="dangerously_allow"
    ),
    *(
        _deny(what, "OriginMismatch", origin=origin)
        for what, origin in (
            ("foreign Origin", FOREIGN),
            ("sibling Origin", SIBLING),
            ("parent Origin", "https://example.com"),
            ("child Origin", f"https://a.{HOST}"),
            ("own host over http", f"http://{HOST}"),
            ("own host on another port", f"{OWN}:8443"),
            ("own host on port 80 over https", f"{OWN}:80"),
            ("own host with a trailing dot", f"{OWN}."),
            ("own host as a prefix", f"{OWN}.attacker.example.net"),
            ("own host as a suffix", f"https://evil{HOST}"),
            ("IDN look-alike in its ASCII form", "https://www.xn--exmple-cua.com"),
            ("extension's Origin", "chrome-extension://abcdefghijklmnop"),
            ("another scheme", f"wss://{HOST}"),
            ("Django's trusted host over http", LEGACY.replace("https", "http")),
            ("Django's trusted host as a prefix", f"{LEGACY}.attacker.example.net"),
        )
    ),
    _deny("foreign Origin, fallback deny", "OriginMismatch", origin=FOREIGN, fallback="deny"),
    _deny(
        "foreign Origin, dangerously_allow",
        "OriginMismatch",
        origin=FOREIGN,
        fallback="dangerously_allow",
    ),
    _deny("own host, port of Host missing", "OriginMismatch", origin=OWN, host=f"{HOST}:8443"),
    _deny("https Origin to an http site", "OriginMismatch", origin=OWN, scheme="http"),
    _deny(
        "https Origin to an http site on port 443",
        "OriginMismatch",
        origin=OWN,
        scheme="http",
        host=f"{HOST}:443",
    ),
]

_MALFORMED = [
    _deny(f"Origin {what}", "MalformedOrigin", origin=origin, wire=wire)
    for what, origin, wire in (
        ("empty", "", True),
        ("garbage", "garbage", True),
        ("without a scheme", HOST, True),
        ("without a scheme, with slashes", f"//{HOST}", True),
        ("without slashes", f"https:{HOST}", True),
        ("without a host", "https://", True),
        ("with a slash behind it", f"{OWN}/", True),
        ("with a path", f"{OWN}/page", True),
        ("with a query", f"{OWN}?x", True),
        ("with a fragment", f"{OWN}#x", True),
        ("with userinfo", f"https://user@{HOST}", True),
        ("with an own-looking userinfo", f"{OWN}@attacker.example.net", True),
        ("with an empty port", f"{OWN}:", True),
        ("with a port out of range", f"{OWN}:65536", True),
        ("with port 0", f"{OWN}:0", True),
        ("with a port that is no number", f"{OWN}:https", True),
        ("with two ports", f"{OWN}:443:443", True),
        ("with a signed port", f"{OWN}:+443", True),
        ("with a backslash", f"{OWN}\\@attacker.example.net", True),
        ("percent-encoded", "https://www%2eexample.com", True),
        ("with a tab inside", "https://www.exam\tple.com", True),
        ("with a space inside", "https://www.exam ple.com", True),
        ("with a space behind it", f"{OWN} ", False),
        ("with a newline behind it", f"{OWN}\n", False),
        ("with a NUL", f"{OWN}\x00", False),
        ("IDN", "https://www.ex\xe4mple.com", True),
        ("IDN as a server decodes UTF-8", "https://www.ex\xc3\xa4mple.com", True),
        ("with a wide full stop", "https://www\u3002example.com", False),
        ("with wide digits as its port", f"{OWN}:\uff14\uff14\uff13", False),
        ("with a surrogate", f"{OWN}\udcff", False),
        ("with the long s that lower() folds", "http\u017f://www.example.com", False),
        ("with an open bracket", "https://[::1", True),
        ("with text behind the bracket", "https://[::1]x", True),
        ("with an IPv6 zone", "https://[fe80::1%25eth0]", True),
        ("oversized host", f"https://{'a.' * 4000}example.com", True),
        ("oversized, own in front", OWN + "a" * 5000, True),
        ("with a label of 64", f"https://{'a' * 64}.example.com", True),
        ("twice", f"{OWN}, {OWN}", True),
        ("twice, joined without a space", f"{OWN},{OWN}", True),
        ("twice, space-separated", f"{OWN} {OWN}", True),
        ("null twice", "null, null", True),
        ("with an empty label", "https://www..example.com", True),
    )
] + [
    # RFC 6454 writes "null" in lower case alone; whoever writes it otherwise is no browser.
    _deny(
        "Origin malformed, dangerously_allow",
        "MalformedOrigin",
        origin="x",
        fallback="dangerously_allow",
    ),
    _deny("Origin malformed, fallback deny", "MalformedOrigin", origin="x", fallback="deny"),
]

_NEITHER = [
    _token("neither header"),
    _token("neither header, over http", scheme="http"),
    _token("neither header, port in Host", host=f"{HOST}:8443"),
    _deny("neither header, fallback deny", "MissingOrigin", fallback="deny"),
    _deny(
        "neither header, fallback deny, DELETE", "MissingOrigin", method="DELETE", fallback="deny"
    ),
    _allow("neither header, dangerously_allow", fallback="dangerously_allow"),
]

ROWS: tuple[Row, ...] = tuple(
    _SAFE
    + _METHODS
    + _SAME_ORIGIN
    + _NONE
    + _SAME_SITE
    + _CROSS_SITE
    + _UNKNOWN_SITE
    + _ORIGIN_ONLY
    + _MALFORMED
    + _NEITHER
)
