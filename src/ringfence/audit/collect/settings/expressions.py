"""Evaluate an expression of a settings module as far as it can be known."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any, Final

from ringfence.audit.collect.settings import calls
from ringfence.audit.collect.settings.attributes import attribute
from ringfence.audit.collect.settings.deployed import as_deployed
from ringfence.audit.collect.settings.environment import Reader, variable
from ringfence.audit.collect.settings.loops import Know, looped
from ringfence.audit.collect.settings.operators import combine, compare
from ringfence.audit.collect.settings.values import MAX_NODES, Located, Ref, bounded, merged, weight
from ringfence.audit.collect.settings.world import Frame, Function, TooMuchError, UnsetError
from ringfence.audit.model import UNKNOWN

__all__ = ["evaluate", "truth"]

_OPAQUE: Final = (Ref, Function, Reader)


def evaluate(node: ast.expr, frame: Frame) -> Any:
    """Return the value of ``node``, UNKNOWN where it cannot be told."""
    frame.world.step()
    handler = _HANDLERS.get(type(node))
    if handler is None:
        return UNKNOWN
    try:
        value = handler(node, frame)
    except (TooMuchError, RecursionError, UnsetError):
        raise
    except Exception:  # noqa: BLE001 - whatever an odd value raises here, it is not known
        return UNKNOWN
    if type(value) is str:
        value = Located(value, frame.path, getattr(node, "lineno", 0))
    return bounded(value)


def _made(value: Any, frame: Frame) -> Any:
    """Return a value that was put together here, or UNKNOWN if there is too much in it."""
    if not isinstance(value, (list, tuple, dict)):
        return value
    items = weight(value)
    frame.world.spend(items // 10)
    return value if items <= MAX_NODES else UNKNOWN


def truth(node: ast.expr, frame: Frame) -> bool | None:
    """Return whether a condition holds, ``None`` if that is not known.

    What only the environment decides is answered as on a server: not debugging, not testing, in
    production.
    """
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        inner = truth(node.operand, frame)
        return None if inner is None else not inner
    if isinstance(node, ast.BoolOp):
        decisive = isinstance(node.op, ast.Or)
        found = [truth(value, frame) for value in node.values]
        if decisive in found:
            return decisive
        return None if None in found else not decisive
    assumed = as_deployed(node, frame, evaluate)
    if assumed is not None:
        return assumed
    value = evaluate(node, frame)
    if value is UNKNOWN or isinstance(value, _OPAQUE):
        return None
    return bool(value)


def _constant(node: ast.Constant, frame: Frame) -> Any:
    return node.value


def _name(node: ast.Name, frame: Frame) -> Any:
    known, value = frame.lookup(node.id)
    if known:
        if frame.world.environment:
            frame.remember(node.id)
        return value
    if node.id == "__file__":
        return Located(f"/srv/code/site/{frame.path}")
    return Ref(f"builtins.{node.id}") if node.id in calls.BUILTINS else UNKNOWN


def _elements(nodes: list[ast.expr], frame: Frame) -> Iterator[Any]:
    for node in nodes:
        if not isinstance(node, ast.Starred):
            yield evaluate(node, frame)
            continue
        value = evaluate(node.value, frame)
        if isinstance(value, (list, tuple, set, frozenset, dict)):
            yield from value
        else:
            yield UNKNOWN


def _list(node: ast.List, frame: Frame) -> Any:
    return _made(list(_elements(node.elts, frame)), frame)


def _tuple(node: ast.Tuple, frame: Frame) -> Any:
    return _made(tuple(_elements(node.elts, frame)), frame)


def _set(node: ast.Set, frame: Frame) -> Any:
    return set(_elements(node.elts, frame))


def _dict(node: ast.Dict, frame: Frame) -> Any:
    result: dict[Any, Any] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        if key is None:
            inner = evaluate(value, frame)
            result.update(inner if isinstance(inner, dict) else {UNKNOWN: UNKNOWN})
        else:
            name = evaluate(key, frame)
            # The key that stands last says where; dict.update would keep the first one's place.
            result.pop(name, None)
            result[name] = evaluate(value, frame)
    return _made(result, frame)


def _joined(node: ast.JoinedStr, frame: Frame) -> Any:
    parts: list[str] = []
    for part in node.values:
        if isinstance(part, ast.FormattedValue):
            value = evaluate(part.value, frame)
            if part.format_spec is not None or part.conversion not in (-1, 115):
                return UNKNOWN
            if not isinstance(value, (str, int, float, PurePosixPath)):
                return UNKNOWN
            parts.append(str(value))
        elif isinstance(part, ast.Constant):
            parts.append(str(part.value))
    return "".join(parts)


def _binary(node: ast.BinOp, frame: Frame) -> Any:
    left, right = evaluate(node.left, frame), evaluate(node.right, frame)
    if isinstance(left, (list, tuple)) and isinstance(node.op, ast.Add) and right is UNKNOWN:
        return type(left)((*left, UNKNOWN))
    if isinstance(right, (list, tuple)) and isinstance(node.op, ast.Add) and left is UNKNOWN:
        return type(right)((UNKNOWN, *right))
    if left is UNKNOWN or right is UNKNOWN or isinstance(left, _OPAQUE):
        return UNKNOWN
    return _made(combine(node.op, left, right), frame)


def _unary(node: ast.UnaryOp, frame: Frame) -> Any:
    value = evaluate(node.operand, frame)
    if value is UNKNOWN or isinstance(value, _OPAQUE):
        return UNKNOWN
    if isinstance(node.op, ast.Not):
        return not value
    return -value if isinstance(node.op, ast.USub) else UNKNOWN


def _boolean(node: ast.BoolOp, frame: Frame) -> Any:
    stops = isinstance(node.op, ast.Or)
    value: Any = UNKNOWN
    open_before = False
    for part in node.values:
        value = evaluate(part, frame)
        if value is UNKNOWN or isinstance(value, _OPAQUE):
            open_before = True
        elif bool(value) is stops:
            # ``unknown or True`` may be any true value; as a flag it is True.
            return value if not open_before or isinstance(value, bool) else UNKNOWN
    return UNKNOWN if open_before else value


def _compare(node: ast.Compare, frame: Frame) -> Any:
    left = evaluate(node.left, frame)
    for operation, right_node in zip(node.ops, node.comparators, strict=True):
        right = evaluate(right_node, frame)
        if isinstance(right, Ref) and right.name == "os.environ" and frame.world.unset:
            return isinstance(operation, ast.NotIn)  # nothing is set
        if UNKNOWN in (left, right) or isinstance(left, _OPAQUE) or isinstance(right, _OPAQUE):
            return UNKNOWN
        known = compare(operation, left, right)
        if known is UNKNOWN:
            return UNKNOWN
        if not known:
            return False
        left = right
    return True


def _conditional(node: ast.IfExp, frame: Frame) -> Any:
    holds = truth(node.test, frame)
    if holds is not None:
        return evaluate(node.body if holds else node.orelse, frame)
    first, second = evaluate(node.body, frame), evaluate(node.orelse, frame)
    return merged(first, second)


def _subscript(node: ast.Subscript, frame: Frame) -> Any:
    holder = evaluate(node.value, frame)
    if isinstance(node.slice, ast.Slice):
        if not isinstance(holder, (str, list, tuple)) or UNKNOWN in tuple(holder):
            return UNKNOWN
        bounds = [
            None if part is None else evaluate(part, frame)
            for part in (node.slice.lower, node.slice.upper, node.slice.step)
        ]
        return UNKNOWN if UNKNOWN in bounds else holder[slice(*bounds)]
    key = evaluate(node.slice, frame)
    if isinstance(holder, Ref) and holder.name == "os.environ":
        return variable(frame, key, required=True)
    if isinstance(holder, Reader):
        return holder.read(frame, "", [key], {})
    if key is UNKNOWN or not isinstance(holder, (str, list, tuple, dict)):
        return UNKNOWN
    return holder[key]


def _attribute(node: ast.Attribute, frame: Frame) -> Any:
    return attribute(evaluate(node.value, frame), node.attr)


def _call(node: ast.Call, frame: Frame) -> Any:
    function = evaluate(node.func, frame)
    arguments = list(_elements(node.args, frame))
    named: dict[str, Any] = {}
    for keyword in node.keywords:
        value = evaluate(keyword.value, frame)
        if keyword.arg is not None:
            named[keyword.arg] = value
        elif isinstance(value, dict):
            named.update({str(key): each for key, each in value.items()})
    return calls.call(function, arguments, named, frame)


def _lambda(node: ast.Lambda, frame: Frame) -> Any:
    return Function(node, frame, _run_lambda)


def _run_lambda(function: Function, arguments: list[Any], named: dict[str, Any]) -> Any:
    body = function.node.body
    inner = Frame(function.frame.world, function.frame.parsed, outer=function.frame)
    if isinstance(body, list) or not calls.bind_arguments(
        function.node.args, arguments, named, inner, evaluate
    ):
        return UNKNOWN
    return evaluate(body, inner)


def _comprehension(node: ast.ListComp | ast.SetComp | ast.GeneratorExp, frame: Frame) -> Any:
    kept: list[Any] = []
    inner = Frame(frame.world, frame.parsed, outer=frame)
    if not all(
        looped(node.generators, inner, lambda: kept.append(evaluate(node.elt, inner)), _KNOW)
    ):
        return UNKNOWN
    return set(kept) if isinstance(node, ast.SetComp) else _made(kept, frame)


def _dict_comprehension(node: ast.DictComp, frame: Frame) -> Any:
    kept: dict[Any, Any] = {}
    inner = Frame(frame.world, frame.parsed, outer=frame)

    def keep() -> None:
        kept[evaluate(node.key, inner)] = evaluate(node.value, inner)

    return _made(kept, frame) if all(looped(node.generators, inner, keep, _KNOW)) else UNKNOWN


def _named(node: ast.NamedExpr, frame: Frame) -> Any:
    value = evaluate(node.value, frame)
    frame.names[node.target.id] = value
    return value


_KNOW: Final = Know(evaluate, truth)
_HANDLERS: Final[dict[type[ast.AST], Callable[[Any, Frame], Any]]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.List: _list,
    ast.Tuple: _tuple,
    ast.Set: _set,
    ast.Dict: _dict,
    ast.JoinedStr: _joined,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.BoolOp: _boolean,
    ast.Compare: _compare,
    ast.IfExp: _conditional,
    ast.Subscript: _subscript,
    ast.Attribute: _attribute,
    ast.Call: _call,
    ast.Lambda: _lambda,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.DictComp: _dict_comprehension,
    ast.NamedExpr: _named,
}
