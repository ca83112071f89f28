"""Text of unknown origin in a template's variable, before its filters, that becomes code.

A variable may hold what no attack here can put there: what another service sent, or the shell of
some colleague's. So each is given a payload at the end of whatever it holds.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from ringfence.prove.aims import answers
from ringfence.prove.stage import Attack, Outcome, Place, Result, Target
from ringfence.prove.stored import WAYS, payload

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringfence.prove.discover.survey import Survey
    from ringfence.prove.stage import Stage

__all__ = ["attack", "markup"]

_PLACEHOLDER: Final = "ringfence-refused"
_DIGITS: Final = 9


def markup(number: str) -> str:
    """Return markup that runs in text, and out of what a variable often stands in.

    >>> markup("123456789").endswith("<img src=x: onerror=ringfence(1234567894)>")
    True
    """
    image = f"<img src=x: onerror=ringfence({number}4)>"
    return f"'\"></title></textarea></style></script>-->{image}"


def attack(name: str, way: str, *, title: str, stopped_by: tuple[str, ...], fix: str) -> Attack:
    """Return the attack by a way of the stored payloads'."""

    def strike(stage: Stage, targets: Sequence[Target]) -> Sequence[Result]:
        volley = _volley(stage, targets, is_markup=way == "script")
        return [volley.result(way, target) for target in targets]

    return Attack(
        name=name,
        title=title,
        cwe="CWE-79",
        stopped_by=stopped_by,
        find=_find,
        strike=strike,
        use=answers,
        fix=fix,
        guess=True,
    )


def _find(survey: Survey) -> tuple[Target, ...] | str:
    if not survey.variables:
        return "no template of the project's own shows a variable that holds text"
    return tuple(Target("", str(place), place=place) for place in survey.variables)


@dataclass(frozen=True, slots=True)
class _Shot:
    """A visit: for each way and place that ran, and the places that the page carried."""

    path: str
    visitor: str
    ran: frozenset[tuple[str, Place]]
    carried: frozenset[Place]
    blocked: str = ""
    crashed: str = ""
    refused: bool = False
    picture: bytes = field(default=b"", repr=False)


@dataclass(slots=True)
class _Volley:
    shots: list[_Shot] = field(default_factory=list)

    def result(self, way: str, target: Target) -> Result:
        """Say what came of one variable by the way."""
        place = target.place
        last: Result | None = None
        for shot in self.shots:
            if target.path and (shot.path, shot.visitor) != (target.path, target.visitor):
                continue
            if place is not None and (way, place) in shot.ran:
                return Result(
                    Outcome.SUCCEEDED,
                    "ran",
                    f"what {place.text} held ran as a {way} in the {shot.visitor}'s page "
                    f"{shot.path}",
                    target=replace(target, path=shot.path, visitor=shot.visitor),
                    picture=shot.picture,
                )
            last = last or _stopped(shot, place)
        return last or Result(Outcome.STOPPED, "not run", "nothing ran on any page")


def _stopped(shot: _Shot, place: Place | None) -> Result:
    if shot.crashed:
        return Result(Outcome.INCONCLUSIVE, "crash", f"the page did not load: {shot.crashed}")
    if place not in shot.carried and not shot.refused:
        return Result(Outcome.INCONCLUSIVE, "absent", "the page does not carry the text")
    why = f" ({shot.blocked})" if shot.blocked else ""
    return Result(Outcome.STOPPED, "not run", f"the page carries the payload and nothing ran{why}")


#: By stage, payload and targets: three ways share one payload.
_KNOWN: WeakKeyDictionary[Stage, dict[tuple[object, ...], _Volley]] = WeakKeyDictionary()


def _volley(stage: Stage, targets: Sequence[Target], *, is_markup: bool) -> _Volley:
    key = (is_markup, *((target.label, target.path, target.visitor) for target in targets))
    known = _KNOWN.setdefault(stage, {})
    if key not in known:
        known[key] = _fire(stage, targets, is_markup=is_markup)
    return known[key]


def _fire(stage: Stage, targets: Sequence[Target], *, is_markup: bool) -> _Volley:
    """Poison all the variables at once, and look at the pages that show one not yet seen."""
    volley = _Volley()
    places = {target.place for target in targets if target.place is not None}
    aimed = [(t.visitor, t.path) for t in targets if t.path]
    pages = aimed or [(page.visitor, page.path) for page in stage.survey.html_pages()]
    seen: set[Place] = set()
    make = markup if is_markup else _text
    with stage.tainted(make, places):
        for visitor in dict.fromkeys(visitor for visitor, _ in pages):
            stage.become(visitor)
            for path in dict.fromkeys(path for who, path in pages if who == visitor):
                if not aimed:
                    shown = _shown(stage, path, visitor, places, is_markup=is_markup)
                    if shown <= seen:
                        continue
                    seen |= shown
                volley.shots.append(_shot(stage, path, visitor))
    return volley


def _text(number: str) -> str:
    return payload(number, markup=False)


def _shown(
    stage: Stage, path: str, visitor: str, places: set[Place], *, is_markup: bool
) -> set[Place]:
    """Return the variables whose payload a page shows, of markup those that it shows as it is."""
    text = stage.ask("GET", path, visitor=visitor).text
    needed = "<img src=x: onerror=ringfence(" if is_markup else "ringfence("
    found = (stage.variable(part[:_DIGITS]) for part in text.split(needed)[1:])
    return {place for place in found if place is not None and place in places}


def _shot(stage: Stage, path: str, visitor: str) -> _Shot:
    visit = stage.visit(stage.url(path), press=True)
    ran = set()
    for number in {identifier[:_DIGITS] for identifier in visit.fired}:
        place = stage.variable(number)
        if place is not None:
            ran |= {(way, place) for way, fired in WAYS.items() if fired(visit, number)}
    parts = visit.source.split("ringfence(")[1:]
    carried = {stage.variable(part[:_DIGITS]) for part in parts} - {None}
    crashed = visit.error or (str(visit.status) if visit.status >= 500 or not visit.status else "")
    return _Shot(
        path,
        visitor,
        frozenset(ran),
        frozenset(place for place in carried if place is not None),
        visit.blocked[0] if visit.blocked else "",
        crashed,
        _PLACEHOLDER in visit.source,
        stage.picture() if ran else b"",
    )
