"""Lists of URL patterns, as their file writes them down: which view, under what, wrapped in what.

Only what a module's own statements say is read: ``urlpatterns`` and other lists, routers that
views are registered with, and the ``get_urls`` of classes. What an ``include()`` leads to is
another file's matter.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from ringfence.audit.collect.python import ninja
from ringfence.audit.collect.python.patterns import ROUTES, condition_of, is_route, last, text
from ringfence.audit.collect.python.shapes import dotted
from ringfence.audit.collect.python.state import Unit
from ringfence.audit.collect.python.views import View, view_of
from ringfence.audit.model import UrlEntry
from ringfence.records import record

__all__ = ["has_urls", "read_urls"]

#: Functions that give back the patterns that they are given, or the first list of them.
_PASSING: Final = frozenset(
    {
        *("i18n_patterns", "patterns", "format_suffix_patterns", "decorate_urlpatterns", "list"),
        *("tuple", "post_process_urls", "required", "decorator_include", "wrap_urls"),
    }
)
_STATIC: Final = frozenset({"static", "staticfiles_urlpatterns", "debug_toolbar_urls"})
_BUILDERS: Final = frozenset({"get_urls", "get_urlpatterns"})
_MOST: Final = 3000
_DEEP: Final = 30


def has_urls(source: str) -> bool:
    """Say whether there may be URL patterns in a module's text."""
    return (
        "urlpatterns" in source
        or "Router(" in source
        or "def get_url" in source
        or "ninja" in source
    )


def read_urls(tree: ast.Module, unit: Unit) -> tuple[UrlEntry, ...]:
    """Return the entries of all lists of patterns in a module, in their order."""
    reader = _Urls(unit)
    reader.statements(tree.body, "")
    return tuple(reader.entries[:_MOST])


@record
class _Where:
    """What stands around an expression."""

    condition: str = ""
    prefix: str = ""
    wrappers: tuple[str, ...] = ()
    #: What ``patterns()`` put before the names of its views.
    views: str = ""
    depth: int = 0


