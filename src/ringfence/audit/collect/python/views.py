"""The view that a URL file names: a function, a class's ``as_view()``, what it is wrapped in."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import field
from typing import Final

from ringfence.audit.collect.python.shapes import dotted
from ringfence.audit.collect.python.state import Unit
from ringfence.records import record

__all__ = ["View", "view_of"]

_DEEP: Final = 8
#: Arguments of ``as_view()`` that matter.
_OPTIONS: Final = frozenset(
    {
        *("permission_classes", "authentication_classes", "http_method_names", "form_class"),
        *("serializer_class", "template_name", "model", "fields", "queryset", "actions"),
    }
)


@record
class View:
    """A view by its full name, "" where it is not known, and the decorators around it."""

    target: str
    wrappers: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)


def view_of(node: ast.expr, unit: Unit, class_name: str = "") -> View:
    """Return the view that ``node`` is; ``class_name`` is what ``self`` stands for."""
    wrappers: list[str] = []
    for _ in range(_DEEP):
        if not isinstance(node, ast.Call):
            return View(_full(node, unit, class_name), tuple(wrappers))
        if isinstance(node.func, ast.Attribute) and node.func.attr in {"as_view", "as_asgi"}:
            name = _full(node.func.value, unit, class_name)
            return View(name, tuple(wrappers), _options(node))
        inner = _inner(node)
        if inner is None:
            # Something makes the view: its name is all that is known.
            return View(_full(node.func, unit, class_name) + "()", tuple(wrappers))
        wrapper = node.func.func if isinstance(node.func, ast.Call) else node.func
        name = _full(wrapper, unit, class_name)
        if name.rpartition(".")[2] != "partial":
            wrappers.append(name)
        node = inner
    return View("", tuple(wrappers))


def _inner(node: ast.Call) -> ast.expr | None:
    """Return the view that a decorator is called with, None if it is called with none."""
    args = [each for each in node.args if not isinstance(each, ast.Starred)]
    for argument in args:
        if isinstance(argument, (ast.Name, ast.Attribute)):
            return argument
        if isinstance(argument, ast.Call):
            func = argument.func
            is_view = isinstance(func, ast.Attribute) and func.attr == "as_view"
            if is_view or _inner(argument) is not None:
                return argument
    return None


def _full(node: ast.expr, unit: Unit, class_name: str) -> str:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if not isinstance(node, (ast.Name, ast.Attribute)):
        return ""
    name = dotted(node)
    head, dot, rest = name.partition(".")
    if head == "self" and class_name:
        return f"{unit.module}.{class_name}.{rest}"
    known = unit.imports.get(head)
    if known is not None:
        return f"{known}{dot}{rest}"
    return f"{unit.module}.{name}" if name and head != "?" else ""


def _options(node: ast.Call) -> dict[str, str]:
    found: dict[str, str] = {}
    for argument in node.args[:1]:
        if isinstance(argument, ast.Dict):
            found["actions"] = " ".join(_pairs(argument))
    for keyword in node.keywords:
        if keyword.arg in _OPTIONS:
            value = keyword.value
            parts = value.elts if isinstance(value, (ast.List, ast.Tuple)) else [value]
            found[keyword.arg] = " ".join(_shown(part) for part in parts[:20])
    return found


def _pairs(node: ast.Dict) -> list[str]:
    return [
        f"{key.value}:{value.value}"
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant)
        and isinstance(value, ast.Constant)
        and isinstance(key.value, str)
        and isinstance(value.value, str)
    ][:20]


def _shown(node: ast.expr) -> str:
    return str(node.value)[:200] if isinstance(node, ast.Constant) else dotted(node)
