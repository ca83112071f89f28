"""Values of settings as they are known without running anything.

A value is an ordinary Python one, with :data:`UNKNOWN` for what cannot be told. Strings that stand
in the source know where: a rule can then point to the one entry of a list that matters, however
many modules the list went through.
"""

from __future__ import annotations

import ast
from pathlib import PurePosixPath
from typing import Any, Final, Self

from ringfence.audit.model import UNKNOWN
from ringfence.records import record

__all__ = [
    "MAX_ITEMS",
    "MAX_NODES",
    "MAX_TEXT",
    "Located",
    "Ref",
    "bounded",
    "copied",
    "exported",
    "fits",
    "merged",
    "plain",
    "possible",
    "weight",
]

MAX_TEXT: Final = 100_000
MAX_ITEMS: Final = 5_000
#: Items of items, all together.
MAX_NODES: Final = 20_000
_MAX_DEPTH: Final = 30
_HOLDERS: Final = (list, tuple, dict, set, frozenset)
_PLAIN: Final = (str, bytes, bool, int, float, complex, type(None))


class Located(str):
    """A string of the source, and where it is written.

    ``conditional`` says that it may or may not be there: it stands under a condition that nobody
    can decide here.

    >>> word = Located("*", "site/settings.py", 12)
    >>> word == "*", word.line
    (True, 12)
    """

    __slots__ = ("conditional", "line", "path")

    def __new__(
        cls, text: str, path: str = "", line: int = 0, *, conditional: bool = False
    ) -> Self:
        """Make a string that knows its place."""
        self = super().__new__(cls, text)
        self.path = path
        self.line = line
        self.conditional = conditional
        return self

    path: str
    line: int
    conditional: bool


@record
class Ref:
    """Something imported that has no value here, by its dotted name; ``bound`` is what it is of.

    A method of a known value is a ``Ref`` whose ``bound`` is the value.
    """

    name: str
    bound: Any = UNKNOWN


def plain(value: Any) -> Any:
    """Return a string without its place (a key, or what a name is looked up by)."""
    return str.__str__(value) if isinstance(value, Located) else value


def bounded(value: Any) -> Any:
    """Return ``value``, or UNKNOWN if it is larger than settings are."""
    if isinstance(value, (str, bytes)):
        return value if len(value) <= MAX_TEXT else UNKNOWN
    if isinstance(value, (list, tuple, dict, set, frozenset)):
        return value if len(value) <= MAX_ITEMS else UNKNOWN
    if isinstance(value, int) and not isinstance(value, bool):
        return value if abs(value) < 2**80 else UNKNOWN
    return value


def fits(*values: Any) -> bool:
    """Whether values are no larger than settings are, with all that is in them.

    ``X = [X, X]`` forty times over is a list that no walk, comparison or copy comes to an end of.

    >>> grown = [1]
    >>> for _ in range(40):
    ...     grown = [grown, grown]
    >>> fits(grown), fits([[1], {"a": (2,)}])
    (False, True)
    """
    return weight(*values) <= MAX_NODES


def weight(*values: Any) -> int:
    """Return how many items there are in values; of too many, or too deep ones, too many."""
    count = 0
    waiting = [(value, 0) for value in values if isinstance(value, _HOLDERS)]
    while waiting:
        value, depth = waiting.pop()
        count += len(value)
        if count > MAX_NODES or depth > _MAX_DEPTH:
            return MAX_NODES + 1
        for inside in (value, value.values()) if isinstance(value, dict) else (value,):
            waiting.extend((each, depth + 1) for each in inside if isinstance(each, _HOLDERS))
    return count


def copied(value: Any, depth: int = 0) -> Any:
    """Return a copy whose lists and dicts can be changed without changing the original."""
    if depth > _MAX_DEPTH:
        return UNKNOWN
    if isinstance(value, list):
        return [copied(each, depth + 1) for each in value]
    if isinstance(value, dict):
        return {key: copied(each, depth + 1) for key, each in value.items()}
    if isinstance(value, tuple):
        return tuple(copied(each, depth + 1) for each in value)
    return set(value) if isinstance(value, set) else value


def exported(value: Any, depth: int = 0) -> Any:
    """Return ``value`` as a rule may see it: data only, paths as strings."""
    if depth > _MAX_DEPTH:
        return UNKNOWN
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, list):
        return [exported(each, depth + 1) for each in value]
    if isinstance(value, tuple):
        return tuple(exported(each, depth + 1) for each in value)
    if isinstance(value, dict):
        return {key: exported(each, depth + 1) for key, each in value.items()}
    if isinstance(value, (set, frozenset)):
        return frozenset(value)
    if isinstance(value, PurePosixPath):
        return str(value)
    node = getattr(value, "node", None)
    if isinstance(node, ast.Lambda) and isinstance(node.body, ast.Constant):
        return Located(ast.unparse(node)[:200], "", node.lineno)
    if isinstance(node, ast.FunctionDef) and isinstance(node.body[-1], ast.Return):
        returned = node.body[-1].value
        if len(node.body) == 1 + (ast.get_docstring(node) is not None) and isinstance(
            returned, ast.Constant
        ):
            return Located(f"{node.name}(): {returned.value!r}"[:200], "", node.lineno)
    # Durations, as in timedelta(days=1), are compared with other durations only.
    return value if type(value).__module__ == "datetime" else UNKNOWN


def merged(first: Any, second: Any, depth: int = 0) -> Any:
    """Return what is known of a value that is either of two.

    What stands in one of two lists only may be there: its strings are marked ``conditional``.
    """
    if depth > _MAX_DEPTH or first is UNKNOWN or second is UNKNOWN:
        return UNKNOWN
    if depth == 0 and not fits(first, second):
        return UNKNOWN
    if type(first) is type(second) and isinstance(first, (list, tuple)):
        return type(first)(_merged_items(list(first), list(second)))
    if isinstance(first, dict) and isinstance(second, dict):
        return _merged_dicts(first, second, depth)
    return first if _same(first, second) else UNKNOWN


def _same(first: Any, second: Any) -> bool:
    try:
        same = plain(first) == plain(second) and (
            type(plain(first)) is type(plain(second)) or first is second
        )
    except Exception:  # noqa: BLE001 - a comparison of odd values decides nothing
        return False
    return same is True


def _merged_items(first: list[Any], second: list[Any]) -> list[Any]:
    """Keep the order of both: common entries as they are, others as possible ones."""
    result: list[Any] = []
    if len(first) * len(second) > MAX_ITEMS * 100:
        return [UNKNOWN]
    left = list(second)
    for item in first:
        at = next((index for index, other in enumerate(left) if _same(item, other)), None)
        if at is None:
            result.append(possible(item))
            continue
        result.extend(possible(other) for other in left[:at])
        result.append(item)
        del left[: at + 1]
    result.extend(possible(other) for other in left)
    return result


def possible(item: Any) -> Any:
    """Return an entry that may be there or not."""
    if isinstance(item, str):
        path, line = getattr(item, "path", ""), getattr(item, "line", 0)
        return Located(str.__str__(item), path, line, conditional=True)
    return UNKNOWN


def _merged_dicts(first: dict[Any, Any], second: dict[Any, Any], depth: int) -> dict[Any, Any]:
    result: dict[Any, Any] = {}
    for key in (*first, *(key for key in second if key not in first)):
        if key in first and key in second:
            result[key] = merged(first[key], second[key], depth + 1)
        else:
            present = first[key] if key in first else second[key]
            result[possible(key) if isinstance(key, str) else key] = present
    return result
