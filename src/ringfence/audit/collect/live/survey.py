"""Ask one site, and keep what it answered: a bounded number of requests, none of which changes it.

Only ``GET``, ``OPTIONS`` and ``TRACE`` are sent, one after the other, and only to the host that was
named: a redirect to another one is kept and not followed. What an answer means is for the rules.
"""

from __future__ import annotations

import secrets
import ssl
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Final
from urllib.parse import urljoin

from ringfence.audit.collect.live import probes
from ringfence.audit.collect.live.certificates import inspect, unverified
from ringfence.audit.collect.live.links import Link, links, policies
from ringfence.audit.collect.live.wire import Answer, Target, UnreachableError, ask, parse
from ringfence.audit.model import Live, Response, Skipped, Tls

__all__ = ["PAGES", "REQUESTS", "SECONDS", "Surveyed", "Surveyor", "survey"]

#: Requests to one site, and seconds for all of them.
REQUESTS: Final = 60
SECONDS: Final = 120.0
#: Pages of one site that are looked at.
PAGES: Final = 12
_REDIRECTS: Final = 5
_ASSETS: Final = 5
_FOLDERS: Final = 2
#: After so many requests in a row without an answer the site is left alone.
_PATIENCE: Final = 3
_REDIRECTING: Final = frozenset({301, 302, 303, 307, 308})
#: What is looked through to its end; of all else bytes of the beginning are kept.
_WHOLE: Final = frozenset({"page", "private", "asset"})
_BEGINNING: Final = 64 * 1024


@dataclass(slots=True)
class Surveyed:
    """What came of it: the facts, if there are any, and what was not read, and why."""

    live: Live | None = None
    skipped: list[Skipped] = field(default_factory=list)


class _EnoughError(Exception):
    """No more requests: the message says why, "" where the budget is spent."""


class Surveyor:
    """Asks one host, within what it may take, and keeps the answers."""

    def __init__(
        self, target: Target, shown: str, context: ssl.SSLContext | None, cookie: str = ""
    ) -> None:
        self.target = target
        self.context = context
        self.cookie = cookie
        self.kept: list[Response] = []
        self.asked = 0
        self._shown = shown
        self._failed = 0
        self._deadline = time.monotonic() + SECONDS

    def get(
        self,
        path: str,
        role: str,
        *,
        target: Target | None = None,
        method: str = "GET",
        headers: dict[str, str] | None = None,
        sent: str = "",
        kind: str = "",
        busted: bool = False,
    ) -> Response | None:
        """Ask for ``path``, keep the answer and return it; None if there is none.

        ``busted`` asks in a way that no cache answers, or keeps the answer for others.

        :raises _EnoughError: where nothing more may be asked.
        """
        if self.asked >= REQUESTS:
            raise _EnoughError
        if time.monotonic() > self._deadline:
            raise _EnoughError(f"what could be asked in {SECONDS:.0f} seconds")
        if self._failed >= _PATIENCE:
            raise _EnoughError(f"it gave no answer {_PATIENCE} times in a row")
        self.asked += 1
        written = path
        if busted:
            written += f"{'&' if '?' in path else '?'}ringfence={secrets.token_hex(6)}"
        asked = target or self.target
        try:
            answer = ask(
                asked,
                written,
                method=method,
                headers={**(headers or {}), **({"Cookie": self.cookie} if self.cookie else {})},
                context=self.context if asked.scheme == "https" else None,
            )
        except UnreachableError:
            self._failed += 1
            return None
        self._failed = 0
        url = (self._shown if target is None else asked.origin) + path
        self.kept.append(_response(answer, url, role, method, sent, kind))
        return self.kept[-1]

    def show_as(self, shown: str) -> None:
        """Keep what follows under another origin."""
        self._shown = shown


def _response(answer: Answer, url: str, role: str, method: str, sent: str, kind: str) -> Response:
    whole = role in _WHOLE
    text = (answer.body if whole else answer.body[:_BEGINNING]).decode("utf-8", "replace")
    in_meta = policies(text) if whole else ()
    return Response(url, role, answer.status, answer.headers, text, method, sent, kind, in_meta)


