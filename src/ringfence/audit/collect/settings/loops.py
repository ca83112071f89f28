"""Loops of comprehensions, and the names that loops bind."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from ringfence.audit.collect.settings.world import Frame
from ringfence.audit.model import UNKNOWN

__all__ = ["Know", "bind", "looped"]


class Know(NamedTuple):
    """How an expression's value and a condition's truth are found out."""

    evaluate: Callable[[ast.expr, Frame], Any]
    truth: Callable[[ast.expr, Frame], bool | None]


def looped(
    generators: list[ast.comprehension], frame: Frame, keep: Callable[[], object], know: Know
) -> Iterator[bool]:
    """Call ``keep`` for each round; yield False where a round cannot be decided."""
    if not generators:
        keep()
        return
    first, *rest = generators
    over = know.evaluate(first.iter, frame)
    if not isinstance(over, (list, tuple, set, frozenset, dict)):
        yield False
        return
    for item in over:
        if not bind(first.target, item, frame):
            yield False
            return
        wanted = [know.truth(test, frame) for test in first.ifs]
        if None in wanted:
            yield False
        elif all(wanted):
            yield from looped(rest, frame, keep, know)


def bind(target: ast.expr, value: Any, frame: Frame) -> bool:
    """Give a loop's names their values; say whether that was possible."""
    if isinstance(target, ast.Name):
        frame.names[target.id] = value
        return True
    if isinstance(target, (ast.Tuple, ast.List)):
        items = list(value) if isinstance(value, (list, tuple)) else []
        if len(items) != len(target.elts):
            items = [UNKNOWN] * len(target.elts)
        return all(bind(each, item, frame) for each, item in zip(target.elts, items, strict=True))
    return False
