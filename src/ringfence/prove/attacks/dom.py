"""What a link's fragment or query says becomes code by a script of the page's own.

The server never sees a fragment, and what the script makes of either no template escapes. One text
is markup, an address that is code, and code. Oracle: as the stored script's.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from ringfence.prove.aims import answers
from ringfence.prove.stage import Attack, Outcome, Place, Result, Target, new_number, one_by_one

if TYPE_CHECKING:
    from ringfence.prove.discover.survey import Survey
    from ringfence.prove.stage import Stage

__all__ = ["ATTACK"]

#: How scripts name the parameters that they read.
_READ: Final = re.compile(r"""\.get\(\s{0,9}["'`]([\w.-]{1,40})["'`]""")
_NAVIGATES: Final = re.compile(r"\blocation(?:\.href)? ?=[^=]|\blocation\.(?:assign|replace)\(")
_SOURCES: Final = {"hash": "location.hash", "search": "location.search"}
_DIGITS: Final = "124"
_MOST_NAMES: Final = 10


def _payload(number: str) -> str:
    return (
        f"javascript:ringfence({number}1)//'-ringfence({number}2)-'"
        f"<img src=x: onerror=ringfence({number}4)>"
    )


def _find(survey: Survey) -> tuple[Target, ...] | str:
    kinds: dict[tuple[str, str], Target] = {}
    for page in survey.html_pages():
        for source, name in _SOURCES.items():
            target = Target(
                page.path,
                f"{name} at {page.path}",
                visitor=page.visitor,
                place=page.place,
                data={"source": source},
            )
            kinds.setdefault((page.pattern, source), target)
    return tuple(kinds.values()) or "no page with markup was found"


def _strike(stage: Stage, target: Target) -> Result:
    if "query" in target.data:
        names: tuple[str, ...] | None = tuple(filter(None, target.data["query"].split("\n")))
    else:
        names = _names(stage, target)
    if names is None:
        return Result(Outcome.STOPPED, "not read", "no script of the page's reads it")
    numbers = {name: new_number() for name in names or ("",)}
    stage.trace(numbers.values())
    visit = stage.visit(stage.url(target.path) + _behind(target, numbers), press=True)
    for name, number in numbers.items():
        fired = next((number + d for d in _DIGITS if number + d in visit.fired), None)
        if fired is not None:
            source = _SOURCES[target.data["source"]]
            return Result(
                Outcome.SUCCEEDED,
                "ran",
                f"what {source}{f' ({name})' if name else ''} says ran in the page",
                place=stage.place(fired, pressed=fired not in visit.on_load)
                or _navigation(stage, visit.source),
                target=replace(
                    target,
                    parameter=name or None,
                    data={**target.data, "query": "\n".join(names)},
                ),
                picture=stage.picture(),
            )
    if visit.error is not None or visit.status >= 500 or visit.status == 0:
        why = f"the page did not load: {visit.error or visit.status}"
        return Result(Outcome.INCONCLUSIVE, "crash", why)
    why = f" ({visit.blocked[0]})" if visit.blocked else ""
    return Result(Outcome.STOPPED, "not run", f"the page loads and nothing ran{why}")


def _navigation(stage: Stage, source: str) -> Place | None:
    """Return the line that leads the page elsewhere, if there is but one: code in an address runs.

    No stack tells: a browser runs such code later.
    """
    lines = [n for n, line in enumerate(source.splitlines(), 1) if _NAVIGATES.search(line)]
    return stage.line(source, lines[0]) if len(lines) == 1 else None


def _names(stage: Stage, target: Target) -> tuple[str, ...] | None:
    """Return the parameters that the page's scripts name; None where they read no such thing."""
    text = stage.ask("GET", target.path, visitor=target.visitor).text
    if "<script" not in text:
        return None
    if target.data["source"] == "hash":
        return () if "location" in text or "src=" in text else None
    names = tuple(dict.fromkeys(_READ.findall(text)))[:_MOST_NAMES]
    return names if names or "location.search" in text else None


def _behind(target: Target, numbers: dict[str, str]) -> str:
    # Left as they are where the browser does: some scripts decode nothing.
    sent = {name: quote(_payload(number), safe="/:()'-=") for name, number in numbers.items()}
    if target.data["source"] == "hash":
        return f"#{sent['']}"
    return "?" + "&".join(f"{quote(name)}={text}" if name else text for name, text in sent.items())


ATTACK = Attack(
    name="dom",
    title="a link's fragment or query that a script makes code of",
    cwe="CWE-79",
    stopped_by=("csp",),
    find=_find,
    strike=one_by_one(_strike),
    use=answers,
    fix="write text by textContent; let links be http: or https:; evaluate nothing that a URL says",
    guess=True,
)
