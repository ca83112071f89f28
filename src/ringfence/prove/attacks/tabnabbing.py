"""A link of the site's opens another site, which gets hold of the window that it was opened from.

Oracle: the page that the link opens finds a ``window.opener``. The links are the site's own; they
are led to the attacker's server, in the place of the site that they name.
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

_CLICK = """(address) => {
    const links = [...document.querySelectorAll("a[target], area[target]")].filter(
        (a) => a.origin !== location.origin && !["_self", "_top", "_parent"].includes(a.target));
    for (const link of links.slice(0, 20)) { link.href = address; link.click(); }
    return links.length;
}"""


def _find(survey: Survey) -> tuple[Target, ...] | str:
    kinds: dict[str, Target] = {}
    for page in survey.html_pages():
        label = f"links of {page.path}"
        kinds.setdefault(
            page.pattern, Target(page.path, label, visitor=page.visitor, place=page.place)
        )
    return tuple(kinds.values()) or "no page was found"


def _strike(stage: Stage, target: Target) -> Result:
    if "target=" not in stage.ask("GET", target.path, visitor=target.visitor).text:
        return Result(Outcome.STOPPED, "no link", "no link opens a window")
    name = new_marker()
    page = f"""<!doctype html><title>Shop</title><script>
        fetch({json.dumps(stage.collect_path(name))},
            {{method: "POST", body: opener ? "opener" : "none"}});
        </script>"""
    count = stage.run(stage.url(target.path), _CLICK, stage.serve(page, name=name))
    if not count:
        return Result(Outcome.STOPPED, "no link", "no link opens another site")
    told = stage.collected(name)
    if told == "opener":
        return Result(Outcome.SUCCEEDED, "held", "the page that the link opens has window.opener")
    if told is None:
        return Result(Outcome.INCONCLUSIVE, "timeout", "the page that the link opens never came")
    return Result(Outcome.STOPPED, "cut off", "the page that the link opens has no window.opener")


ATTACK = Attack(
    name="tabnabbing",
    title="a link whose target gets hold of the site's window",
    cwe="CWE-1022",
    stopped_by=("isolation",),
    find=_find,
    strike=one_by_one(_strike),
    use=answers,
    fix='write rel="noopener" where a link opens a window',
    guess=True,
)
