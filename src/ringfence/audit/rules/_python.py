"""What rules about Python share: finding calls, and judging how sure a source makes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain, count
from operator import itemgetter
from typing import Final

from ringfence.audit.collect.python.routes import Routes, read_routes
from ringfence.audit.model import (
    UNKNOWN,
    Call,
    ClassFacts,
    FunctionFacts,
    Place,
    Project,
    PythonFacts,
    Source,
    Value,
)
from ringfence.finding import Confidence

__all__ = [
    "NOBODY",
    "OUTSIDE",
    "argument",
    "decorated",
    "ending",
    "files",
    "function_of",
    "head",
    "is_escaped",
    "is_open",
    "may_write",
    "origin",
    "reaches",
    "routed",
    "short",
]

#: What an attacker's request brings.
OUTSIDE: Final = frozenset({Source.REQUEST, Source.URL, Source.FORM})
NOBODY: Final = Value()
_WRITES: Final = frozenset({"post", "put", "patch", "delete", "create", "update", "destroy"})
_NUMBER: Final = itemgetter(0)
#: Folders whose code does not run for visitors.
_OFFLINE: Final = frozenset({"migrations", "management", "scripts", "docs", "examples", "bin"})


def files(project: Project, *, offline: bool = False) -> Iterator[PythonFacts]:
    """Yield the modules that are deployed; ``offline`` adds migrations, commands and scripts."""
    index = _index(project)
    yield from index.files if offline else index.online


def ending(project: Project, *lasts: str, offline: bool = False) -> Iterator[Call]:
    """Yield the calls of functions whose name ends in one of ``lasts``."""
    calls = _index(project).calls
    found = [calls[last] for last in dict.fromkeys(lasts) if last in calls]
    rows = found[0] if len(found) == 1 else sorted(chain.from_iterable(found), key=_NUMBER)
    for _, is_online, call in rows:
        if is_online or offline:
            yield call


class _Index:
    """The deployed modules, and by the last part of their targets' names the calls in them.

    Nearly every rule asks for both: they are put together once.
    """

    __slots__ = ("calls", "files", "of", "online", "size")

    def __init__(self, python: Mapping[str, PythonFacts]) -> None:
        self.of = python
        self.size = len(python)
        self.files = [facts for facts in python.values() if not facts.is_test]
        self.online = []
        #: With the number by which they stand in order, and whether they run for visitors.
        self.calls: dict[str, list[tuple[int, bool, Call]]] = {}
        number = count()
        for facts in self.files:
            is_online = _OFFLINE.isdisjoint(facts.path.split("/")[:-1])
            if is_online:
                self.online.append(facts)
            for call in facts.calls:
                row = (next(number), is_online, call)
                self.calls.setdefault(call.target.rpartition(".")[2], []).append(row)


def _index(project: Project) -> _Index:
    known: _Index | None = project.memo.get(__name__)
    if known is None or known.of is not project.python or known.size != len(project.python):
        known = project.memo[__name__] = _Index(project.python)
    return known


def argument(call: Call, at: int, *names: str) -> Value:
    """Return the value of an argument by its place or by one of its names."""
    for name in names:
        if name in call.kwargs:
            return call.kwargs[name]
    return call.args[at] if 0 <= at < len(call.args) else NOBODY


def reaches(value: Value, use: str) -> Confidence | None:
    """Say how sure it is that an attacker has a part in ``value``; None if there is no sign of it.

    What a request brings is certain; what a database, a file or an answer brings may be anybody's.
    """
    if value.literal is not UNKNOWN or use in value.safe_for:
        return None
    if value.sources & OUTSIDE:
        return Confidence.HIGH
    if value.sources & {Source.MODEL, Source.FILE}:
        return Confidence.MEDIUM if value.built else Confidence.LOW
    return None


def is_escaped(value: Value) -> bool:
    """Say whether all parts of a text are known to be escaped, or to be no data."""
    if "html" not in value.safe_for:
        return False
    # Of parts that nobody knows it says nothing, unless linking looked into the functions.
    return not (value.built and value.opaque) or bool(value.sources or value.calls)


def origin(value: Value) -> str:
    """Return, in words, where a value comes from."""
    for source in (Source.REQUEST, Source.URL, Source.FORM, Source.MODEL, Source.FILE):
        if source in value.sources:
            return str(source.value)
    if "exception" in value.calls:
        return "an exception's text"
    if value.parameters:
        return "whoever calls " + "the function"
    return "elsewhere"


def decorated(facts: PythonFacts) -> Iterator[FunctionFacts | ClassFacts]:
    """Yield the functions and classes of a module that have decorators."""
    for function in facts.functions:
        if function.decorators:
            yield function
    for each in facts.classes:
        if each.decorators:
            yield each


def function_of(project: Project, call: Call) -> FunctionFacts | None:
    """Return the function that a call stands in."""
    facts = project.python.get(call.place.path)
    if facts is None or not call.function:
        return None
    for function in facts.functions:
        if function.name == call.function:
            return function
    return None


def routed(project: Project) -> Routes:
    """Return the views that the URL files name, by the last part of their name."""
    routes: Routes = {}
    for facts in project.python.values():
        if not facts.is_test:
            read_routes(facts.calls, routes)
    return routes


def head(place: Place) -> Place:
    """Return the first line of a function or class, where people look for it."""
    return replace(place, end_line=place.line)


def short(call: Call) -> str:
    """Return the name of what is called as people say it."""
    return str(call.target.rpartition(".")[2])


def is_open(value: Value) -> bool:
    """Say whether ``permission_classes`` lets everybody in."""
    if not value.items:
        return value.literal is None or (not value.opaque and not value.name)
    return all(isinstance(item, Value) and item.name.endswith("AllowAny") for item in value.items)


def may_write(each: ClassFacts) -> bool:
    """Say whether an API view has a method that writes."""
    if _WRITES & set(each.methods):
        return True
    return any(
        base.endswith(("ModelViewSet", "CreateAPIView", "UpdateAPIView", "DestroyAPIView"))
        for base in each.bases
    )
