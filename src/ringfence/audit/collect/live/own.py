"""The project's own site, booted in the sandbox on loopback, on a copy of its database.

The one module of the audit that needs the sandbox, and is imported only for ``--live``.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from django.conf import settings

from ringfence.audit.collect.live.survey import PAGES, Surveyed, look_around
from ringfence.audit.collect.live.surveyor import EnoughError, Request, Surveyor
from ringfence.audit.collect.live.wire import Target
from ringfence.audit.model import Live, Response, Skipped
from ringfence.sandbox.boot import Served, served
from ringfence.sandbox.ending import ended_by_signals
from ringfence.sandbox.errors import SandboxError
from ringfence.sandbox.names import VICTIM_HOST
from ringfence.sandbox.patterns import argument_free_paths
from ringfence.sandbox.server import LOOPBACK
from ringfence.sandbox.site import site_states
from ringfence.sandbox.states import ON

__all__ = ["read_own"]

#: The port is another one on each run, and in no finding.
_SHOWN: Final = f"https://{VICTIM_HOST}"
#: Pages that are asked for again as a visitor who is logged in.
_PRIVATE: Final = 8
#: Pages below one first part of a path: the admin alone has dozens.
_TOGETHER: Final = 4


def read_own() -> Surveyed:
    """Boot the site as it is configured, ask it, and take it down again."""
    result = Surveyed()
    try:
        state = next(each for each in site_states(put_in=False) if each.name == ON)
        with ended_by_signals() as obey, served() as booted, booted.site.arrange(state):
            surveyor = _surveyor(booted)
            try:
                _in_order(surveyor, booted)
            except EnoughError as enough:
                if str(enough):
                    result.skipped.append(Skipped(_SHOWN, f"read in part: {enough}"))
            obey()
    except SandboxError as error:
        result.skipped.append(Skipped(_SHOWN, str(error)))
        return result
    real = surveyor.target.origin
    result.live = Live(
        _SHOWN,
        tuple(_renamed(each, real) for each in surveyor.kept),
        sandbox=True,
        session_cookie=settings.SESSION_COOKIE_NAME,
        csrf_cookie=settings.CSRF_COOKIE_NAME,
    )
    return result


def _surveyor(booted: Served) -> Surveyor:
    target = Target("https", VICTIM_HOST, booted.site.port, LOOPBACK)
    return Surveyor(target, booted.site.trust)


def _renamed(response: Response, real: str) -> Response:
    return replace(response, url=response.url.replace(real, _SHOWN, 1))


def _in_order(surveyor: Surveyor, booted: Served) -> None:
    shut: list[str] = []
    pages: list[Response] = []
    for path in _paths():
        page = surveyor.get(Request(path, "page"))
        if page is None:
            continue
        if page.status >= 300:
            shut.append(path)
            surveyor.kept[-1] = replace(page, role="hop")
        else:
            pages.append(page)
    first = pages[0].url.removeprefix(surveyor.target.origin) if pages else "/"
    if pages:
        surveyor.get(Request(first, "again"))
    _logged_in(surveyor, booted, shut[:_PRIVATE])
    look_around(surveyor, first, pages)


def _logged_in(surveyor: Surveyor, booted: Served, shut: list[str]) -> None:
    """Ask again for what a visitor without a log-in did not get."""
    origin = surveyor.target.origin
    entry = booted.site.admit(booted.victim).removeprefix(origin)
    entered = surveyor.get(Request(entry, "login"))
    if entered is None or not booted.site.session_began:
        return
    # The address lets in once, and is another one on each run.
    surveyor.kept[-1] = replace(entered, url=f"{origin}/")
    pairs = (field.partition(";")[0] for field in entered.all("set-cookie"))
    surveyor.cookie = "; ".join(pairs)
    for path in shut:
        page = surveyor.get(Request(path, "private"))
        if page is not None and page.status != 200:
            surveyor.kept.pop()
    surveyor.cookie = ""


def _paths() -> Iterator[str]:
    """Yield the site's pages whose address needs no argument, a few of each part of the site."""
    together: Counter[str] = Counter()
    count = 0
    for path in dict.fromkeys(argument_free_paths()):
        part = path.split("/")[1]
        together[part] += 1
        is_file = bool(posixpath.splitext(path)[1])
        if "logout" in path or is_file or together[part] > _TOGETHER or not path.isascii():
            continue
        count += 1
        if count > PAGES:
            return
        yield path
