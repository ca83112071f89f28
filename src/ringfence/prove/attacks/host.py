"""A request names another host, and the site writes that host into its answer's addresses.

What a cache keeps of it, or a visitor is sent, leads to the attacker. No browser sends such a
request: the attacker does, by himself. Oracle: an absolute address with his host in the answer.
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
    kinds: dict[str, Target] = {}
    for page in survey.pages:
        if page.visitor == "anonymous":
            kinds.setdefault(
                page.pattern,
                Target(
                    page.path,
                    f"Host of {page.path}",
                    visitor="anonymous",
                    place=Place("setting", "ALLOWED_HOSTS"),
                ),
            )
    return tuple(kinds.values()) or "no page was reached"


def _strike(stage: Stage, target: Target) -> Result:
    host = f"{new_marker()}.test"
    for headers in ({"Host": host}, {"X-Forwarded-Host": host}):
        answer = stage.ask("GET", target.path, headers=headers)
        if answer.status >= 500 and "Host" in headers:
            return Result(Outcome.INCONCLUSIVE, "crash", f"the site answered {answer.status}")
        told = answer.headers.get("location", "") + answer.text
        # A page that says which host it refuses (Django's own, in DEBUG) sends nobody there.
        if answer.status < 400 and (f"//{host}" in told):
            by = next(iter(headers))
            return Result(Outcome.SUCCEEDED, "poisoned", f"{by}: {host} is in the answer's links")
    return Result(Outcome.STOPPED, "refused", "no address in the answer names the foreign host")


ATTACK = Attack(
    name="host",
    title="addresses made of a forged Host header",
    cwe="CWE-644",
    stopped_by=("transport",),
    find=_find,
    strike=one_by_one(_strike),
    use=answers,
    fix='name the hosts in ALLOWED_HOSTS, never "*"; believe X-Forwarded-Host only of a proxy',
    guess=True,
)
