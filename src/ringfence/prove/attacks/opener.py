"""The attacker's page opens the site in a window and keeps hold of it.

With the handle it counts the page's frames, follows where it goes and leads it elsewhere, to a copy
of the log-in. Oracle: the handle of the loaded page is still one.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ringfence.prove.aims import answers
from ringfence.prove.stage import Attack, Outcome, Result, Target, new_marker, one_by_one

if TYPE_CHECKING:
    from ringfence.prove.discover.survey import Survey
    from ringfence.prove.stage import Stage

__all__ = ["ATTACK"]


def _find(survey: Survey) -> tuple[Target, ...] | str:
    kinds: dict[str, Target] = {}
    for page in survey.html_pages():
        if page.visitor != "anonymous":
            label = f"window of {page.path}"
            kinds.setdefault(
                page.pattern, Target(page.path, label, visitor=page.visitor, place=page.place)
            )
    # What opens a window is the site's, not the page's: a few pages tell.
    return tuple(kinds.values())[:_PAGES] or "no page was reached with a session"


_PAGES = 5


def _strike(stage: Stage, target: Target) -> Result:
    name = new_marker()
    page = f"""<!doctype html><title>Cats</title><script>
        const tell = (text) => {{
            clearInterval(timer);
            fetch({json.dumps(stage.collect_path(name))}, {{method: "POST", body: text}});
        }};
        const held = open({json.dumps(stage.url(target.path))});
        const timer = setInterval(() => {{
            if (!held || held.closed) return tell("closed");
            // Another origin's document is there once its address may no longer be read.
            try {{ held.location.href; }} catch {{ tell("held:" + held.length); }}
        }}, 5);
        </script>"""
    visit = stage.visit(stage.serve(page, name=name))
    told = stage.collected(name)
    if told is None:
        why = visit.error or "the attacker's page never reported"
        return Result(Outcome.INCONCLUSIVE, "timeout", why)
    if told.startswith("held:"):
        return Result(
            Outcome.SUCCEEDED, "held", "the attacker's page can lead the window elsewhere"
        )
    return Result(Outcome.STOPPED, "cut off", "the handle is cut off from the page")


ATTACK = Attack(
    name="opener",
    title="a window of the site's that another site keeps hold of",
    cwe="CWE-1022",
    stopped_by=("isolation",),
    find=_find,
    strike=one_by_one(_strike),
    use=answers,
    fix="say `Cross-Origin-Opener-Policy: same-origin`",
)
