"""A cache between the site and its visitors hands one visitor's page to another.

Oracle: the page says that any cache may keep it and names no cookie it depends on, so that a cache
after RFC 9111 answers everybody with it; or the site's own cache already does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.prove.aims import private_pages, sees_secret
from ringfence.prove.stage import Attack, Outcome, Result, Target, one_by_one

if TYPE_CHECKING:
    from ringfence.prove.discover.survey import Survey
    from ringfence.prove.stage import AnswerLike, Stage

__all__ = ["ATTACK"]


def _find(survey: Survey) -> tuple[Target, ...] | str:
    return private_pages(survey)


def _may_be_kept(answer: AnswerLike) -> bool:
    """Whether a shared cache may keep the answer and use it for another request.

    RFC 9111, sections 3 and 4.1. What a cache may guess of an answer that says nothing is left out.
    """
    said = {
        part.strip().lower().partition("=")[0]: part.strip().partition("=")[2].strip('"')
        for part in answer.headers.get("cache-control", "").replace("\n", ",").split(",")
    }
    varies = answer.headers.get("vary", "").lower().replace("\n", ",")
    if {"private", "no-store", "no-cache"} & set(said) or "cookie" in varies or "*" in varies:
        return False
    lifetime = said.get("s-maxage", said.get("max-age", ""))
    return "public" in said or (lifetime.isdecimal() and int(lifetime) > 0)


def _strike(stage: Stage, target: Target) -> Result:
    secret = stage.secret(target.visitor)
    answer = stage.ask("GET", target.path, visitor=target.visitor)
    if answer.error or answer.status >= 500:
        why = answer.error or answer.status
        return Result(Outcome.INCONCLUSIVE, "crash", f"the page did not load: {why}")
    if secret not in answer.text:
        return Result(Outcome.STOPPED, "not shown", "the visitor's data is not on the page")
    other = stage.ask("GET", target.path)
    if secret in other.text:
        return Result(Outcome.SUCCEEDED, "cached", "the site itself showed it to the next visitor")
    if _may_be_kept(answer):
        said = answer.headers.get("cache-control", "")
        return Result(Outcome.SUCCEEDED, "cacheable", f"Cache-Control: {said}, and no Vary: Cookie")
    return Result(Outcome.STOPPED, "not cacheable", "no shared cache may hand it on")


ATTACK = Attack(
    name="caching",
    title="private page that caches hand on",
    cwe="CWE-524",
    stopped_by=(),
    find=_find,
    strike=one_by_one(_strike),
    use=sees_secret,
    fix="`@never_cache`, or `Cache-Control: private` and `Vary: Cookie`",
    guess=True,
)
