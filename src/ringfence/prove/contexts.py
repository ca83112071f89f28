"""Stored text that becomes code where Django's escaping for HTML text does not reach.

One payload, for there is one column and nobody knows where a page shows it: each of its parts is
code in one kind of place and harmless text in the others. None of it is markup: what a template
marks as safe is another attack's.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from ringfence.prove.stage import Attack, Outcome, Result, Target

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.prove.stage import Stage, VisitLike
    from ringfence.prove.survey import Survey

__all__ = ["WAYS", "attack", "new_number", "payload", "ways_of"]

_BINDING = "ringfence"

#: What the escaping ring writes where a value could not stand (its documentation).
_PLACEHOLDER = "ringfence-refused"

_LINK, _STRING, _ATTRIBUTE = "1", "2", "3"

#: How to tell by which way a payload ran: its last digit, and whether something was pressed.
WAYS: dict[str, Callable[[VisitLike, str], bool]] = {
    "handler": lambda visit, number: number + _STRING in visit.on_press,
    "link": lambda visit, number: number + _LINK in visit.on_press,
    "attribute": lambda visit, number: number + _ATTRIBUTE in visit.on_load | visit.on_press,
    "string": lambda visit, number: number + _STRING in visit.on_load,
}


def new_number() -> str:
    """Return a number that stands nowhere yet: short, and it needs no quotes."""
    return str(secrets.randbelow(9 * 10**8) + 10**8)


def payload(number: str) -> str:
    """Return text that runs in a link, in a string of a script or handler, or out of an attribute.

    Short enough for the usual column.

    >>> len(payload("123456789")) <= 150
    True
    """
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

    def find(survey: Survey) -> tuple[Target, ...] | str:
        found = [item for item in survey.contexts if item[0] == name]
        if not found:
            return survey.why_no_contexts
        return tuple(
            Target(path, f"{column} at {path}", column=column) for _, column, path in found
        )

    def strike(stage: Stage, target: Target) -> Result:
        number = new_number()
        if target.column is None or not stage.poison(target.column, payload(number)):
            return Result(Outcome.INCONCLUSIVE, "not stored", f"{target.column} takes no such text")
        visit = stage.press(stage.url(target.path))
        if WAYS[name](visit, number):
            return Result(Outcome.SUCCEEDED, "ran", f"the stored text ran as a {name}")
        if visit.error is not None or visit.status >= 500 or visit.status == 0:
            return Result(
                Outcome.INCONCLUSIVE,
                "crash",
                f"the page did not load: {visit.error or visit.status}",
            )
        if number not in visit.source and _PLACEHOLDER not in visit.source:
            return Result(Outcome.INCONCLUSIVE, "absent", "the page does not carry the stored text")
        return Result(Outcome.STOPPED, "not run", "the page carries the payload and nothing ran")

    def use(stage: Stage, target: Target) -> str | None:
        visit = stage.visit(stage.url(target.path))
        if visit.error is None and visit.status < 400:
            return None
        return f"the page does not load ({visit.error or visit.status})"

    return Attack(
        name=name,
        title=title,
        cwe="CWE-79",
        stopped_by=stopped_by,
        find=find,
        strike=strike,
        use=use,
        fix=fix,
    )
