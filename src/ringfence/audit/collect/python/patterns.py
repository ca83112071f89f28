"""Parts of URL patterns: their text, the functions that make them, the tests they stand under."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Final

__all__ = ["ROUTES", "condition_of", "is_route", "last", "text"]

ROUTES: Final = frozenset({"path", "re_path", "url", "repath"})
#: Words of a test that keeps what follows off servers.
_DEBUG: Final = frozenset(
    {"DEBUG", "TESTING", "DEVELOPMENT", "DEV", "LOCAL", "IS_DEV", "TEST", "DEV_MODE", "debug"}
)


def is_route(node: ast.expr) -> bool:
    """Say whether it is a call of ``path()`` or its like."""
    return isinstance(node, ast.Call) and last(node.func) in ROUTES


def last(node: ast.expr) -> str:
    """Return the last part of a name."""
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def text(node: ast.expr) -> str | None:
    """Return the text of a pattern: of one that is translated, as it stands there."""
    if isinstance(node, ast.Call) and len(node.args) == 1:
        node = node.args[0]
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def condition_of(test: ast.expr) -> str:
    """Return what a test asks: ``"debug"`` if it keeps what follows off servers, else ``"if"``."""
    return "debug" if _DEBUG.intersection(_words(test)) else "if"


def _words(test: ast.expr) -> Iterable[str]:
    for node in ast.walk(test):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
