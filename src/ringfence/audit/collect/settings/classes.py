"""Settings that are classes: django-configurations."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from ringfence.audit.collect.settings.values import Ref
from ringfence.audit.collect.settings.world import ClassValue, Frame, Function
from ringfence.audit.model import UNKNOWN

__all__ = ["configurations", "flatten"]

_DEEP = 20


def configurations(module: Frame) -> Iterator[ClassValue]:
    """Yield the classes of a module that are settings."""
    for value in module.names.values():
        if isinstance(value, ClassValue) and _is_configuration(value):
            yield value


def _is_configuration(value: Any) -> bool:
    """Whether it is that class, or one of its own or of a base's bases; each is asked once."""
    waiting = [value]
    seen: set[int] = set()
    while waiting:
        each = waiting.pop()
        if isinstance(each, Ref):
            if each.name.startswith("configurations.") and each.name.endswith("Configuration"):
                return True
        elif isinstance(each, ClassValue) and id(each) not in seen:
            seen.add(id(each))
            waiting.extend(each.bases)
    return False


def flatten(value: ClassValue, depth: int = 0, known: dict[int, Frame] | None = None) -> Frame:
    """Return the names of a class with those it inherits; properties have their values."""
    frame = Frame(value.frame.world, value.frame.parsed)
    known = {} if known is None else known
    for base in reversed(value.bases if depth < _DEEP else ()):
        if isinstance(base, ClassValue):
            # A base that is met on several ways is the same one.
            inherited = known.get(id(base)) or flatten(base, depth + 1, known)
            known[id(base)] = inherited
            frame.names.update(inherited.names)
            frame.places.update(inherited.places)
            frame.uncertain.update(inherited.uncertain)
        elif isinstance(base, Ref) and not _is_configuration(base):
            frame.doubt(base.name)
    frame.names.update(value.frame.names)
    frame.places.update(value.frame.places)
    if depth == 0:
        for name, each in list(frame.names.items()):
            if isinstance(each, Function) and name.isupper():
                frame.names[name] = _property(each, value)
                frame.places[name] = each.frame.parsed.place(each.node, name)
    return frame


def _property(function: Function, of: ClassValue) -> Any:
    node = function.node
    decorators = [] if isinstance(node, ast.Lambda) else node.decorator_list
    names = [getattr(each, "attr", getattr(each, "id", "")) for each in decorators]
    if not any("property" in name for name in names):
        return UNKNOWN
    try:
        return function.run(function, [of], {})
    except Exception:  # noqa: BLE001 - a property that cannot be evaluated is not known
        return UNKNOWN
