"""Tests that make a value safe where they hold: allowed hosts, lists of choices, digits."""

from __future__ import annotations

import ast
from typing import Final

from ringfence.audit.collect.python.state import Frame, Unit
from ringfence.audit.collect.python.values import ALL_USES, made_safe
from ringfence.audit.model import Source

__all__ = ["failing_branch", "falsy_branch", "methods_allowed", "note_guard", "terminates"]

#: Functions that say whether a value may be used, and for what.
_GUARDS: Final[dict[str, frozenset[str]]] = {
    "url_has_allowed_host_and_scheme": frozenset({"url"}),
    "is_safe_url": frozenset({"url"}),
    "is_safe_redirect_url": frozenset({"url"}),
    "is_safe_redirect": frozenset({"url"}),
    "is_same_domain": frozenset({"url"}),
    "validate_url": frozenset({"url"}),
    "is_valid_url": frozenset({"url"}),
    "is_relative_to": frozenset({"path"}),
    "relative_to": frozenset({"path"}),
    "commonpath": frozenset({"path"}),
    "commonprefix": frozenset({"path"}),
    "fullmatch": ALL_USES,
    "isdigit": ALL_USES,
    "isalnum": ALL_USES,
    "isidentifier": ALL_USES,
    "isdecimal": ALL_USES,
    "isnumeric": ALL_USES,
    "isalpha": ALL_USES,
}
_UNSAFE: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def note_guard(node: ast.Call | ast.Compare, unit: Unit, frame: Frame) -> None:
    """Remember what the test ``node`` says of the names in it, from here on."""
    if isinstance(node, ast.Compare):
        _note_comparison(node, unit, frame)
        return
    func = node.func
    last = func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")
    uses = _GUARDS.get(last)
    if uses is None:
        if last == "match" and node.args and _is_anchored(node):
            uses = ALL_USES
        elif last == "startswith" and isinstance(func, ast.Attribute):
            uses = _by_prefix(node)
    if uses is None:
        return
    subjects: list[ast.expr] = [*node.args, *(keyword.value for keyword in node.keywords)]
    if isinstance(func, ast.Attribute):
        subjects.append(func.value)
    for subject in subjects:
        _mark(subject, uses, unit, frame)


def _is_anchored(node: ast.Call) -> bool:
    pattern = node.args[0]
    return isinstance(pattern, ast.Constant) and str(pattern.value).endswith(("$", r"\Z"))


def _by_prefix(node: ast.Call) -> frozenset[str] | None:
    """``path.startswith(root)`` is how most people keep a path in its folder, a URL on its site."""
    if node.args and isinstance(node.args[0], ast.Constant):
        return frozenset({"url"}) if str(node.args[0].value) in {"/", "//"} else None
    return frozenset({"path", "url"})


def _note_comparison(node: ast.Compare, unit: Unit, frame: Frame) -> None:
    if len(node.ops) != 1:
        return
    op, right = node.ops[0], node.comparators[0]
    if isinstance(op, (ast.In, ast.NotIn)) and isinstance(
        right, (ast.List, ast.Tuple, ast.Set, ast.Name, ast.Attribute, ast.Dict, ast.Call)
    ):
        text = right.attr if isinstance(right, ast.Attribute) else getattr(right, "id", "")
        if text and text in {"request", "GET", "POST", "data", "FILES", "COOKIES", "session"}:
            return
        value = unit.lookup(text, frame) if isinstance(right, ast.Name) else None
        if value is None or not value.sources:
            _mark(node.left, ALL_USES, unit, frame)


def _mark(node: ast.expr, uses: frozenset[str], unit: Unit, frame: Frame) -> None:
    if isinstance(node, ast.Name):
        value = frame.env.get(node.id)
        if value is not None and (value.sources or value.calls):
            frame.marked.append((node.id, value))
            frame.env[node.id] = made_safe(value, uses)
    elif isinstance(node, (ast.Call, ast.Subscript)):
        frame.tested[ast.dump(node)] = uses
        if isinstance(node, ast.Call):
            for argument in node.args[:1]:
                _mark(argument, uses, unit, frame)
    elif isinstance(node, ast.Attribute):
        base = frame.env.get(node.value.id) if isinstance(node.value, ast.Name) else None
        if base is None or Source.MODEL not in base.sources:
            # Of an object only the one attribute was looked at.
            _mark(node.value, uses, unit, frame)


