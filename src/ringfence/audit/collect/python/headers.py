"""Headers of responses that a view writes: which are kept, and what is known of their values."""

from __future__ import annotations

import ast
import re
from typing import Final

from ringfence.audit.collect.python.shapes import fixed_text
from ringfence.audit.collect.python.values import literal
from ringfence.audit.model import Value

__all__ = ["HEADER", "SETTERS", "as_header"]

#: How a header is given other than by ``response[name] = value``.
SETTERS: Final = frozenset({"setdefault", "__setitem__", "add_header", "add", "append", "set"})
#: Headers that rules ask for, in whatever dictionary they stand.
HEADER: Final = re.compile(
    r"(?i)access-control-allow-(?:origin|credentials)|content-security-policy|x-frame-options"
    r"|(?:script|default)-src(?:-elem)?"
)


def as_header(name: str, value: Value, node: ast.AST) -> Value:
    """Return the value of a header as far as it is written down: its fixed text, or its default."""
    given = node
    if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
        given = node.value
    elif isinstance(node, ast.Call) and len(node.args) > 1:
        given = node.args[1]
    if not isinstance(given, ast.expr):
        return value
    if "security-policy]" in name:
        text = fixed_text(given)
        return Value(name=text, built=True, opaque=True) if "-src" in text else value
    if "allow-origin]" in name and not value.sources:
        last = given.values[-1] if isinstance(given, ast.BoolOp) else given
        if isinstance(last, ast.Call) and len(last.args) > 1:
            last = last.args[-1]
        if isinstance(last, ast.Constant) and last.value == "*":
            return literal("*")
    return value
