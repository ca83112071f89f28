"""Somebody on the network gets the session cookie from a request over plain http.

Oracle: the cookie arrives at a server that answers for the site's own name without TLS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.prove.aims import answers
from ringfence.prove.stage import Attack, Outcome, Place, Result, Target, new_marker, one_by_one

if TYPE_CHECKING:
    from ringfence.prove.discover.survey import Survey
    from ringfence.prove.stage import Stage

__all__ = ["ATTACK"]


def _find(survey: Survey) -> tuple[Target, ...] | str:
    page = next((p for p in survey.html_pages() if p.visitor != "anonymous"), None)
    if page is None:
        return "no page was reached with a session"
    place = Place("setting", "SESSION_COOKIE_SECURE")
    return (Target(page.path, "the session cookie", visitor=page.visitor, place=place),)


def _strike(stage: Stage, target: Target) -> Result:
    stage.become(target.visitor, bare=True)
    name, word = stage.session_cookie, new_marker()
    if stage.session_is_for_tls:
        # Judged by what the site says: to localhost, which no network is between, browsers send
        # such a cookie over http as well.
        return Result(Outcome.STOPPED, "Secure", f"{name} is for TLS alone")
    stage.visit(f"{stage.origin_of('downgraded')}/{word}")
    asked = stage.asked_for(word)
    if asked is None:
        # Where the browser has been told to ask nobody over http.
        return Result(Outcome.STOPPED, "no request", "the browser asked nobody over http")
    sent = [part.strip().partition("=")[0] for part in asked["cookie"].split(";")]
    if name in sent:
        return Result(Outcome.SUCCEEDED, "sent", f"{name} was sent over plain http")
    return Result(Outcome.STOPPED, "not sent", f"{name} was not sent over plain http")


ATTACK = Attack(
    name="session_network",
    title="session cookie sent over plain http",
    cwe="CWE-614",
    stopped_by=("transport",),
    find=_find,
    strike=one_by_one(_strike),
    use=answers,
    fix='SESSION_COOKIE_SECURE = True, or RINGFENCE = {"transport": "https"}',
)
