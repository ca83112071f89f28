"""What operators make of known values, within bounds."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable
from pathlib import PurePath
from typing import Any, Final

from ringfence.audit.collect.settings.values import MAX_ITEMS, MAX_TEXT, fits, plain
from ringfence.audit.model import UNKNOWN

__all__ = ["combine", "compare"]

_OPERATORS: Final[dict[type[ast.AST], Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.BitOr: operator.or_,
    ast.BitAnd: operator.and_,
}
_COMPARISONS: Final[dict[type[ast.AST], Callable[[Any, Any], Any]]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: lambda first, second: plain(first) is plain(second) or plain(first) == plain(second),
    ast.IsNot: lambda first, second: plain(first) is not plain(second) and first != second,
    ast.In: lambda first, second: first in second,
    ast.NotIn: lambda first, second: first not in second,
}
#: What takes a width, or an argument as one, could ask for gigabytes of spaces.
_WIDE: Final = re.compile(r"%[^a-zA-Z%]*(?:\*|[0-9]{3})")


def combine(operation: ast.operator, left: Any, right: Any) -> Any:
    """Return what an operator makes of two known values.

    :raises Exception: whatever the operator raises.
    """
    function = _OPERATORS.get(type(operation))
    if function is None:
        return UNKNOWN
    if isinstance(operation, ast.Mult) and _too_often(left, right):
        return UNKNOWN
    if isinstance(operation, ast.Mod) and isinstance(left, str):
        given = right if isinstance(right, tuple) else (right,)
        if _WIDE.search(left) or UNKNOWN in given or not all(map(_is_scalar, given)):
            return UNKNOWN
    if isinstance(left, str) and isinstance(right, str) and len(left) + len(right) > MAX_TEXT:
        return UNKNOWN
    return function(left, right)


def _is_scalar(value: Any) -> bool:
    return isinstance(value, (str, bytes, int, float, PurePath, type(None)))


def _too_often(left: Any, right: Any) -> bool:
    sizes = [len(each) for each in (left, right) if hasattr(each, "__len__")]
    counts = [each for each in (left, right) if isinstance(each, int)]
    return bool(sizes and counts) and sizes[0] * counts[0] > MAX_ITEMS


def compare(operation: ast.cmpop, left: Any, right: Any) -> Any:
    """Return whether a comparison holds, UNKNOWN where that depends on what is not known.

    :raises Exception: whatever the comparison raises.
    """
    if not fits(left, right):
        return UNKNOWN
    known = _COMPARISONS[type(operation)](left, right)
    if isinstance(operation, (ast.In, ast.NotIn)) and isinstance(right, (list, tuple, set, dict)):
        item = next((each for each in right if each == left), None)
        if getattr(item, "conditional", False) or (item is None and UNKNOWN in right):
            return UNKNOWN
    return known
