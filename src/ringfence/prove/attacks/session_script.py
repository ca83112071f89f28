"""A script of the page's reads the session cookie: whatever runs there takes the session along.

Oracle: the cookie's name is in ``document.cookie``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.prove.aims import answers
from ringfence.prove.stage import Attack, Outcome, Place, Result, Target, one_by_one

if TYPE_CHECKING:
    from ringfence.prove.discover.survey import Survey
    from ringfence.prove.stage import Stage

__all__ = ["ATTACK"]


def _find(survey: Survey) -> tuple[Target, ...] | str:
    page = next((p for p in survey.html_pages() if p.visitor != "anonymous"), None)
    if page is None:
        return "no page was reached with a session"
    place = Place("setting", "SESSION_COOKIE_HTTPONLY")
    return (Target(page.path, "the session cookie", visitor=page.visitor, place=place),)


def _strike(stage: Stage, target: Target) -> Result:
    visit = stage.visit(stage.url(target.path))
    if visit.error is not None or not 0 < visit.status < 500:
        why = visit.error or visit.status
        return Result(Outcome.INCONCLUSIVE, "crash", f"the page did not load: {why}")
    name = stage.session_cookie
    readable = [part.strip().partition("=")[0] for part in stage.readable_cookies().split(";")]
    if name in readable:
        return Result(Outcome.SUCCEEDED, "read", f"document.cookie holds {name}")
    return Result(Outcome.STOPPED, "HttpOnly", f"document.cookie does not hold {name}")


ATTACK = Attack(
    name="session_script",
    title="session cookie that scripts can read",
    cwe="CWE-1004",
    stopped_by=("transport",),
    find=_find,
    strike=one_by_one(_strike),
    use=answers,
    fix="SESSION_COOKIE_HTTPONLY = True",
)
