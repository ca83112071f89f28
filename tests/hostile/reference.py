"""What a hostile request is to be answered with, worked out without ringfence's code.

Origins are taken apart by ``urllib.parse`` and ``ipaddress`` behind a filter of characters, hosts
by cutting strings, cookies by splitting; nothing here is imported from the package under test.

Where a standard leaves an answer open (an empty element in a list of header names), the reference
says None and any answer below 500 will do.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

DOMAIN = "www.example.com"
SHOP = "shop.example"
SECRET = "k" * 32  # any 32 letters and digits, the same in cookie and header

#: RINGFENCE["csrf"]["trusted_origins"], CSRF_TRUSTED_ORIGINS, RINGFENCE["cors"]["origins"].
TRUSTED = ("https://checkout.partner.example.org", "https://*.cdn.example.org")
TOKEN_TRUSTED = ("https://legacy.example.org",)
READERS = (
    "https://app.example.net",
    "https://*.widgets.example.net",
    "https://app.example.net:8443",
)
CORS_METHODS = ("GET", "POST", "PUT")
CORS_HEADERS = ("content-type", "x-requested-with")

SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
_DEFAULT = {"http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21}
_NAME = re.compile(r"(?:[a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?", re.ASCII)
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+", re.ASCII)

Parts = tuple[str, str, int]


def parts_of(text: str) -> Parts | None:
    """Return scheme, host and port of a serialised origin, None for anything else."""
    # A host has 253 characters, a port 5, "://" and ":" 4; 32 are left for the scheme.
    if len(text) > 294 or any(not "\x21" <= character <= "\x7e" for character in text):
        return None
    if set(text) & set("\\@?#%<>\"'^`{}|") or text.count("/") != 2:
        return None
    try:
        split = urlsplit(text)
        port = split.port
    except ValueError:
        return None
    host = split.hostname or ""
    if not split.scheme or not host or split.path or split.geturl().lower() != text.lower():
        return None
    tail = split.netloc.rpartition("]")[2].partition(":")
    if tail[1] and not 1 <= len(tail[2]) <= 5:
        return None
    if port == 0:
        return None
    if split.netloc.startswith("["):
        if tail[0]:
            return None
        try:
            host = f"[{ipaddress.IPv6Address(host).compressed}]"
        except ValueError:
            return None
    elif len(host) > 253 or not _NAME.fullmatch(host):
        return None
    return split.scheme, host, _DEFAULT.get(split.scheme, 0) if port is None else port


def is_listed(parts: Parts | None, patterns: tuple[str, ...]) -> bool:
    """Return whether one of the patterns covers the origin."""
    if parts is None:
        return False
    for pattern in patterns:
        wanted = parts_of(pattern.replace("*.", ""))
        assert wanted is not None
        if "*" in pattern:
            same_rest = (parts[0], parts[2]) == (wanted[0], wanted[2])
            if same_rest and parts[1].endswith("." + wanted[1]):
                return True
        elif parts == wanted:
            return True
    return False


def is_host_allowed(host: str) -> bool:
    """Return whether ALLOWED_HOSTS (the domain, the shop and what is below it) has the host."""
    name, colon, port = host.lower().partition(":")
    if colon and not (port and all(character in "0123456789" for character in port)):
        return False
    if set(name) - set("abcdefghijklmnopqrstuvwxyz0123456789.-"):
        return False
    name = name.removesuffix(".")
    return name in (DOMAIN, SHOP) or name.endswith("." + SHOP)


def cookies_of(header: str | None) -> dict[str, str]:
    """Return the cookies by name; the last of a name counts."""
    pairs = (pair.partition("=") for pair in (header or "").split(";"))
    return {
        name.strip(): value.strip().removeprefix('"').removesuffix('"')
        for name, equals, value in pairs
        if equals
    }


@dataclass(frozen=True, slots=True)
class Request:
    """The generated request: its scheme, method, and headers by their lower-case names."""

    number: int
    scheme: str
    method: str
    headers: Mapping[str, str]

    @property
    def host(self) -> str:
        """The host that the request was sent to; the server's own name where none was sent."""
        return self.headers.get("host", DOMAIN)

    @property
    def is_preflight(self) -> bool:
        """Fetch, "CORS-preflight request"."""
        return (
            self.method == "OPTIONS"
            and "origin" in self.headers
            and "access-control-request-method" in self.headers
        )


