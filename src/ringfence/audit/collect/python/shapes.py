"""The same value in another shape: one element of it, its items, the name it goes by."""

from __future__ import annotations

import ast
import re
from dataclasses import replace

from ringfence.audit.collect.python.values import NOTHING, SAFE, literal, merge
from ringfence.audit.model import UNKNOWN, Value

__all__ = [
    "dotted",
    "element_of",
    "fixed_text",
    "kept",
    "named_after",
    "with_entry",
    "with_items",
]

#: So deep an expression is looked into for its text, and so much of a text is kept.
_DEEP = 20
_LONG = 2000
_PLACE = re.compile(r"%\(\w{1,40}\)s|%s|\{\w{0,40}\}")
#: Not more entries of a dictionary than these are kept.
_ENTRIES = 100
#: How deep items are kept in items, and how many of them altogether.
_DEEPEST = 12
_MOST = 1000


def element_of(value: Value) -> Value:
    """Return the value of one element of ``value``."""
    if value.items:
        items = [item[0] if isinstance(item, tuple) else item for item in value.items]
        if all(item.literal is not UNKNOWN for item in items):
            return SAFE
        return merge(items)
    if value.literal is not UNKNOWN:
        return SAFE
    if value.sources or value.calls:
        return Value(
            sources=value.sources,
            parameters=value.parameters,
            safe_for=value.safe_for,
            built=value.built,
            name=value.name,
            opaque=value.opaque,
            calls=value.calls,
            through=value.through,
        )
    return SAFE if value.safe_for else NOTHING


def kept(items: tuple[Value | tuple[Value, Value], ...]) -> tuple[Value | tuple[Value, Value], ...]:
    """Return ``items``, or none if there is too much in them to follow.

    ``x = [x, x]`` a few dozen times over would be more values than there is memory for.
    """
    left = _MOST
    waiting = [(items, 0)]
    while waiting:
        inside, depth = waiting.pop()
        for item in inside:
            for each in item if isinstance(item, tuple) else (item,):
                if each.items:
                    left -= len(each.items)
                    if left < 0 or depth >= _DEEPEST:
                        return ()
                    waiting.append((each.items, depth + 1))
    return items


def with_items(value: Value, items: tuple[Value | tuple[Value, Value], ...]) -> Value:
    """Return ``value`` with the elements of its display."""
    return Value(
        sources=value.sources,
        parameters=value.parameters,
        safe_for=value.safe_for,
        built=value.built,
        opaque=value.opaque,
        items=kept(items),
        calls=value.calls,
        through=value.through,
    )


def with_entry(value: Value, key: object, entry: Value) -> Value:
    """Return the dictionary ``value`` after ``value[key] = entry``."""
    pairs = [item for item in value.items if isinstance(item, tuple)]
    if isinstance(key, str) and len(pairs) == len(value.items) < _ENTRIES:
        pairs = [pair for pair in pairs if pair[0].literal != key]
        joined = merge([value, entry]) if entry.sources or entry.calls else value
        found = with_items(joined, (*pairs, (literal(key), entry)))
        return replace(found, name=value.name) if value.name else found
    if not (entry.sources or entry.calls):
        return value
    return replace(merge([value, entry]), name=value.name)


def named_after(value: Value, node: ast.expr) -> Value:
    """Return ``value`` with the text of its expression's names for a name."""
    name = dotted(node)
    if not name:
        return value
    return Value(
        sources=value.sources,
        parameters=value.parameters,
        safe_for=value.safe_for,
        built=value.built,
        name=name,
        items=value.items,
        opaque=value.opaque,
        calls=value.calls,
        through=value.through,
    )


def fixed_text(node: ast.expr, depth: int = 0) -> str:
    """Return the text that is written down in an expression, with an x for all that is not.

    >>> fixed_text(ast.parse("f'script-src {x}' + '; %s' % y").body[0].value)
    'script-src x; x'
    """
    if depth > _DEEP:
        return "x"
    if isinstance(node, ast.Constant):
        return node.value[:_LONG] if isinstance(node.value, str) else "x"
    if isinstance(node, ast.JoinedStr):
        return "".join(fixed_text(part, depth + 1) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return fixed_text(node.left, depth + 1) + fixed_text(node.right, depth + 1)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return _PLACE.sub("x", fixed_text(node.left, depth + 1))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        text = fixed_text(node.func.value, depth + 1)
        if node.func.attr == "format":
            return _PLACE.sub("x", text)
        if (
            node.func.attr == "join"
            and node.args
            and isinstance(node.args[0], (ast.List, ast.Tuple))
        ):
            return text.join(fixed_text(part, depth + 1) for part in node.args[0].elts[:_ENTRIES])
    return "x"


def dotted(node: ast.expr) -> str:
    """Return the names in an expression, with dots between them; "" if there are none."""
    parts: list[str] = []
    while True:
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Subscript):
            node = node.value
        else:
            break
    parts.append(node.id if isinstance(node, ast.Name) else "?")
    return ".".join(reversed(parts)) if parts != ["?"] else ""
