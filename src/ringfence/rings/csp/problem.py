"""What is wrong with one value of a policy, and the words that say so."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["Problem", "control_character", "suggest"]


class Problem(NamedTuple):
    """What is wrong with one value; ``value`` is None when it is the directive as a whole."""

    code: str
    value: str | None
    reason: str
    fix: str


def suggest(word: str, known: Sequence[str] | frozenset[str], otherwise: str) -> str:
    """Return the sentence that names the known word nearest to ``word``, or ``otherwise``."""
    # A long word is no slip of the pen, and comparing it would not be linear.
    close = difflib.get_close_matches(word, sorted(known), n=1) if len(word) <= 64 else []
    return f"Did you mean {close[0]}?" if close else otherwise


def control_character(value: str) -> Problem:
    """Return what is wrong with a value that holds a control character."""
    return Problem(
        "CSP104",
        value,
        "a control character ends the header or makes the server refuse it.",
        "Remove it.",
    )