@dataclass(frozen=True, slots=True)
class Expected:
    """The reference's answer; None where it has no opinion."""

    host_allowed: bool
    csrf: str
    cors_origin: str | None
    isolated: bool | None
    status: int | None


def csrf_of(request: Request) -> str:
    """Return "allow", "deny" or "token" (the order of decision that the documentation states)."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if request.method in SAFE:
        return "allow"
    if site is None and origin is None:
        return "token"
    parts = None if origin is None else parts_of(origin)
    is_own = parts is not None and parts == parts_of(f"{request.scheme}://{request.host.lower()}")
    trust = (
        "allow"
        if is_listed(parts, TRUSTED)
        else "token"
        if is_listed(parts, TOKEN_TRUSTED)
        else "deny"
    )
    if site is None:
        return "allow" if is_own else trust
    if site in ("same-origin", "none") and (origin is None or origin == "null" or is_own):
        return "allow"
    return "deny" if site == "same-origin" else trust


def token_accepts(request: Request) -> bool | None:
    """Return what Django's token and Referer check says; None for a Referer hard to read."""
    headers = request.headers
    cookie = cookies_of(headers.get("cookie")).get("csrftoken")
    if not cookie or not re.fullmatch(r"[a-zA-Z0-9]{32}", cookie, re.ASCII):
        return False
    if headers.get("x-csrftoken") != cookie:
        return False
    if "origin" in headers or request.scheme == "http":
        return True
    referer = headers.get("referer")
    if referer is None or not referer.lower().startswith("https://"):
        # urlsplit() forgives a tab in the scheme and what surrounds it.
        return None if referer and not referer.isprintable() else False
    rest = referer[len("https://") :]
    netloc = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if re.search(r"[^a-z0-9.:-]", netloc):
        # Django folds the case of one side only; browsers send no capitals there.
        return None
    good = {request.host.lower(), *(origin.partition("://")[2] for origin in TOKEN_TRUSTED)}
    return netloc in good if netloc else False


def preflight_passes(request: Request) -> bool | None:
    """Return whether a browser may go on after this preflight."""
    headers = request.headers
    if not is_listed(parts_of(headers["origin"]), READERS):
        return False
    if headers["access-control-request-method"] not in {*CORS_METHODS, "GET", "HEAD", "POST"}:
        return False
    asked = headers.get("access-control-request-headers")
    if asked is None:
        return True
    names = [name.strip(" \t") for name in asked.split(",")]
    if any(name and not _TOKEN.fullmatch(name) for name in names):
        return False
    if any(name and name.lower() not in CORS_HEADERS for name in names):
        return False
    # RFC 9110, section 5.6.1: empty elements are for the recipient to forgive, or not; and no
    # browser sends a name twice, in capitals or out of order.
    return True if all(names) and names == sorted({name.lower() for name in names}) else None


def isolated(request: Request, *, readable: bool) -> bool | None:
    """Return whether resource isolation refuses the request."""
    headers = request.headers
    site = headers.get("sec-fetch-site")
    if site in (None, "same-origin", "none", "same-site") or readable:
        return False
    if "sessionid" not in cookies_of(headers.get("cookie")):
        return False
    mode, dest = headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest")
    top_level = mode == "navigate" and dest == "document"
    if site != "cross-site":
        return None
    if top_level:
        return False if request.method in ("GET", "HEAD", "POST") else None
    return None if mode == "navigate" and dest in (None, "empty") else True


def expected(request: Request) -> Expected:
    """Return what the whole of the fence is to answer."""
    origin = request.headers.get("origin")
    readable = origin is not None and is_listed(parts_of(origin), READERS)
    csrf = csrf_of(request)
    if not is_host_allowed(request.host):
        # An error answer is for the allowed reader's eyes as any other is.
        return Expected(
            host_allowed=False,
            csrf=csrf,
            cors_origin=origin if readable else None,
            isolated=None,
            status=400,
        )
    if request.is_preflight:
        passes = preflight_passes(request)
        return Expected(
            host_allowed=True,
            csrf=csrf,
            cors_origin=origin if passes else None,
            isolated=None,
            status=None if passes is None else 204 if passes else 403,
        )
    refused = isolated(request, readable=readable)
    accepted = token_accepts(request) if csrf == "token" else csrf == "allow"
    if refused or accepted is False:
        status: int | None = 403
    else:
        status = None if refused is None or accepted is None else 200
    return Expected(
        host_allowed=True,
        csrf=csrf,
        cors_origin=origin if readable else None,
        isolated=refused,
        status=status,
    )
