"""What ``ringfence init`` says: the difference, what it means, and what is left to do by hand."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from ringfence.audit.moving.hands import ByHand
from ringfence.audit.moving.moved import Moved
from ringfence.audit.render import diff
from ringfence.audit.render.plain import harmless, redacted

__all__ = ["NEXT", "counted", "told"]

_WIDTH = 96
NEXT = (
    "Next: `python manage.py check`, and the site's own tests. What gets stricter, and how to "
    'watch it\nfirst, is on the page "Moving in" of the documentation.\n'
)


def told(moved: Moved, *, colour: bool) -> str:
    """Return what is to be read before the answer is given, every line of it safe to print."""
    parts = [_lines(_settings(moved)), diff.render(moved.drafts, colour=colour)]
    parts += [_lines(_changes(moved)), _lines(_notes(moved)), _lines(_by_hand(moved))]
    return "\n".join(part for part in parts if part)


def counted(number: int, noun: str) -> str:
    """Return a number of things in words."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _lines(lines: Iterator[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _settings(moved: Moved) -> Iterator[str]:
    modules = ", ".join(dict.fromkeys(harmless(site.module) for site in moved.sites))
    yield from _wrapped(f"The settings that are deployed: {modules}", "")
    if not moved.drafts and not moved.by_hand:
        yield "Ringfence is in them already: nothing is to be changed."


def _changes(moved: Moved) -> Iterator[str]:
    said = dict.fromkeys(
        f"{goal.place.path}: {goal.setting}: {goal.sentence}." for goal in moved.done
    )
    for sentence in said:
        yield from _wrapped(sentence, "  ")


def _notes(moved: Moved) -> Iterator[str]:
    if moved.notes:
        yield "Good to know"
    for sentence in moved.notes:
        yield from _wrapped(sentence, "  ")


def _by_hand(moved: Moved) -> Iterator[str]:
    if moved.by_hand:
        yield "By hand"
    for each in moved.by_hand:
        yield from _one_by_hand(each)


def _one_by_hand(each: ByHand) -> Iterator[str]:
    place = each.place
    yield f"  {harmless(place.path)}:{place.line}: {each.setting}"
    if place.text:
        yield f"    > {harmless(redacted(place.text))}"
    yield from _wrapped(f"{each.why[:1].upper()}{each.why[1:]}. Write:", "    ")
    yield from (f"        {line}" for line in each.text.split("\n"))


def _wrapped(sentence: str, margin: str) -> Iterator[str]:
    yield from textwrap.wrap(
        harmless(sentence),
        _WIDTH,
        initial_indent=margin,
        subsequent_indent=f"{margin}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
