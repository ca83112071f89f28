"""What the rules on answers of sites share. Values of cookies are never in what they say."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from ringfence.audit.model import Hit, Live, Place, Project, Response, Rule
from ringfence.finding import Confidence, Severity

__all__ = [
    "HIGH",
    "LOW",
    "MEDIUM",
    "Cookie",
    "cookies",
    "cookies_of",
    "directives",
    "files",
    "has_name",
    "hit",
    "host_of",
    "is_html",
    "is_local",
    "is_nosniff",
    "is_shared",
    "lacking",
    "live",
    "pages",
    "place",
    "reflects",
    "title_of",
]

HIGH, MEDIUM, LOW = Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW

_HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
#: What sites set cookies with: no answer to a probe that a browser could not send.
_ORDINARY: Final = ("login", "page", "private", "hop", "again", "missing", "admin")


class Cookie(NamedTuple):
    """A cookie that a site sets, without its value; ``kind``: ``"session"``, ``"csrf"``, ""."""

    name: str
    attributes: Mapping[str, str]
    kind: str
    response: Response


def live(code: str, check: Callable[[Live], Iterable[Hit]]) -> Rule:
    """Return the rule that asks ``check`` about each site."""

    def of_project(project: Project) -> Iterator[Hit]:
        for site in project.live:
            yield from check(site)

    return Rule(code, "live", of_project)


def place(response: Response, header: str = "") -> Place:
    """Return where an answer stands: the URL, the method, and the header that it is about."""
    return Place(response.url, 0, scope=f"{response.method} {header}".strip())


def hit(
    response: Response,
    header: str,
    reason: str,
    fix: str,
    confidence: Confidence = HIGH,
    severity: Severity | None = None,
) -> Hit:
    """Return what was found in an answer."""
    return Hit(place(response, header), reason, fix, confidence, severity)


def is_html(response: Response) -> bool:
    """Whether a browser shows it as a page."""
    return response.media_type in _HTML


def pages(site: Live) -> list[Response]:
    """Return the pages that a visitor gets."""
    found = site.of("page", "private")
    return [each for each in found if each.status < 300 and is_html(each)]


def lacking(
    found: Iterable[Response],
    header: str,
    reason: str,
    fix: str,
    confidence: Confidence = HIGH,
    severity: Severity | None = None,
) -> Iterator[Hit]:
    """Yield one hit for all of ``found``: at the first, with the number of the others."""
    together = list({each.url: each for each in found}.values())
    if together:
        others = len(together) - 1
        said = f"{reason} (The same of {others} more.)" if others else reason
        yield hit(together[0], header, said, fix, confidence, severity)


def is_nosniff(response: Response) -> bool:
    """Whether browsers keep to its type (Fetch, section "X-Content-Type-Options header")."""
    return response.get("x-content-type-options").partition(",")[0].strip().lower() == "nosniff"


def directives(response: Response, name: str) -> dict[str, str]:
    """Return the parts of a header like Cache-Control, by their lower-case names."""
    parts = (part.strip().partition("=") for part in response.get(name).split(","))
    return {key.strip().lower(): value.strip().strip('"') for key, _, value in parts if key}


def host_of(url: str) -> str:
    """Return the host of a URL, "" if it has none.

    >>> host_of("https://a.example:8443/x"), host_of("/x")
    ('a.example', '')
    """
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def is_local(site: Live) -> bool:
    """Whether it is on the machine that asks; the sandbox stands for the site elsewhere."""
    host = host_of(site.origin)
    if site.sandbox:
        return False
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def has_name(site: Live) -> bool:
    """Whether HSTS can hold for it: never for an address (RFC 6797, section 8.1.1), or locally."""
    try:
        ipaddress.ip_address(host_of(site.origin))
    except ValueError:
        return not is_local(site)
    return False


def reflects(response: Response) -> bool:
    """Whether the host that a probe sent stands in a redirect, or in a link of the page."""
    if response.status >= 400:
        return False
    named = host_of(response.get("location")) == response.sent
    return named or f"//{response.sent}" in response.body


def title_of(response: Response) -> str:
    """Return the page's title, "" if it has none."""
    start = response.body.find("<title")
    start = response.body.find(">", start) + 1 if start >= 0 else 0
    end = response.body.find("</title", start) if start else -1
    return " ".join(response.body[start:end].split())[:200] if end > start else ""


def is_shared(response: Response) -> bool:
    """Whether shared caches are told to keep it (RFC 9111, sections 3 and 5.2.2)."""
    said = directives(response, "cache-control")
    if {"private", "no-store", "no-cache"} & said.keys():
        return False
    lifetime = said.get("s-maxage", said.get("max-age", ""))
    return "public" in said or (lifetime.isdigit() and int(lifetime[:9]) > 0)


def cookies(site: Live) -> Iterator[Cookie]:
    """Yield each cookie that the site sets, once."""
    seen: set[str] = set()
    for response in site.of(*_ORDINARY):
        for cookie in cookies_of(site, response):
            if cookie.name not in seen:
                seen.add(cookie.name)
                yield cookie


def cookies_of(site: Live, response: Response) -> Iterator[Cookie]:
    """Yield what one answer sets, without what it deletes."""
    for field in response.all("set-cookie"):
        pair, *rest = field.split(";")
        name, _, value = pair.partition("=")
        parts = (part.strip().partition("=") for part in rest)
        attributes = {key.strip().lower(): given.strip() for key, _, given in parts}
        # What is emptied is being deleted.
        if value.strip().strip('"'):
            yield Cookie(name.strip(), attributes, _kind(site, name.strip()), response)


def _kind(site: Live, name: str) -> str:
    bare = name.removeprefix("__Host-").removeprefix("__Secure-")
    if bare == site.session_cookie or bare.lower() in ("session", "session_id"):
        return "session"
    return "csrf" if bare == site.csrf_cookie else ""


def files(site: Live, *paths: str) -> Iterator[Response]:
    """Yield the files of these paths that the site hands out, and not a page in their place."""
    for response in site.of("file"):
        found = response.status == 200 and not is_html(response) and response.body
        if found and urlsplit(response.url).path in paths:
            yield response
