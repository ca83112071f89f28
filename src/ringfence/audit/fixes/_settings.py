"""Settings by their name: the one expression that a finding is about."""

from __future__ import annotations

import ast

from ringfence.audit.fixes._text import Text
from ringfence.audit.model import Finding

__all__ = ["constant", "literal", "setting"]


def setting(text: Text, finding: Finding, *names: str) -> ast.expr | None:
    """Return the value that the finding's line gives one of the settings, if one does.

    The line is that of the assignment, or of an entry in it.
    """
    line = finding.hit.place.line
    found = [
        value
        for name in names
        for statement, value in text.assigned(name)
        if statement.lineno <= line <= (statement.end_lineno or 0)
    ]
    return found[0] if len(found) == 1 else None


def constant(node: ast.expr | None, *values: object) -> bool:
    """Whether the expression is one of these constants, written out."""
    return isinstance(node, ast.Constant) and any(
        node.value is value or (isinstance(value, str) and node.value == value) for value in values
    )


def literal(text: Text, node: ast.expr | None) -> str:
    """Return a string that is written on one line, in one piece and without a prefix; or ""."""
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return ""
    source = text.source(node)
    plain = source[:1] in ("'", '"') and source[1:-1] == node.value
    return node.value if plain else ""
