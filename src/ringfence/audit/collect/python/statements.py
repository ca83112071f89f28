"""Statements: the flow of values through branches, loops, functions and classes."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, ClassVar, Final

from ringfence.audit.collect.python.deeds import deeds, proofs
from ringfence.audit.collect.python.expressions import Evaluator
from ringfence.audit.collect.python.functions import (
    decorator_names,
    is_view,
    only_posts,
    parameters,
)
from ringfence.audit.collect.python.guards import (
    failing_branch,
    falsy_branch,
    methods_allowed,
    terminates,
)
from ringfence.audit.collect.python.names import collect_imports
from ringfence.audit.collect.python.shapes import dotted, element_of, kept, with_entry
from ringfence.audit.collect.python.state import Env, Frame, Unit
from ringfence.audit.collect.python.values import EXCEPTION, NOTHING, SAFE, literal, merge
from ringfence.audit.model import ClassFacts, FunctionFacts, Place, Value

__all__ = ["KEY_PREFIXES", "Reader"]

#: Assignments that rules ask for, by the last part of their target.
_ASSIGNED: Final = re.compile(
    r"(?i)allow_tags|csrf|_dont_enforce|is_safe|needs_autoescape|__html__|access-control|content-type|security-policy"
    r"|location|secret|passw|api_?key|token|private_?key|access_?key|credential|verify|csp|x-?frame"
)
#: What keys of known providers begin with.
KEY_PREFIXES: Final = (
    *("AKIA", "ASIA", "ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "sk_live_", "rk_live_"),
    *("xoxb-", "xoxp-", "xapp-", "SG.", "AIza", "ya29.", "sk-ant-", "npm_", "pypi-", "-----BEGIN "),
)
_SECRET: Final = re.compile(r"(?i)secret|passw|key|token|credential")
_TEXT_FIELDS: Final = frozenset(
    {
        *("CharField", "TextField", "RichTextField", "URLField", "EmailField", "HTMLField"),
        *("FileField", "JSONField", "StreamField", "TagField"),
    }
)
_MAX_FUNCTION_DEPTH: Final = 12
_IMPORTS: Final = (ast.Import, ast.ImportFrom)


class Reader(Evaluator):
    """Reads the statements of one module."""

    __slots__ = ("_package", "_path")

    def __init__(self, unit: Unit, *, package: list[str]) -> None:
        super().__init__(unit, Frame("", unit.names))
        self._package = package
        self._path: list[str] = []

    def module(self, tree: ast.Module) -> None:
        """Read the whole module: its names first, for functions use what stands below them."""
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                self.unit.own.add(node.name)
            elif isinstance(node, _IMPORTS):
                self._import(node)
        self.body([node for node in tree.body if not isinstance(node, _IMPORTS)])

    def body(self, statements: Sequence[ast.stmt]) -> None:
        """Read statements in their order."""
        for node in statements:
            self.statement(node)

    def statement(self, node: ast.stmt) -> None:
        """Read one statement."""
        read = self._READ.get(type(node))
        if read is not None:
            read(self, node)

    def _expr(self, node: ast.Expr) -> None:
        if type(node.value) is not ast.Constant:
            self.value(node.value)

    def _with(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            value = self.value(item.context_expr)
            if item.optional_vars is not None:
                self.bind(item.optional_vars, value)
        self.body(node.body)

    def _annotated(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self._given(node.target, self.value(node.value), node)

    def _imported(self, node: ast.Import | ast.ImportFrom) -> None:
        self._import(node, first=not self._path)

    def _while(self, node: ast.While) -> None:
        self.value(node.test)
        self._branches([(node.body, self.frame.guarded), (node.orelse, self.frame.guarded)])

    def _raise(self, node: ast.Raise) -> None:
        for part in (node.exc, node.cause):
            if part is not None:
                self.value(part)

    def _match(self, node: ast.Match) -> None:
        self.value(node.subject)
        guarded = self.frame.guarded
        self._branches([*((case.body, guarded) for case in node.cases), ([], guarded)])

    def _assert(self, node: ast.Assert) -> None:
        self.value(node.test)

    def _import(self, node: ast.Import | ast.ImportFrom, *, first: bool = False) -> None:
        """Note what is imported; with ``first`` a name keeps the meaning that it has already."""
        imports = self.unit.imports
        found: dict[str, str] = {}
        star = collect_imports(node, found, self._package)
        for name, meaning in found.items():
            if not (first and name in imports):
                imports[name] = meaning
        if star:
            self.unit.star_imports[star] = None

    # values given to names

    def _assign(self, node: ast.Assign) -> None:
        value = self.value(node.value)
        for target in node.targets:
            self._given(target, value, node)

    def _given(self, target: ast.expr, value: Value, node: ast.stmt) -> None:
        name = ""
        if isinstance(target, ast.Name):
            name = target.id
            self.frame.env[name] = value
        elif isinstance(target, ast.Attribute):
            base = self.value(target.value)
            name = f"{base.name or dotted(target.value) or '?'}.{target.attr}"
            self.bind(target, value)
        elif isinstance(target, ast.Subscript):
            base = self.value(target.value)
            key = self.value(target.slice).literal
            name = f"{base.name or '?'}[{key}]" if isinstance(key, str) else ""
            if isinstance(target.value, ast.Name):
                known = self.frame.env.get(target.value.id, NOTHING)
                if known.name != "self":
                    self.frame.env[target.value.id] = with_entry(known, key, value)
        else:
            self.bind(target, value)
        if name and (_is_assigned(name) or _is_key(value)):
            self._keep(name, value, node)

    def _keep(self, name: str, value: Value, node: ast.stmt) -> None:
        secret = isinstance(value.literal, str) and (
            _SECRET.search(name) is not None or _is_key(value)
        )
        self.given(name, value, node, secret=secret)

    def _delete(self, node: ast.Delete) -> None:
        """``del response["X-Frame-Options"]``: from here on it has no value."""
        for target in node.targets:
            if isinstance(target, ast.Subscript):
                self._given(target, literal(None), node)

    def _augmented(self, node: ast.AugAssign) -> None:
        combined = ast.BinOp(node.target, node.op, node.value)
        ast.copy_location(combined, node)
        value = self.value(combined)
        if isinstance(node.target, ast.Name) and value is SAFE:
            before = self.frame.env.get(node.target.id)
            value = before if before is not None and before.sources else value
        self.bind(node.target, value)

    # flow

    def _if(self, node: ast.If) -> None:
        frame = self.frame
        marked = len(frame.marked)
        self.value(node.test)
        failing = failing_branch(node.test) if len(frame.marked) > marked else None
        unmarked = dict(reversed(frame.marked[marked:]))
        del frame.marked[marked:]
        outer = frame.guarded
        holds, fails = methods_allowed(node.test, frame) if frame.is_view else (False, False)
        self._branches(
            [(node.body, outer or holds), (node.orelse, outer or fails)],
            falsy_branch(node.test),
            (failing, unmarked),
        )
        if (fails and terminates(node.body)) or (holds and node.orelse and terminates(node.orelse)):
            self.frame.guarded = True
        else:
            self.frame.guarded = outer

    def _branches(
        self,
        branches: Sequence[tuple[list[ast.stmt], bool]],
        falsy: tuple[str, bool] = ("", False),
        failing: tuple[int | None, Env] = (None, {}),
    ) -> None:
        """Read each branch from the same start, and go on with what any of them leaves.

        ``falsy`` is a name that is nothing in one of them, where no harm can come of it;
        ``failing`` the one in which a test made nothing safe, and what was tested as it was.
        """
        frame = self.frame
        before, conditional = frame.env, frame.conditional
        ends: list[Env] = []
        frame.conditional = True
        for at, (statements, guarded) in enumerate(branches):
            start = before
            if falsy[0] in before and falsy[1] == (at == 0):
                start = {**before, falsy[0]: SAFE}
            elif failing[0] == at:
                start = {**before, **failing[1]}
            if not statements:
                ends.append(start)
                continue
            frame.env = dict(start)
            frame.guarded = guarded
            self.body(statements)
            if not terminates(statements):
                ends.append(frame.env)
        frame.conditional = conditional
        self._go_on(before, ends or [before])

    def _go_on(self, before: Env, ends: list[Env]) -> None:
        """Merge into ``before`` itself: the module's names are looked up in that very dict."""
        changed = {
            name
            for end in ends
            if end is not before
            for name in end
            if end[name] is not before.get(name)
        }
        for name in changed:
            values = [end[name] for end in ends if name in end]
            before[name] = values[0] if len(values) == 1 else merge(values)
        self.frame.env = before

    def _for(self, node: ast.For | ast.AsyncFor) -> None:
        self.bind(node.target, element_of(self.value(node.iter)))
        guarded = self.frame.guarded
        self._branches([(node.body, guarded), ([], guarded)])
        self.body(node.orelse)

    def _try(self, node: ast.Try | ast.TryStar) -> None:
        before = dict(self.frame.env)
        conditional, self.frame.conditional = self.frame.conditional, True
        self.body(node.body)
        self.body(node.orelse)
        frame = self.frame
        ends = [] if terminates(node.orelse or node.body) else [dict(frame.env)]
        middle = dict(before)
        for name, value in frame.env.items():
            old = before.get(name)
            middle[name] = value if old is None or old is value else merge([old, value])
        outer = frame.env
        guarded = frame.guarded
        for handler in node.handlers:
            frame.env = dict(middle)
            if handler.name:
                frame.env[handler.name] = EXCEPTION
            self.body(handler.body)
            frame.guarded = guarded
            if not terminates(handler.body):
                ends.append(frame.env)
        self._go_on(outer, ends or [outer])
        frame.conditional = conditional
        self.body(node.finalbody)

    def _return(self, node: ast.Return) -> None:
        if node.value is None or (
            isinstance(node.value, ast.Constant) and node.value.value is None
        ):
            self.frame.reads.add("none")
        if node.value is None:
            return
        calls = self.unit.calls
        count = len(calls)
        self.frame.returns.append(self.value(node.value))
        self.frame.returned.append(node.value)
        if len(calls) > count and isinstance(node.value, ast.Call):
            # The outermost call is recorded after those in its arguments.
            last = calls[-1]
            if last.place.line == node.value.lineno:
                calls[-1] = replace(last, returned=True)

    # definitions

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        unit, outer = self.unit, self.frame
        decorators = tuple(self._decorator(each) for each in node.decorator_list)
        self._path.append(node.name)
        name = ".".join(self._path)
        names = decorator_names(decorators)
        view = is_view(node, names, outer.class_name)
        frame = Frame(name, {}, outer.class_name, is_view=view)
        if outer.name:  # a closure
            frame.env = dict(outer.env)
        given, from_url = parameters(
            node,
            names,
            is_view=view,
            class_name=outer.class_name,
            bases=unit.bases.get(outer.class_name, ()),
        )
        frame.env.update(given)
        frame.reads.update(f"url:{part}" for part in from_url)
        frame.guarded = only_posts(decorators, names, method=node.name if outer.class_name else "")
        for default in (*node.args.defaults, *node.args.kw_defaults):
            if default is not None:
                self.value(default)
        if len(self._path) <= _MAX_FUNCTION_DEPTH:
            self.frame = frame
            self.body(node.body)
            self.frame = outer
        self._path.pop()
        arguments = node.args
        names_of = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
        names_of += [each.arg for each in arguments.kwonlyargs]
        if outer.class_name or names or names_of[:1] == ["request"]:
            first, last = node.lineno, node.end_lineno or node.lineno
            body = "\n".join(unit.lines[first - 1 : last])
            frame.reads |= deeds(body)
            csrf = any("Csrf" in each for each in unit.bases.get(outer.class_name, ()))
            if view or csrf or any("exempt" in each for each in names):
                frame.reads |= proofs(body, frame.reads)
        unit.functions.append(
            FunctionFacts(
                name,
                tuple(names_of),
                decorators,
                merge(frame.returns) if frame.returns else NOTHING,
                unit.place(node, name),
                outer.class_name,
                frozenset(frame.reads),
                frozenset(frame.writes),
                decorator_places=self._places(node),
                return_place=self._return_place(frame),
            )
        )

    def _return_place(self, frame: Frame) -> Place | None:
        """Return where text is returned that was put together of something not known to be safe."""
        for value, node in zip(frame.returns, frame.returned, strict=False):
            if value.built and "html" not in value.safe_for:
                return self.unit.place(node, frame.name)
        return None

    def _places(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    ) -> tuple[Place, ...]:
        scope = ".".join([*self._path, node.name])
        return tuple(self.unit.place(each, scope) for each in node.decorator_list)

    def _decorator(self, node: ast.expr) -> Value:
        if not isinstance(node, ast.Call):
            return self.value(node)
        name = self.value(node.func).name
        args = [self.value(argument) for argument in node.args]
        pairs = [
            (Value(literal=keyword.arg), self.value(keyword.value))
            for keyword in node.keywords
            if keyword.arg
        ]
        return Value(name=f"{name}()", items=kept((*args, *pairs)))

    def _class(self, node: ast.ClassDef) -> None:
        unit, outer = self.unit, self.frame
        bases = tuple(self.value(base).name for base in node.bases)
        unit.bases[".".join([*self._path, node.name])] = bases
        decorators = tuple(self._decorator(each) for each in node.decorator_list)
        self._path.append(node.name)
        name = ".".join(self._path)
        methods = tuple(
            each.name
            for each in node.body
            if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef))
        )
        unit.methods[name] = frozenset(methods)
        frame = Frame("", {}, name, conditional=outer.conditional)
        self.frame = frame
        later: list[ast.stmt] = []
        for each in node.body:
            if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef)):
                later.append(each)
            else:
                self.statement(each)
        unit.text_fields[name] = frozenset(
            attr
            for attr, value in frame.env.items()
            if value.name.rpartition(".")[2].removesuffix("()") in _TEXT_FIELDS
            and ".forms." not in value.name
            and "serializers" not in value.name
        )
        attributes = dict(frame.env)
        frame.env = {}
        self.body(later)
        self.frame = outer
        self._path.pop()
        unit.classes.append(
            ClassFacts(
                name,
                bases,
                decorators,
                attributes,
                methods,
                unit.place(node, name),
                self._places(node),
            )
        )

    _READ: ClassVar[dict[type[ast.stmt], Callable[[Any, Any], None]]] = {
        ast.Expr: _expr,
        ast.Assign: _assign,
        ast.Return: _return,
        ast.If: _if,
        ast.FunctionDef: _function,
        ast.AsyncFunctionDef: _function,
        ast.ClassDef: _class,
        ast.For: _for,
        ast.AsyncFor: _for,
        ast.With: _with,
        ast.AsyncWith: _with,
        ast.Try: _try,
        ast.TryStar: _try,
        ast.AugAssign: _augmented,
        ast.AnnAssign: _annotated,
        ast.Import: _imported,
        ast.ImportFrom: _imported,
        ast.While: _while,
        ast.Raise: _raise,
        ast.Match: _match,
        ast.Assert: _assert,
        ast.Delete: _delete,
    }


@lru_cache(maxsize=10_000)
def _is_assigned(name: str) -> bool:
    return _ASSIGNED.search(name) is not None


def _is_key(value: Value) -> bool:
    """Say whether a literal has the look of a known provider's key."""
    return isinstance(value.literal, str) and value.literal.startswith(KEY_PREFIXES)
