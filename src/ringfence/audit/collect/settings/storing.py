"""Give names, entries and lists their values."""

from __future__ import annotations

import ast
from typing import Any

from ringfence.audit.collect.settings.calls import Namespace
from ringfence.audit.collect.settings.expressions import evaluate
from ringfence.audit.collect.settings.operators import combine
from ringfence.audit.collect.settings.values import bounded, plain
from ringfence.audit.collect.settings.world import Frame
from ringfence.audit.model import UNKNOWN

__all__ = ["augment", "store"]


def store(target: ast.expr, value: Any, frame: Frame, node: ast.stmt) -> None:
    """Give a target the value that ``node`` gives it."""
    if isinstance(target, ast.Name):
        frame.names[target.id] = value
        frame.places[target.id] = frame.parsed.place(node, target.id)
        frame.uncertain.discard(target.id)
    elif isinstance(target, (ast.Tuple, ast.List)):
        items = list(value) if isinstance(value, (list, tuple)) else []
        if len(items) != len(target.elts):
            items = [UNKNOWN] * len(target.elts)
        for each, item in zip(target.elts, items, strict=True):
            store(each, item, frame, node)
    elif isinstance(target, ast.Subscript):
        _store_item(target, value, frame, node)


def _store_item(target: ast.Subscript, value: Any, frame: Frame, node: ast.stmt) -> None:
    holder, key = evaluate(target.value, frame), evaluate(target.slice, frame)
    if isinstance(holder, Namespace):
        if isinstance(key, str):
            frame.names[plain(key)] = value
            frame.places[plain(key)] = frame.parsed.place(node, plain(key))
        else:
            frame.doubt("names made up by globals()")
    elif isinstance(holder, dict):
        try:
            holder.pop(key, None)
            holder[key] = value
        except TypeError:
            holder[UNKNOWN] = UNKNOWN
    elif isinstance(holder, list):
        if isinstance(key, int) and -len(holder) <= key < len(holder):
            holder[key] = value
        elif isinstance(target.slice, ast.Slice):
            _store_slice(target.slice, holder, value, frame)


def _store_slice(place: ast.Slice, holder: list[Any], value: Any, frame: Frame) -> None:
    new = list(value) if isinstance(value, (list, tuple)) else [UNKNOWN]
    bounds = [
        None if part is None else evaluate(part, frame) for part in (place.lower, place.upper)
    ]
    known = all(each is None or type(each) is int for each in bounds)
    if place.step is None and known and UNKNOWN not in holder:
        holder[slice(*bounds)] = new
    else:
        holder.extend(new)


def augment(node: ast.AugAssign, frame: Frame) -> None:
    """Do what ``+=`` does: a list stays the same list."""
    added = evaluate(node.value, frame)
    if not isinstance(node.target, ast.Name):
        if isinstance(node.target, (ast.Attribute, ast.Subscript)):
            holder = evaluate(node.target, frame)
            if isinstance(holder, list):
                holder.extend(added if isinstance(added, (list, tuple)) else [UNKNOWN])
            elif isinstance(node.target, ast.Subscript):
                store(node.target, _sum(node.op, holder, added), frame, node)
        return
    name = node.target.id
    _, before = frame.lookup(name)
    if isinstance(before, list) and isinstance(node.op, ast.Add):
        known = isinstance(added, (list, tuple, set))
        before.extend(added if known else [UNKNOWN])
    else:
        frame.names[name] = bounded(_sum(node.op, before, added))
    if name not in frame.places:
        frame.places[name] = frame.parsed.place(node, name)


def _sum(operation: ast.operator, before: Any, added: Any) -> Any:
    if isinstance(added, (list, tuple)) and not isinstance(before, (list, tuple)):
        return type(added)((UNKNOWN, *added))
    if isinstance(before, (list, tuple)) and not isinstance(added, (list, tuple)):
        return type(before)((*before, UNKNOWN))
    if UNKNOWN in (before, added):
        return UNKNOWN
    try:
        return combine(operation, before, added)
    except Exception:  # noqa: BLE001 - operands that do not fit have no value
        return UNKNOWN
