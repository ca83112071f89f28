"""Frozen dataclasses that cost little to define and to make.

One audit makes hundreds of thousands of them. ``dataclass(frozen=True)`` writes each field through
a guard, which takes four times as long, and compiles six methods for each class when it is
imported. Here the type checker is the guard, and only ``__init__`` is compiled.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform

__all__ = ["record"]

_T = TypeVar("_T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(cls: type[_T]) -> type[_T]:
    """Return ``cls`` as a dataclass with slots, which is compared and hashed by its fields.

    >>> @record
    ... class Point:
    ...     x: int
    ...     y: int = 0
    >>> Point(1), Point(1) == Point(1, 0), Point(1) == (1, 0), len({Point(1), Point(1)})
    (Point(x=1, y=0), True, False, 1)
    """
    made: Any = dataclass(slots=True, eq=False, repr=False)(cls)
    names = tuple(each.name for each in fields(made))
    taken: Callable[[Any], Any] = attrgetter(*names)

    def __eq__(self: Any, other: object) -> bool:  # noqa: N807 - it becomes the method
        if other.__class__ is self.__class__:
            return bool(taken(self) == taken(other))
        return NotImplemented

    def __hash__(self: Any) -> int:  # noqa: N807 - it becomes the method
        return hash(taken(self))

    def __repr__(self: Any) -> str:  # noqa: N807 - it becomes the method
        values = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{self.__class__.__qualname__}({values})"

    made.__eq__, made.__hash__, made.__repr__ = __eq__, __hash__, __repr__
    return made  # type: ignore[no-any-return]  # dataclass() is asked as what it is: untyped here
