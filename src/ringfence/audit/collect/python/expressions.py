"""Expressions -> abstract values. Each is visited once, and its calls are kept on the way."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, ClassVar, Final

from ringfence.audit.collect.python.attributes import ERRORS, attribute, subscript
from ringfence.audit.collect.python.calls import LAMBDA, Called, result
from ringfence.audit.collect.python.guards import note_guard
from ringfence.audit.collect.python.headers import HEADER, SETTERS, as_header
from ringfence.audit.collect.python.shapes import (
    element_of,
    named_after,
    with_entry,
    with_items,
)
from ringfence.audit.collect.python.state import Frame, Unit
from ringfence.audit.collect.python.targets import (
    BUILTINS,
    is_bookkeeping,
    is_deed,
    is_kept,
    method,
)
from ringfence.audit.collect.python.values import (
    NOTHING,
    SAFE,
    build,
    literal,
    made_safe,
    merge,
    named,
    numeric_parts,
    only_numbers,
)
from ringfence.audit.model import UNKNOWN, Assignment, Call, Source, Value

__all__ = ["Evaluator"]

_ADDS: Final = frozenset({"append", "extend", "add", "insert", "appendleft", "write", "writelines"})
_WRITES: Final = frozenset(
    {
        *("save", "delete", "create", "bulk_create", "bulk_update", "update_or_create", "update"),
        *("login", "logout"),
    }
)
#: Not more elements of a display than these are kept.
_ITEMS: Final = 60


class Evaluator:
    """Finds the value of expressions of one module, and records the calls in them."""

    __slots__ = ("frame", "unit")

    def __init__(self, unit: Unit, frame: Frame) -> None:
        self.unit = unit
        self.frame = frame

    def value(self, node: ast.expr) -> Value:
        """Return what is known of the value of ``node``."""
        visit = self._VISIT.get(type(node))
        return visit(self, node) if visit is not None else NOTHING

    def _name(self, node: ast.Name) -> Value:
        found = self.unit.lookup(node.id, self.frame)
        if found is NOTHING and node.id in BUILTINS:
            return named(node.id)
        return found

    def _constant(self, node: ast.Constant) -> Value:
        return literal(node.value)

    def _attribute(self, node: ast.Attribute) -> Value:
        base = self.value(node.value)
        if node.attr == "errors" and isinstance(node.value, ast.Name) and "form" in node.value.id:
            return ERRORS
        return attribute(base, node.attr, self.unit, self.frame)

    def _subscript(self, node: ast.Subscript) -> Value:
        base = self.value(node.value)
        if base.name == "request.POST":
            self.frame.guarded = True  # a GET has no such key, and does not come further
        found = subscript(base, self.value(node.slice))
        return self._as_tested(node, found) if self.frame.tested else found

    def _as_tested(self, node: ast.expr, value: Value) -> Value:
        """Return ``value`` as it is after the tests that ``node`` itself went through."""
        uses = self.frame.tested.get(ast.dump(node)) if value.sources else None
        return value if uses is None else made_safe(value, uses)

    def _bin_op(self, node: ast.BinOp) -> Value:
        op = type(node.op)
        if op is ast.Add:
            return self._add(node)
        left = self.value(node.left)
        right = self.value(node.right)
        if op is ast.Mod:
            return self._percent(left, right)
        if op is ast.Div and (left.sources or right.sources or left.name):
            return build([left, right])  # pathlib
        if op is ast.BitOr:
            return merge([left, right])
        if op is ast.Mult and not (isinstance(left.literal, int) or isinstance(right.literal, int)):
            return SAFE
        return merge([left, right]) if left.sources or right.sources else SAFE

    def _add(self, node: ast.BinOp) -> Value:
        operands: list[ast.expr] = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp) and isinstance(left.op, ast.Add):
            operands.append(left.right)
            left = left.left
        operands.append(left)
        parts = [self.value(operand) for operand in reversed(operands)]
        if any(isinstance(part.literal, (int, float)) for part in parts):
            return SAFE
        if any(part.items for part in parts):
            joined = merge(parts)
            items = tuple(item for part in parts for item in part.items)[:_ITEMS]
            return with_items(joined, items)
        first = parts[0].literal
        if not isinstance(first, str) and not any(
            isinstance(part.literal, str) or part.built or part.sources for part in parts
        ):
            return NOTHING
        return build(parts, prefix=first if isinstance(first, str) else None)

    def _percent(self, left: Value, right: Value) -> Value:
        template = left.literal
        if isinstance(template, (int, float)) or (
            template is UNKNOWN and not (left.sources or left.built or left.calls or right.items)
        ):
            return SAFE if right.literal is not UNKNOWN else NOTHING
        if isinstance(template, str) and only_numbers(template):
            return SAFE
        items = right.items
        if right.name == "locals()" and isinstance(template, str):
            pairs = (item for item in items if isinstance(item, tuple))
            items = tuple(pair for pair in pairs if f"%({pair[0].literal})" in template)
        values = [item[1] if isinstance(item, tuple) else item for item in items] or [right]
        numeric = numeric_parts(template) if isinstance(template, str) else None
        if numeric is not None and len(numeric) == len(values):
            values = [SAFE if of else value for of, value in zip(numeric, values, strict=True)]
        prefix = template.partition("%")[0] if isinstance(template, str) else None
        return build([left, *values], prefix=prefix)

    def _joined_str(self, node: ast.JoinedStr) -> Value:
        parts: list[Value] = []
        for part in node.values:
            if isinstance(part, ast.FormattedValue) and part.format_spec is not None:
                value = self.value(part.value)
                parts.append(SAFE if _is_number_format(part.format_spec) else value)
            else:
                parts.append(self.value(part))
        first = parts[0].literal if parts else ""
        return build(parts, prefix=first if isinstance(first, str) else None)

    def _bool_op(self, node: ast.BoolOp) -> Value:
        values = [self.value(value) for value in node.values]
        return merge([value for value in values if value.literal is UNKNOWN] or values)

    def _compare(self, node: ast.Compare) -> Value:
        self.value(node.left)
        for comparator in node.comparators:
            self.value(comparator)
        note_guard(node, self.unit, self.frame)
        return SAFE

    def _unary_op(self, node: ast.UnaryOp) -> Value:
        value = self.value(node.operand)
        if isinstance(node.op, ast.USub) and isinstance(value.literal, (int, float)):
            return literal(-value.literal)
        return SAFE

    def _if_exp(self, node: ast.IfExp) -> Value:
        self.value(node.test)
        return merge([self.value(node.body), self.value(node.orelse)])

    def _display(self, node: ast.Tuple | ast.List | ast.Set) -> Value:
        values = [self.value(element) for element in node.elts]
        if not values:
            return Value(safe_for=SAFE.safe_for, items=())
        return with_items(merge(values), tuple(values[:_ITEMS]))

    def _dict(self, node: ast.Dict) -> Value:
        pairs: list[tuple[Value, Value]] = []
        for key, element in zip(node.keys, node.values, strict=True):
            name = literal("**") if key is None else self.value(key)
            value = self.value(element)
            pairs.append((name, value))
            if isinstance(name.literal, str) and HEADER.fullmatch(name.literal):
                self.given(f"{{}}[{name.literal}]", value, element)
        if not pairs:
            return SAFE
        return with_items(merge([value for _, value in pairs]), tuple(pairs[:_ITEMS]))

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
    ) -> Value:
        outer = self.frame.env
        self.frame.env = dict(outer)
        for generator in node.generators:
            self.bind(generator.target, element_of(self.value(generator.iter)))
            for test in generator.ifs:
                self.value(test)
        if isinstance(node, ast.DictComp):
            found = merge([self.value(node.key), self.value(node.value)])
        else:
            found = self.value(node.elt)
        self.frame.env = outer
        return found if found.literal is UNKNOWN else SAFE

    def _lambda(self, node: ast.Lambda) -> Value:
        outer = self.frame.env
        self.frame.env = dict(outer)
        for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
            self.frame.env[argument.arg] = self.argument(argument.arg)
        found = self.value(node.body)
        self.frame.env = outer
        return named(LAMBDA) if found.built else NOTHING

    def argument(self, name: str) -> Value:
        """Return the value of a parameter that is nobody's but a lambda's."""
        return Value(name="request", opaque=True) if name == "request" else NOTHING

    def _inner(self, node: ast.Starred | ast.Await | ast.YieldFrom | ast.FormattedValue) -> Value:
        return self.value(node.value)

    def _yield(self, node: ast.Yield) -> Value:
        if node.value is not None:
            self.frame.returns.append(self.value(node.value))
        return NOTHING

    def _named_expr(self, node: ast.NamedExpr) -> Value:
        value = self.value(node.value)
        self.frame.env[node.target.id] = value
        return value

    def _slice(self, node: ast.Slice) -> Value:
        for part in (node.lower, node.upper, node.step):
            if part is not None:
                self.value(part)
        return SAFE

    def bind(self, target: ast.expr, value: Value) -> None:
        """Give ``value`` to the names in ``target``, taking it apart where it is a tuple."""
        if isinstance(target, ast.Name):
            self.frame.env[target.id] = value
        elif isinstance(target, (ast.Tuple, ast.List)):
            for at, element in enumerate(target.elts):
                item = value.items[at] if len(value.items) == len(target.elts) else None
                part = item if isinstance(item, Value) else element_of(value)
                self.bind(element, part)
        elif isinstance(target, ast.Starred):
            self.bind(target.value, element_of(value))
        elif (
            isinstance(target, ast.Attribute)
            and isinstance(target.value, ast.Name)
            and target.value.id == "self"
            and self.frame.class_name
        ):
            known = self.unit.instances.setdefault(self.frame.class_name, {})
            before = known.get(target.attr)
            known[target.attr] = value if before is None else merge([before, value])

    def _call(self, node: ast.Call) -> Value:
        func = node.func
        receiver: Value | None = None
        if isinstance(func, ast.Attribute):
            receiver = self.value(func.value)
            target = method(receiver, func.attr, func.value, self.unit, self.frame)
        elif isinstance(func, ast.Name):
            found = self._name(func)
            target = found.name or func.id
        else:
            target = self.value(func).name or "?"
        args = tuple([self.value(argument) for argument in node.args])
        kwargs = {keyword.arg or "**": self.value(keyword.value) for keyword in node.keywords}
        last = target.rpartition(".")[2]
        called = Called(target, last, args, kwargs, receiver)
        if is_kept(called, self.unit):
            self.record(node, called)
        if last == "update" and isinstance(func, ast.Attribute):
            self._updated(func.value, called)
        if last in SETTERS and len(args) > 1:
            self._header(node, called)
        if last in _WRITES:
            self._write(node, called)
        elif isinstance(func, ast.Attribute) and is_deed(func.value, called):
            self._note_write(called)
        elif last == "post" and self.frame.name.endswith(".get") and _is_own(called):
            self.frame.writes.add("self.post")
        elif last in _ADDS and args and isinstance(func, ast.Attribute):
            self._added(func.value, args[-1])
        note_guard(node, self.unit, self.frame)
        found = result(called, self.unit, self.frame)
        return self._as_tested(node, found) if self.frame.tested else found

    def _header(self, node: ast.Call, called: Called) -> None:
        """``response.setdefault("Access-Control-Allow-Origin", "*")``."""
        name = called.args[0].literal
        if isinstance(name, str) and HEADER.fullmatch(name):
            self.given(f"{called.target.rpartition('.')[0]}[{name}]", called.args[1], node)

    def given(self, name: str, value: Value, node: ast.AST, *, secret: bool = False) -> None:
        """Keep for the rules that ``name`` was given ``value``."""
        frame = self.frame
        if name.endswith("]") and value.literal is UNKNOWN:
            value = as_header(name.lower(), value, node)
        place = self.unit.place(node, frame.name or frame.class_name, secret=secret)
        self.unit.assignments.append(Assignment(name, value, place, frame.name, frame.conditional))

    def _note_write(self, called: Called) -> None:
        if self.frame.is_view and not self.frame.guarded:
            self.frame.writes.add(called.target)

    def _updated(self, node: ast.expr, called: Called) -> None:
        """``context.update({"name": value}, other=value)``."""
        if not isinstance(node, ast.Name) or node.id not in self.frame.env:
            return
        known = self.frame.env[node.id]
        pairs = [item for value in called.args for item in value.items if isinstance(item, tuple)]
        pairs += [(literal(name), value) for name, value in called.kwargs.items()]
        if known.name in {"self", "request"} or known.sources & {Source.MODEL}:
            return
        for key, value in pairs:
            known = with_entry(known, key.literal, value)
        self.frame.env[node.id] = known

    def _added(self, node: ast.expr, value: Value) -> None:
        """``parts.append(value)``: what is in the list is from now on in its name."""
        if isinstance(node, ast.Name) and node.id in self.frame.env:
            before = self.frame.env[node.id]
            if before.name in {"request", "self"} or before.name.endswith("()"):
                return
            self.frame.env[node.id] = merge([element_of(before), value])

    def record(self, node: ast.Call, called: Called) -> None:
        """Keep a call for the rules."""
        frame = self.frame
        args = tuple(
            value
            if value.name or value.literal is not UNKNOWN or isinstance(argument, ast.Starred)
            else named_after(value, argument)
            for argument, value in zip(node.args, called.args, strict=True)
        )
        scope = frame.name or frame.class_name
        place = self.unit.place(node, scope)
        self.unit.calls.append(
            Call(called.target, args, called.kwargs, place, frame.name, receiver=called.receiver)
        )

    def _write(self, node: ast.Call, called: Called) -> None:
        frame = self.frame
        if frame.guarded or not frame.is_view:
            return
        if called.last in {"login", "logout"}:
            ours = called.target.startswith(("django.", called.last))
            if ours and called.args and called.args[0].name == "request":
                frame.writes.add(called.last)
        elif called.last in {"create", "bulk_create", "bulk_update", "update_or_create", "update"}:
            receiver = called.receiver
            if receiver is not None and (
                Source.MODEL in receiver.sources or ".objects" in called.target
            ):
                frame.writes.add(called.target)
        elif called.last == "delete" and frame.name.endswith(".get") and _is_own(called):
            frame.writes.add("self.post")  # a view's own delete(), which a DeleteView has
        elif called.receiver is not None and not is_bookkeeping(called, node):
            frame.writes.add(called.target)

    _VISIT: ClassVar[dict[type[ast.AST], Callable[[Any, Any], Value]]] = {
        ast.Name: _name,
        ast.Constant: _constant,
        ast.Attribute: _attribute,
        ast.Call: _call,
        ast.Subscript: _subscript,
        ast.BinOp: _bin_op,
        ast.JoinedStr: _joined_str,
        ast.BoolOp: _bool_op,
        ast.Compare: _compare,
        ast.UnaryOp: _unary_op,
        ast.IfExp: _if_exp,
        ast.Tuple: _display,
        ast.List: _display,
        ast.Set: _display,
        ast.Dict: _dict,
        ast.ListComp: _comprehension,
        ast.SetComp: _comprehension,
        ast.GeneratorExp: _comprehension,
        ast.DictComp: _comprehension,
        ast.Lambda: _lambda,
        ast.Starred: _inner,
        ast.Await: _inner,
        ast.YieldFrom: _inner,
        ast.FormattedValue: _inner,
        ast.Yield: _yield,
        ast.NamedExpr: _named_expr,
        ast.Slice: _slice,
    }


def _is_own(called: Called) -> bool:
    return called.receiver is not None and called.receiver.name == "self"


def _is_number_format(spec: ast.expr) -> bool:
    if isinstance(spec, ast.JoinedStr) and spec.values:
        last = spec.values[-1]
        return (
            isinstance(last, ast.Constant)
            and isinstance(last.value, str)
            and last.value[-1:] in {*"dxXobeEfFgGn%"}
        )
    return False
