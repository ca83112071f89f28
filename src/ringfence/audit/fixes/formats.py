"""Strings that data is put into: the data becomes an argument of what escapes it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from ringfence.audit.fixes import Fix
from ringfence.audit.fixes._calls import call_at, dotted, imported
from ringfence.audit.fixes._text import Text
from ringfence.audit.model import Edit, Finding

__all__ = ["FIXES"]

#: An f-string's field that is a name, an attribute or an item, and nothing more.
_FIELD: Final = re.compile(r"\{([A-Za-z_]\w*+(?:\.[A-Za-z_]\w*+|\(\)|\[\w++\])*+)\}")
_STARTS: Final = ("'", '"')


class _Parts(NamedTuple):
    """A format as a literal's source, and the sources of what is put into it."""

    literal: str
    values: list[str]


def _parts(text: Text, node: ast.expr) -> _Parts | None:
    """Return the parts of ``"…%s…" % x`` or of an f-string, with ``%s`` where the data goes."""
    source = text.source(node)
    if isinstance(node, ast.JoinedStr):
        if source[:2] not in ('f"', "f'") or source[1:4] in ('"""', "'''") or "%" in source:
            return None
        fields = [each for each in node.values if isinstance(each, ast.FormattedValue)]
        values = _FIELD.findall(source)
        literal = _FIELD.sub("%s", source[1:])
        whole = len(fields) == len(values) and "{" not in literal and "}" not in literal
        return _Parts(literal, values) if whole and _is_literal(literal) else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        literal = text.source(node.left)
        right = node.right
        given = right.elts if isinstance(right, ast.Tuple) else [right]
        plain = isinstance(right, ast.Tuple | ast.Attribute | ast.Subscript | ast.Call | ast.Name)
        if not plain or not _is_literal(literal) or any(isinstance(x, ast.Starred) for x in given):
            return None
        if literal.count("%") == literal.count("%s") == len(given):
            return _Parts(literal, [text.source(each) for each in given])
    return None


def _is_literal(source: str) -> bool:
    """Whether the source is one string without a prefix, on one line."""
    if source[:1] not in _STARTS or source[:3] in ('"""', "'''") or "\n" in source:
        return False
    try:
        node = ast.parse(source, mode="eval").body
    except (SyntaxError, ValueError):
        return False
    inside = source[1:-1].replace("\\" + source[0], "")
    # Two literals beside one another are one constant, too.
    return isinstance(node, ast.Constant) and source[0] not in inside


def _alone(text: Text, call: ast.Call) -> ast.expr | None:
    """Return the call's only argument, if it stands in no parentheses of its own."""
    if len(call.args) != 1 or call.keywords:
        return None
    _, begin = text.span(call.func)
    start, end = text.span(call.args[0])
    _, stop = text.span(call)
    before, behind = text.text[begin:start].strip(), text.text[end:stop].strip()
    return call.args[0] if before == "(" and behind in (")", ",)") else None


def _as_arguments(text: Text, call: ast.Call) -> list[Edit]:
    argument = _alone(text, call)
    parts = _parts(text, argument) if argument is not None else None
    if argument is None or parts is None or not parts.values:
        return []
    if "{" in parts.literal or "}" in parts.literal:
        return []
    literal = parts.literal.replace("%s", "{}")
    new = ", ".join((literal, *parts.values))
    return [text.edit(*text.span(argument), new, safe=False)]


def _marked(text: Text, finding: Finding) -> Iterable[Edit]:
    call = call_at(text, finding, "mark_safe")
    if call is None or not isinstance(call.func, ast.Name):
        return
    edits = _as_arguments(text, call)
    needed = imported(text, "django.utils.html", "format_html", safe=False)
    if edits and needed is not None:
        yield from needed
        yield text.edit(*text.span(call.func), "format_html", safe=False)
        yield from edits


def _formatted(text: Text, finding: Finding) -> Iterable[Edit]:
    call = call_at(text, finding, "format_html")
    if call is not None:
        yield from _as_arguments(text, call)


def _parameters(text: Text, finding: Finding) -> Iterable[Edit]:
    call = call_at(text, finding, "execute")
    # Other drivers write a parameter in other ways.
    if call is None or "from django.db import " not in text.text or "sqlite3" in text.text:
        return
    if not dotted(call.func).endswith(("cursor.execute", "c.execute", "cur.execute")):
        return
    argument = _alone(text, call)
    parts = _parts(text, argument) if argument is not None else None
    if argument is None or parts is None or not parts.values:
        return
    # In quotes it is a value; elsewhere it may be a table's name, which no parameter can be.
    if parts.literal.count("'%s'") == len(parts.values) and parts.literal[0] == '"':
        literal = parts.literal.replace("'%s'", "%s")
        new = f"{literal}, [{', '.join(parts.values)}]"
        yield text.edit(*text.span(argument), new, safe=False)


FIXES = (
    Fix("SQL401", "gives values that stand in quotes as parameters", _parameters),
    Fix("XSS501", "calls `format_html` with the data as arguments", _marked),
    Fix("XSS502", "gives the data as arguments", _formatted),
)
