"""A script that was stored in the site's database runs in the victim's page.

Oracle: a function that the browser's protocol put into the page is called with the payload's id.
It is no part of the page, so no policy of the page's can take it away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.prove.stage import Attack, Outcome, Result, Target, new_marker

if TYPE_CHECKING:
    from ringfence.prove.stage import Stage
    from ringfence.prove.survey import Survey

__all__ = ["ATTACK", "payload"]

_BINDING = "ringfence"


def payload(identifier: str) -> str:
    """Return markup that runs by either of two ways, each calling with an id of its own."""
    return (
        f"<script>{_BINDING}('{identifier}.script')</script>"
        f"<img src=x: onerror={_BINDING}('{identifier}.handler')>"
    )


def _find(survey: Survey) -> tuple[Target, ...] | str:
    if not survey.firing:
        return survey.why_nothing_fires
    return tuple(
        Target(path, f"{column} at {path}", column=column) for column, path in survey.firing
    )


def _strike(stage: Stage, target: Target) -> Result:
    identifier = new_marker()
    if target.column is None or not stage.poison(target.column, payload(identifier)):
        return Result(Outcome.INCONCLUSIVE, "not stored", f"{target.column} takes no such text")
    visit = stage.visit(stage.url(target.path))
    ways = sorted(i.rpartition(".")[2] for i in stage.fired() if i.startswith(identifier))
    if ways:
        return Result(Outcome.SUCCEEDED, "ran", f"ran as {' and '.join(ways)}")
    if visit.error is not None or visit.status >= 500 or visit.status == 0:
        return Result(
            Outcome.INCONCLUSIVE, "crash", f"the page did not load: {visit.error or visit.status}"
        )
    # Held here, not only in `use`: the page must have carried this very payload.
    if identifier not in visit.source:
        return Result(Outcome.INCONCLUSIVE, "absent", "the page does not carry the stored text")
    return Result(Outcome.STOPPED, "not run", "the page carries the payload and nothing ran")


def _use(stage: Stage, target: Target) -> str | None:
    visit = stage.visit(stage.url(target.path))
    if visit.error is None and visit.status < 400:
        return None
    return f"the page does not load ({visit.error or visit.status})"


ATTACK = Attack(
    name="script",
    title="stored script in the victim's page",
    cwe="CWE-79",
    stopped_by=("csp",),
    find=_find,
    strike=_strike,
    use=_use,
    fix='escape the text where it is shown (no |safe); RINGFENCE = {"csp": "strict"}',
)
