"""Decorators: one less, or one more."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Final

from ringfence.audit.fixes import Fix
from ringfence.audit.fixes._calls import dotted, imported
from ringfence.audit.fixes._text import Text
from ringfence.audit.model import Edit, Finding

__all__ = ["FIXES"]

_HTTP: Final = "django.views.decorators.http"


def _function(text: Text, finding: Finding) -> ast.FunctionDef | None:
    """Return the function at whose first line the finding stands: a decorator's, or its own."""
    line = finding.hit.place.line
    for node in text.nodes:
        if isinstance(node, ast.FunctionDef):
            first = min(node.lineno, *(each.lineno for each in node.decorator_list), node.lineno)
            if first <= line <= node.lineno:
                return node
    return None


def _exempt(text: Text, finding: Finding) -> Iterable[Edit]:
    function = _function(text, finding)
    for each in function.decorator_list if function is not None else ():
        if dotted(each).rpartition(".")[2] == "csrf_exempt":
            line = each.lineno
            if text.lines[line - 1].strip() == f"@{text.source(each)}":
                yield text.edit(text.start_of(line), text.end_of(line) + 1, "", safe=False)


def _post_only(text: Text, finding: Finding) -> Iterable[Edit]:
    function = _function(text, finding)
    if function is None or function.col_offset or _is_limited(function):
        return
    # A view that asks for the method serves more than one.
    if any(
        isinstance(node, ast.Attribute) and node.attr == "method" for node in ast.walk(function)
    ):
        return
    needed = imported(text, _HTTP, "require_POST", safe=False)
    if needed is None:
        return
    first = min((each.lineno for each in function.decorator_list), default=function.lineno)
    at = text.start_of(first)
    yield from needed
    yield text.edit(at, at, "@require_POST\n", safe=False)


def _is_limited(function: ast.FunctionDef) -> bool:
    names = [
        dotted(each.func if isinstance(each, ast.Call) else each)
        for each in function.decorator_list
    ]
    return any("require" in name or "api_view" in name for name in names)


FIXES = (
    Fix("CSRF471", "takes `@csrf_exempt` away", _exempt),
    Fix("CSRF473", "adds `@require_POST`", _post_only),
)