def failing_branch(test: ast.expr) -> int | None:
    """Return the branch of ``test`` that is taken if what it looks at may not be used: 0 or 1.

    None if that is not certain.

    >>> failing_branch(ast.parse("x not in NAMES").body[0].value)
    0
    >>> failing_branch(ast.parse("x and is_safe_url(x)").body[0].value)
    1
    """
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = failing_branch(test.operand)
        return None if inner is None else 1 - inner
    if isinstance(test, ast.Compare):
        if len(test.ops) != 1 or not isinstance(test.ops[0], (ast.In, ast.NotIn)):
            return None
        return 0 if isinstance(test.ops[0], ast.NotIn) else 1
    if isinstance(test, ast.Call):
        return 1
    if isinstance(test, ast.BoolOp):
        found = {failing_branch(part) for part in test.values} - {None}
        wanted = 1 if isinstance(test.op, ast.And) else 0
        return wanted if found == {wanted} else None
    return None


def falsy_branch(test: ast.expr) -> tuple[str, bool]:
    """Return the name that is nothing in one branch of ``test``: in the first, if it is true.

    >>> falsy_branch(ast.parse("not x").body[0].value)
    ('x', True)
    """
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        name, first = falsy_branch(test.operand)
        return name, not first
    if isinstance(test, ast.Name):
        return test.id, False
    if isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and len(test.ops) == 1:
        right = test.comparators[0]
        if isinstance(right, ast.Constant) and right.value is None:
            return test.left.id, isinstance(test.ops[0], (ast.Is, ast.Eq))
    return "", False


def terminates(body: list[ast.stmt]) -> bool:
    """Say whether control leaves the block at its end."""
    if not body:
        return False
    last = body[-1]
    if isinstance(last, (ast.Return, ast.Raise, ast.Continue, ast.Break)):
        return True
    return (
        isinstance(last, ast.If)
        and bool(last.orelse)
        and (terminates(last.body) and terminates(last.orelse))
    )


def methods_allowed(test: ast.expr, frame: Frame | None = None) -> tuple[bool, bool]:
    """Say of which branch it is certain that no GET comes there: (where it holds, where not).

    >>> methods_allowed(ast.parse("request.method == 'POST'").body[0].value)
    (True, False)
    >>> methods_allowed(ast.parse("request.method != 'POST'").body[0].value)
    (False, True)
    """
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        holds, fails = methods_allowed(test.operand, frame)
        return fails, holds
    if isinstance(test, ast.BoolOp):
        parts = [methods_allowed(part, frame) for part in test.values]
        if isinstance(test.op, ast.And):
            return any(part[0] for part in parts), False
        return all(part[0] for part in parts), any(part[1] for part in parts)
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        return _of_comparison(test)
    if isinstance(test, ast.Name) and frame is not None:
        value = frame.env.get(test.id)
        return value is not None and value.name.startswith(("request.POST", "request.FILES")), False
    return _names_post(test), False


def _of_comparison(test: ast.Compare) -> tuple[bool, bool]:
    op, right = test.ops[0], test.comparators[0]
    if _is_method(test.left):
        values = {
            str(leaf.value).upper() for leaf in ast.walk(right) if isinstance(leaf, ast.Constant)
        }
        if isinstance(op, (ast.Eq, ast.In)):
            return values <= _UNSAFE, bool(values & {"GET"})
        if isinstance(op, (ast.NotEq, ast.NotIn)):
            return bool(values & {"GET"}), values <= _UNSAFE
    if isinstance(op, ast.In) and _names_post(right):
        return True, False
    if isinstance(op, ast.NotIn) and _names_post(right):
        return False, True
    return False, False


def _is_method(node: ast.expr) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return _is_method(node.func.value)
    return isinstance(node, ast.Attribute) and node.attr == "method"


def _names_post(node: ast.expr) -> bool:
    """``request.POST``, ``request.POST.get(…)``, ``form.is_valid()``: there was a body."""
    while isinstance(node, (ast.Call, ast.Attribute, ast.Subscript)):
        if isinstance(node, ast.Attribute):
            if node.attr in {"POST", "FILES", "is_valid", "data"}:
                return True
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        else:
            node = node.value
    return False