def survey(target: Target, paths: Sequence[str]) -> Surveyed:
    """Ask the site at ``target`` for its pages at ``paths``, and for what sites should not have."""
    result = Surveyed()
    tls: Tls | None = None
    context: ssl.SSLContext | None = None
    try:
        if target.scheme == "https":
            tls = inspect(target)
            context = unverified() if tls.problem else None
        first = ask(target, paths[0], context=context, limit=0)
    except UnreachableError as error:
        result.skipped.append(Skipped(target.origin + paths[0], str(error)))
        return result
    moved = _moved(target, target.origin + paths[0], first)
    surveyor = Surveyor(target, target.origin, context)
    surveyor.asked = 1
    if moved is not None and moved.scheme == "https" and target.scheme == "http":
        # What answers is the site over https; what was named is the way there.
        surveyor.get(paths[0], "plain", target=target)
        try:
            tls = inspect(moved)
        except UnreachableError as error:
            result.skipped.append(Skipped(moved.origin + paths[0], str(error)))
            return result
        target = surveyor.target = moved
        surveyor.context = unverified() if tls.problem else None
        surveyor.show_as(moved.origin)
    _in_order(surveyor, paths, result)
    result.live = Live(target.origin, tuple(surveyor.kept), tls)
    return result


def _in_order(surveyor: Surveyor, paths: Sequence[str], result: Surveyed) -> None:
    target = surveyor.target
    try:
        pages = [page for path in paths[:PAGES] if (page := _page(surveyor, path, result))]
        if not pages:
            return
        path = pages[0].url.removeprefix(target.origin)
        surveyor.get(path, "again")
        known_plain = any(each.role == "plain" for each in surveyor.kept)
        if target.scheme == "https" and target.port == 443 and not known_plain:
            surveyor.get(path, "plain", target=Target("http", target.host, 80))
        look_around(surveyor, path, pages)
    except _EnoughError as enough:
        if str(enough):
            result.skipped.append(Skipped(target.origin, f"read in part: {enough}"))


def look_around(surveyor: Surveyor, path: str, pages: Sequence[Response]) -> None:
    """Ask for all that is no page; ``path`` is that of a page that is there."""
    surveyor.get(f"/{secrets.token_hex(8)}/", "missing")
    _hosts(surveyor, path)
    _origins(surveyor, path)
    mark = secrets.token_hex(8)
    surveyor.get(path, "trace", method="TRACE", headers={"X-Ringfence": mark}, sent=mark)
    _admin(surveyor)
    _assets(surveyor, pages)
    for each in probes.DEBUG:
        surveyor.get(each, "debug")
    for each in probes.FILES:
        surveyor.get(each, "file")


def _page(surveyor: Surveyor, path: str, result: Surveyed) -> Response | None:
    """Return the page at ``path``, or the one that it redirects to on the same origin."""
    target = surveyor.target
    for _ in range(_REDIRECTS + 1):
        page = surveyor.get(path, "page")
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
    return there[0] if there is not None and there[0].host == target.host else None


def _hosts(surveyor: Surveyor, path: str) -> None:
    foreign = probes.FOREIGN
    surveyor.get(path, "host", headers={"Host": foreign}, sent=foreign, busted=True)
    surveyor.get(
        path, "forwarded", headers={"X-Forwarded-Host": foreign}, sent=foreign, busted=True
    )


def _origins(surveyor: Surveyor, path: str) -> None:
    target = surveyor.target
    tried = probes.origins(target.scheme, target.host, target.netloc)
    for origin in tried:
        surveyor.get(path, "cors", headers={"Origin": origin}, sent=origin, busted=True)
    asks = {"Origin": tried[0], "Access-Control-Request-Method": "PUT"}
    surveyor.get(path, "preflight", method="OPTIONS", headers=asks, sent=tried[0], busted=True)


def _admin(surveyor: Surveyor) -> None:
    answer = surveyor.get("/admin/", "admin")
    if answer is not None and answer.status in _REDIRECTING:
        there = _there(answer.url, answer.get("location"))
        if there is not None and there[1].startswith("/admin/login/"):
            surveyor.get("/admin/login/", "admin")


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
        surveyor.get(_path(link.url), "page")
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
        answer = surveyor.get(path, "asset", kind=link.kind)
        folders.setdefault(path.partition("?")[0].rpartition("/")[0] + "/")
        if answer is not None and link.kind != "image":
            at = answer.body.rfind("sourceMappingURL=")
            named = answer.body[at + 17 : at + 500].split(maxsplit=1)[:1] if at >= 0 else []
            there = _there(link.url, named[0]) if named else None
            if there is not None and there[0].origin == surveyor.target.origin:
                maps.setdefault(there[1])
    for path in list(maps)[:_FOLDERS]:
        surveyor.get(path, "map")
    for path in [each for each in folders if each != "/"][:_FOLDERS]:
        surveyor.get(path, "folder")


def _path(url: str) -> str:
    return parse(url)[1]
