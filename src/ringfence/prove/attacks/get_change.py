"""A link on the attacker's page changes something for the victim: a GET that writes.

Oracle: the database is another one, sessions, counters and times of visits left out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import TYPE_CHECKING

from ringfence.prove.aims import answers
from ringfence.prove.stage import Attack, Outcome, Result, Target, one_by_one, path_of

if TYPE_CHECKING:
    from ringfence.prove.discover.survey import Survey
    from ringfence.prove.stage import Stage

__all__ = ["ATTACK"]


def _find(survey: Survey) -> tuple[Target, ...] | str:
    kinds: dict[tuple[str, str], Target] = {}
    for page in (*survey.pages, *survey.unfollowed):
        if page.visitor != "anonymous" and page.status < 400:
            kinds.setdefault(
                (page.pattern, page.visitor),
                Target(page.path, f"GET {page.path}", visitor=page.visitor, place=page.place),
            )
    return tuple(kinds.values()) or "no page was reached with a session"


def _strike_all(stage: Stage, targets: Sequence[Target]) -> Sequence[Result]:
    """Strike with the browser where a plain request has changed something."""
    aimed = [target for target in targets if stage.state != "off" or _writes(stage, target)]
    stage.restore()
    struck = dict(zip(map(id, aimed), _strike(stage, aimed), strict=True))
    nothing = Result(Outcome.STOPPED, "nothing changed", "a GET changes nothing there")
    return [struck.get(id(target), nothing) for target in targets]


def _writes(stage: Stage, target: Target) -> bool:
    # Logged in before it is counted.
    stage.ask("GET", "/favicon.ico", visitor=target.visitor)
    before = stage.changes()
    stage.ask("GET", target.path, visitor=target.visitor)
    return stage.changes() != before


def _one(stage: Stage, target: Target) -> Result:
    first = _follows(stage, target)
    if first.outcome is not Outcome.SUCCEEDED or first.mechanism == "sent on":
        return first
    # A page that is shown may make what each visitor has, a profile, at his first visit.
    again = _follows(
        stage, target, before=lambda: stage.ask("GET", target.path, visitor=target.visitor)
    )
    if again.outcome is Outcome.STOPPED:
        return Result(Outcome.STOPPED, "first visit", "only the first visit makes rows")
    return again


def _follows(stage: Stage, target: Target, before: Callable[[], object] = lambda: None) -> Result:
    stage.restore()
    before()
    known = stage.digest()
    mark = stage.mark()
    address = escape(stage.url(target.path))
    stage.follow(
        stage.serve(f'<!doctype html><title>Cats</title><a id="link" href="{address}">x</a>')
    )
    exchange = stage.request_since(mark, "GET", path_of(target.path))
    if stage.digest() != known:
        sent_on = exchange is not None and 300 <= exchange.status < 400
        mechanism = "sent on" if sent_on else "changed"
        return Result(Outcome.SUCCEEDED, mechanism, "following the link changed the database")
    if exchange is not None and exchange.crashed:
        return Result(Outcome.INCONCLUSIVE, "crash", f"the site answered {exchange.status}")
    return Result(Outcome.STOPPED, "nothing changed", "following the link changed nothing")


_strike = one_by_one(_one)

ATTACK = Attack(
    name="get_change",
    title="a link that changes something for the victim",
    cwe="CWE-352",
    stopped_by=(),
    find=_find,
    strike=_strike_all,
    use=answers,
    fix="change things on POST alone (`@require_POST`), with a form in the link's place",
    changes=True,
    guess=True,
)