class _Urls:
    """Reads the statements of one module for lists of URL patterns."""

    def __init__(self, unit: Unit) -> None:
        self.entries: list[UrlEntry] = []
        #: Names of APIs of django-ninja's.
        self._apis: set[str] = set()
        self._unit = unit
        self._owner = ""
        #: The class whose method is read.
        self._class = ""

    def statements(self, body: Sequence[ast.stmt], condition: str, depth: int = 0) -> None:
        """Read statements; ``condition`` is what they stand under."""
        if depth > _DEEP:
            return
        for node in body:
            if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return)):
                self._values(node, condition)
            elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
                self._called(node.value, condition)
            elif isinstance(node, ast.If):
                self._if(node, condition, depth)
            elif isinstance(node, (ast.Try, ast.With)):
                self.statements(node.body, condition, depth + 1)
                for handler in getattr(node, "handlers", ()):
                    self.statements(handler.body, condition, depth + 1)
                self.statements(getattr(node, "orelse", ()), condition, depth + 1)
            elif isinstance(node, ast.ClassDef):
                self._in_class(node)
            elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                self._function(node)

    def _values(
        self, node: ast.Assign | ast.AnnAssign | ast.AugAssign | ast.Return, condition: str
    ) -> None:
        if node.value is None:
            return
        if isinstance(node, ast.Return):
            if self._class:
                self._given("return", node.value, condition)
            return
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if isinstance(target, ast.Name):
                self._given(target.id, node.value, condition)

    def _if(self, node: ast.If, condition: str, depth: int) -> None:
        said = condition_of(node.test)
        negated = isinstance(node.test, ast.UnaryOp)
        self.statements(node.body, condition or ("if" if negated else said), depth + 1)
        self.statements(node.orelse, condition or (said if negated else "if"), depth + 1)

    def _in_class(self, node: ast.ClassDef) -> None:
        if self._class:
            return
        for each in node.body:
            if isinstance(each, ast.FunctionDef) and each.name in _BUILDERS:
                self._class = node.name
                self.statements(each.body, "")
                self._class = ""

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """``@api.post("/orders")``."""
        for decorator in node.decorator_list:
            found = ninja.of_decorator(decorator)
            if found is None or not (self._apis & {found[0], self._unit.imports.get(found[0], "")}):
                continue
            name, verb, call = found
            self._owner = name
            view = View(
                f"{self._unit.module}.{node.name}",
                options={**ninja.options(call), "verb": verb.upper()},
            )
            pattern = text(call.args[0]) if call.args else None
            where = _Where(prefix="?" if pattern is None else pattern)
            self.entries.append(self._entry("operation", view, call, where))

    def _given(self, name: str, value: ast.expr, condition: str) -> None:
        self._owner = f"{self._class}.get_urls" if self._class else name
        if isinstance(value, ast.Call) and last(value.func) == "decorate_urlpatterns":
            self._wrap(value)
        if isinstance(value, ast.Call) and ninja.is_api(value, self._unit.imports):
            self._apis.add(name)
            view = View("", options=ninja.options(value))
            self.entries.append(self._entry("ninja", view, value, _Where(condition)))
            return
        self.entries.extend(self._list(value, _Where(condition)))

    def _wrap(self, node: ast.Call) -> None:
        """``urlpatterns = decorate_urlpatterns(urlpatterns, …)``: what was there is wrapped."""
        if len(node.args) > 1 and dotted(node.args[0]) == self._owner:
            name = self._named(node.args[1])
            self.entries = [
                replace(each, wrappers=(name, *each.wrappers))
                if each.owner == self._owner
                else each
                for each in self.entries
            ]

    def _called(self, node: ast.Call, condition: str) -> None:
        """``urlpatterns.append(…)``, ``router.register(…)``."""
        func = node.func
        if not (isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name)):
            return
        self._owner = f"{self._class}.get_urls" if self._class else func.value.id
        where = _Where(condition)
        if func.attr in {"append", "insert"} and node.args:
            self.entries.extend(self._element(node.args[-1], where))
        elif func.attr == "extend" and node.args:
            inner = node.args[0]
            if isinstance(inner, ast.Attribute) and inner.attr == "registry":
                inner = inner.value
            self.entries.extend(self._list(inner, where))
        elif func.attr == "add_router" and len(node.args) > 1:
            named = text(node.args[1])
            view = View(named or self._target(node.args[1]), options=ninja.options(node))
            where = replace(where, prefix=text(node.args[0]) or "?")
            self.entries.append(self._entry("include", view, node, where))
        elif func.attr == "register" and len(node.args) > 1 and text(node.args[0]) is not None:
            view = view_of(node.args[1], self._unit, self._class)
            self.entries.append(
                self._entry("viewset", view, node, replace(where, prefix=text(node.args[0]) or ""))
            )

    def _list(self, node: ast.expr, where: _Where) -> Iterator[UrlEntry]:
        """Yield the entries of an expression that is a list of patterns."""
        where = replace(where, depth=where.depth + 1)
        if where.depth > _DEEP:
            return
        if isinstance(node, (ast.List, ast.Tuple)):
            for element in node.elts:
                if isinstance(element, ast.Starred):
                    yield from self._list(element.value, where)
                else:
                    yield from self._element(element, where)
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            yield from self._list(node.left, where)
            yield from self._list(node.right, where)
        elif isinstance(node, ast.IfExp):
            said = where.condition or condition_of(node.test)
            yield from self._list(node.body, replace(where, condition=said))
            yield from self._list(node.orelse, where)
        elif isinstance(node, ast.Call):
            yield from self._of_call(node, where)
        elif isinstance(node, (ast.Name, ast.Attribute)):
            target = self._target(node)
            if target and target.rpartition(".")[2] != self._owner:
                yield self._entry("include", View(target), node, where)

    def _of_call(self, node: ast.Call, where: _Where) -> Iterator[UrlEntry]:
        called = last(node.func)
        if called in _STATIC:
            yield self._entry("static", View(self._named(node.func)), node, where)
        elif called in _PASSING:
            args = list(node.args)
            if called == "patterns" and args and (before := text(args[0])) is not None:
                where = replace(where, views=before)
                args = args[1:]
            elif called in {"decorate_urlpatterns", "required"} and len(args) > 1:
                at = 0 if called == "decorate_urlpatterns" else 1
                name = self._named(args[1 - at])
                where = replace(where, wrappers=(*where.wrappers, name))
                args = [args[at]]
            elif called in {"list", "tuple", "format_suffix_patterns", "post_process_urls"}:
                args = args[:1]
            elif called == "i18n_patterns":
                where = replace(where, prefix="?/")
            for argument in args:
                listed = isinstance(argument, (ast.List, ast.Tuple, ast.Name, ast.Attribute))
                yield from (self._list if listed else self._element)(argument, where)
        elif called in {*ROUTES, "include"}:
            yield from self._element(node, where)

    def _element(self, node: ast.expr, where: _Where) -> Iterator[UrlEntry]:
        """Yield what one pattern adds: a view, or all that it includes."""
        if isinstance(node, ast.IfExp):
            yield from self._element(node.body, replace(where, condition=condition_of(node.test)))
            yield from self._element(node.orelse, where)
            return
        if isinstance(node, ast.Call) and last(node.func) in _STATIC | _PASSING:
            yield from self._of_call(node, where)
            return
        if not isinstance(node, ast.Call) or last(node.func) not in ROUTES:
            if isinstance(node, ast.Tuple) and len(node.elts) > 1 and text(node.elts[0]):
                yield from self._routed(node, list(node.elts), where)
            return
        args = list(node.args)
        named = {each.arg: each.value for each in node.keywords}
        args += [named[name] for name in ("route", "regex", "view") if name in named]
        if len(args) > 1:
            yield from self._routed(node, args, where)

    def _routed(self, node: ast.expr, args: list[ast.expr], where: _Where) -> Iterator[UrlEntry]:
        pattern = text(args[0])
        where = replace(where, prefix=where.prefix + ("?" if pattern is None else pattern))
        shown = args[1]
        if isinstance(shown, ast.Call) and last(shown.func) in {"include", "decorator_include"}:
            yield from self._included(shown, where)
        elif isinstance(shown, ast.Attribute) and shown.attr == "urls":
            yield self._entry("include", View(self._target(shown)), node, where)
        elif isinstance(shown, (ast.List, ast.Tuple)):
            yield from self._list(shown, where)
        else:
            view = view_of(shown, self._unit, self._class)
            if where.views and isinstance(shown, ast.Constant):
                view = replace(view, target=f"{where.views}.{view.target}")
            yield self._entry("view", view, node, where)

    def _included(self, node: ast.Call, where: _Where) -> Iterator[UrlEntry]:
        args = list(node.args)
        if last(node.func) == "decorator_include" and len(args) > 1:
            names = args[0].elts if isinstance(args[0], (ast.List, ast.Tuple)) else [args[0]]
            where = replace(where, wrappers=(*where.wrappers, *map(self._named, names)))
            args = args[1:]
        if not args:
            return
        inner = args[0]
        if isinstance(inner, ast.Tuple) and inner.elts and not is_route(inner.elts[0]):
            inner = inner.elts[0]  # (patterns, the app's name)
        module = text(inner)
        if module is not None:
            yield self._entry("include", View(module), node, where)
        elif isinstance(inner, (ast.List, ast.Tuple, ast.BinOp, ast.Call)):
            found = list(self._list(inner, where))
            yield from found or [self._entry("include", View(""), node, where)]
        else:
            yield self._entry("include", View(self._target(inner)), node, where)

    def _entry(self, kind: str, view: View, node: ast.AST, where: _Where) -> UrlEntry:
        return UrlEntry(
            owner=self._owner,
            pattern=where.prefix[:300],
            kind=kind,
            target=view.target,
            wrappers=(*where.wrappers, *view.wrappers),
            options=view.options,
            condition=where.condition,
            place=self._unit.place(node, self._owner),
        )

    def _named(self, node: ast.expr) -> str:
        return view_of(node, self._unit, self._class).target or dotted(node)

    def _target(self, node: ast.expr) -> str:
        """Return the full name of a list, a router's ``urls`` or a module."""
        return self._full(dotted(node))

    def _full(self, name: str) -> str:
        head, dot, rest = name.partition(".")
        known = self._unit.imports.get(head)
        if known is not None:
            return f"{known}{dot}{rest}"
        return f"{self._unit.module}.{name}" if name else ""
