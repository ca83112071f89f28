"""Ask one site, and keep what it answered: a bounded number of requests, none of which changes it.

Only ``GET``, ``OPTIONS`` and ``TRACE`` are sent, one after the other, and only to the host that was
named: a redirect to another one is kept and not followed. What an answer means is for the rules.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from typing import Final
from urllib.parse import urljoin

from ringfence.audit.collect.live import probes
from ringfence.audit.collect.live.certificates import inspect, unverified
from ringfence.audit.collect.live.links import Link, links
from ringfence.audit.collect.live.surveyor import EnoughError, Request, Surveyor
from ringfence.audit.collect.live.wire import Answer, Target, UnreachableError, ask, parse
from ringfence.audit.model import Live, Response, Skipped, Tls

__all__ = ["PAGES", "Surveyed", "look_around", "survey"]

#: Pages of one site that are looked at.
PAGES: Final = 12
_REDIRECTS: Final = 5
_ASSETS: Final = 5
_FOLDERS: Final = 2
#: Pages beside the first that CORS is tried on.
_CORS_TOO: Final = 2
_REDIRECTING: Final = frozenset({301, 302, 303, 307, 308})


@dataclass(slots=True)
class Surveyed:
    """What came of it: the facts, if there are any, and what was not read, and why."""

    live: Live | None = None
    skipped: list[Skipped] = field(default_factory=list)


def survey(target: Target, paths: Sequence[str]) -> Surveyed:
    """Ask the site at ``target`` for its pages at ``paths``, and for what sites should not have."""
    result = Surveyed()
    tls: Tls | None = None
    context = None
    try:
        if target.scheme == "https":
            tls = inspect(target)
            context = unverified() if tls.problem else None
        first = ask(target, paths[0], context=context, limit=0)
    except UnreachableError as error:
        result.skipped.append(Skipped(target.origin + paths[0], str(error)))
        return result
    moved = _moved(target, target.origin + paths[0], first)
    surveyor = Surveyor(target, context)
    surveyor.asked = 1
    if moved is not None and moved.scheme == "https" and target.scheme == "http":
        # What answers is the site over https; what was named is the way there.
        surveyor.get(Request(paths[0], "plain", target=target))
        try:
            tls = inspect(moved)
        except UnreachableError as error:
            result.skipped.append(Skipped(moved.origin + paths[0], str(error)))
            return result
        target = surveyor.target = moved
        surveyor.context = unverified() if tls.problem else None
    _in_order(surveyor, paths, result)
    result.live = Live(target.origin, tuple(surveyor.kept), tls)
    return result


def _in_order(surveyor: Surveyor, paths: Sequence[str], result: Surveyed) -> None:
    target = surveyor.target
    try:
        pages = [page for path in paths[:PAGES] if (page := _page(surveyor, path, result))]
        if not pages:
            return
        # What probes are compared with is best one that is there.
        pages.sort(key=lambda page: page.status >= 300)
        path = pages[0].url.removeprefix(target.origin)
        surveyor.get(Request(path, "again"))
        known_plain = any(each.role == "plain" for each in surveyor.kept)
        if target.scheme == "https" and target.port == 443 and not known_plain:
            surveyor.get(Request(path, "plain", target=Target("http", target.host, 80)))
        look_around(surveyor, path, pages)
    except EnoughError as enough:
        if str(enough):
            result.skipped.append(Skipped(target.origin, f"read in part: {enough}"))


def look_around(surveyor: Surveyor, path: str, pages: Sequence[Response]) -> None:
    """Ask for all that is no page; ``path`` is that of a page that is there."""
    surveyor.get(Request("/no-such-page-for-ringfence/", "missing", busted=True))
    _hosts(surveyor, path)
    _origins(surveyor, path, pages[1 : 1 + _CORS_TOO])
    mark = secrets.token_hex(8)
    surveyor.get(Request(path, "trace", method="TRACE", headers={"X-Ringfence": mark}, sent=mark))
    _admin(surveyor)
    _assets(surveyor, pages)
    for each in probes.DEBUG:
        surveyor.get(Request(each, "debug"))
    for each in probes.FILES:
        surveyor.get(Request(each, "file"))


def _page(surveyor: Surveyor, path: str, result: Surveyed) -> Response | None:
    """Return the page at ``path``, or the one that it redirects to on the same origin."""
    target = surveyor.target
    for _ in range(_REDIRECTS + 1):
        page = surveyor.get(Request(path, "page"))
        if page is None:
            result.skipped.append(Skipped(target.origin + path, "it gave no answer"))
            return None
        if page.status not in _REDIRECTING or not page.get("location"):
            return page
        surveyor.kept[-1] = _as_hop(page)
        there = _there(page.url, page.get("location"))
        if there is None or there[0].origin != target.origin:
            said = "it redirects to another origin, which can be named by --url"
            result.skipped.append(Skipped(target.origin + path, said))
            return None
        path = there[1]
    result.skipped.append(Skipped(target.origin + path, f"more than {_REDIRECTS} redirects"))
    return None


def _as_hop(page: Response) -> Response:
    return Response(page.url, "hop", page.status, page.headers, "", page.method)


def _there(url: str, location: str) -> tuple[Target, str] | None:
    try:
        return parse(urljoin(url, location))
    except (UnreachableError, ValueError):
        return None


def _moved(target: Target, url: str, first: Answer) -> Target | None:
    """Return the origin that the first answer redirects to, if it is of the same host."""
    location = next((value for name, value in first.headers if name.lower() == "location"), "")
    if first.status not in _REDIRECTING or not location:
        return None
    there = _there(url, location)
    if there is None or there[0].host != target.host:
        return None
    return replace(there[0], address=target.address, trust=target.trust)


def _hosts(surveyor: Surveyor, path: str) -> None:
    foreign = probes.FOREIGN
    surveyor.get(Request(path, "host", headers={"Host": foreign}, sent=foreign, busted=True))
    surveyor.get(
        Request(path, "forwarded", headers={"X-Forwarded-Host": foreign}, sent=foreign, busted=True)
    )


def _origins(surveyor: Surveyor, path: str, others: Sequence[Response]) -> None:
    """Try every origin on the first page, and on the others where they speak CORS at all."""
    target = surveyor.target
    tried = probes.origins(target.scheme, target.host, target.netloc)
    for origin in tried:
        _from(surveyor, path, origin)
    for page in others:
        own = page.url.removeprefix(target.origin)
        answer = _from(surveyor, own, tried[0])
        if answer is not None and answer.get("access-control-allow-origin"):
            for origin in tried[1:]:
                _from(surveyor, own, origin)
    asks = {"Origin": tried[0], "Access-Control-Request-Method": "PUT"}
    request = Request(path, "preflight", "OPTIONS", asks, sent=tried[0], busted=True)
    surveyor.get(request)


def _from(surveyor: Surveyor, path: str, origin: str) -> Response | None:
    headers = {"Origin": origin}
    return surveyor.get(Request(path, "cors", headers=headers, sent=origin, busted=True))


def _admin(surveyor: Surveyor) -> None:
    answer = surveyor.get(Request("/admin/", "admin"))
    if answer is not None and answer.status in _REDIRECTING:
        there = _there(answer.url, answer.get("location"))
        if there is not None and there[1].startswith("/admin/login/"):
            surveyor.get(Request("/admin/login/", "admin"))


def _assets(surveyor: Surveyor, pages: Sequence[Response]) -> None:
    origin = surveyor.target.origin
    found = {
        link.url: link
        for page in pages
        for link in links(origin, page.url, page.body)
        if page.status == 200
    }
    chosen = list(found.values())
    for link in [each for each in chosen if each.kind == "login"][:1]:
        surveyor.get(Request(_path(link.url), "page"))
    seen: Counter[str] = Counter()
    ranked: list[tuple[int, Link]] = []
    for link in chosen:
        if link.kind != "login":
            ranked.append((seen[link.kind], link))
            seen[link.kind] += 1
    # One of each kind first.
    ranked.sort(key=itemgetter(0))
    folders: dict[str, None] = {}
    maps: dict[str, None] = {}
    for _, link in ranked[:_ASSETS]:
        path = _path(link.url)
        answer = surveyor.get(Request(path, "asset", kind=link.kind))
        folders.setdefault(path.partition("?")[0].rpartition("/")[0] + "/")
        if answer is not None and link.kind != "image":
            at = answer.body.rfind("sourceMappingURL=")
            named = answer.body[at + 17 : at + 500].split(maxsplit=1)[:1] if at >= 0 else []
            there = _there(link.url, named[0]) if named else None
            if there is not None and there[0].origin == surveyor.target.origin:
                maps.setdefault(there[1])
    for path in list(maps)[:_FOLDERS]:
        surveyor.get(Request(path, "map"))
    for path in [each for each in folders if each != "/"][:_FOLDERS]:
        surveyor.get(Request(path, "folder"))


def _path(url: str) -> str:
    return parse(url)[1]
