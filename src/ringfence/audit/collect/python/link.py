"""What functions of the tree mean to one another: data given to one, data that one gives back.

Pure: facts of all files in, the same facts out, with the sources of parameters and of the results
of the tree's own functions filled in. Three rounds are made: data is followed through three calls.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from ringfence.audit.collect.python.routes import Routes, is_routed, is_wide, read_routes
from ringfence.audit.model import Assignment, Call, FunctionFacts, PythonFacts, Source, Value

__all__ = ["link"]

_ROUNDS: Final = 3
_PARAMETER: Final = frozenset({Source.PARAMETER})


@dataclass(slots=True)
class _Incoming:
    """What the callers of a function give to one of its parameters."""

    sources: frozenset[Source] = frozenset()
    safe_for: frozenset[str] | None = None


@dataclass(slots=True)
class _Index:
    functions: dict[str, FunctionFacts] = field(default_factory=dict)
    #: By the last two parts of the name, for trees whose root is not on the path.
    short: dict[str, set[str]] = field(default_factory=dict)
    incoming: dict[str, dict[str, _Incoming]] = field(default_factory=dict)
    routes: Routes = field(default_factory=dict)

    def find(self, target: str) -> str:
        """Return the full name of the tree's function that ``target`` names, "" if it is none."""
        if target in self.functions:
            return target
        parts = target.split(".")
        if len(parts) < 2:
            return ""
        names = [
            name
            for name in self.short.get(".".join(parts[-2:]), ())
            if name.endswith("." + target) or target.endswith("." + name)
        ]
        return names[0] if len(names) == 1 else ""


def link(facts: Mapping[str, PythonFacts]) -> dict[str, PythonFacts]:
    """Return ``facts`` with the values in calls known as well as the whole tree allows."""
    index = _index(facts.values())
    for _ in range(_ROUNDS):
        if not _spread(facts.values(), index):
            break
    return {path: _linked(each, index) for path, each in facts.items()}


def _index(facts: Iterable[PythonFacts]) -> _Index:
    index = _Index()
    for each in facts:
        if each.is_test:
            continue
        read_routes(each.calls, index.routes)
        for function in each.functions:
            name = f"{each.module}.{function.name}"
            index.functions[name] = function
            short = ".".join(name.split(".")[-2:])
            index.short.setdefault(short, set()).add(name)
    _seed(index)
    return index


def _seed(index: _Index) -> None:
    """Say of the parameters of views that they come out of the URL."""
    for name, function in index.functions.items():
        for read in function.reads:
            kind, _, part = read.partition(":")
            if part.startswith("?"):
                part = part[1:]
                if not is_wide(index.routes, name, part):
                    continue
            if kind == "url" and is_routed(index.routes, name, frozenset({part})):
                _note(index, name, part, frozenset({Source.URL}), frozenset())


def _spread(facts: Iterable[PythonFacts], index: _Index) -> bool:
    """Carry what calls give to the parameters of what they call; say whether there was any news."""
    news = False
    for each in facts:
        for call in each.calls:
            if not any(value.sources or value.calls for value in _values(call)):
                continue
            name = index.find(call.target)
            if not name:
                continue
            caller = f"{each.module}.{call.function}"
            for parameter, value in _given(call, index.functions[name]):
                known = _resolve(value, index, caller)
                sources = known.sources - _PARAMETER
                if sources:
                    news |= _note(index, name, parameter, sources, known.safe_for)
    return news


def _note(
    index: _Index, name: str, parameter: str, sources: frozenset[Source], safe: frozenset[str]
) -> bool:
    into = index.incoming.setdefault(name, {}).setdefault(parameter, _Incoming())
    before = (into.sources, into.safe_for)
    into.sources |= sources
    into.safe_for = safe if into.safe_for is None else into.safe_for & safe
    return before != (into.sources, into.safe_for)


def _values(call: Call) -> list[Value]:
    return [*call.args, *call.kwargs.values()]


def _given(call: Call, function: FunctionFacts) -> Iterable[tuple[str, Value]]:
    """Yield the function's parameters with what the call gives for them."""
    names = _positional(function)
    yield from zip(names, call.args, strict=False)
    yield from ((name, value) for name, value in call.kwargs.items() if name in names)


def _resolve(value: Value, index: _Index, caller: str) -> Value:
    """Return ``value`` as it is where the function ``caller`` is called by the tree itself."""
    incoming = index.incoming.get(caller)
    sources = value.sources
    safe = value.safe_for
    if Source.URL in sources and not is_routed(index.routes, caller, value.parameters):
        sources -= {Source.URL}
    if incoming and value.parameters:
        known = [incoming[name] for name in value.parameters if name in incoming]
        if known and not sources - _PARAMETER:
            # Whatever else is in it was looked at on its own.
            safe |= frozenset.intersection(*(each.safe_for or frozenset() for each in known))
        for each in known:
            sources |= each.sources
    for name in value.calls:
        function = index.functions.get(index.find(name))
        if function is None:
            continue
        given = _passed_on(value, function)
        added = (function.returns.sources - _PARAMETER) | given
        if not added or (sources - _PARAMETER and function.returns.safe_for):
            continue
        kept = value.safe_for & {"url"} if value.built else frozenset()
        safe = kept | (function.returns.safe_for if not sources - _PARAMETER else frozenset())
        sources |= added
    if sources == value.sources and safe == value.safe_for:
        return value
    return replace(value, sources=sources, safe_for=safe)


def _passed_on(value: Value, function: FunctionFacts) -> frozenset[Source]:
    """Return the sources of those arguments that the function gives back."""
    if not value.through or not function.returns.parameters:
        return frozenset()
    names = _positional(function)
    found = set()
    for argument, source in value.through:
        at = int(argument) if argument.isdigit() else -1
        name = (names[at] if at < len(names) else "") if at >= 0 else argument
        if name in function.returns.parameters:
            found.add(source)
    return frozenset(found)


def _positional(function: FunctionFacts) -> list[str]:
    names = list(function.parameters)
    return names[1:] if function.class_name and names[:1] in (["self"], ["cls"]) else names


def _linked(facts: PythonFacts, index: _Index) -> PythonFacts:
    changed = False
    calls: list[Call] = []
    for call in facts.calls:
        caller = f"{facts.module}.{call.function}"
        args = tuple(_deep(value, index, caller) for value in call.args)
        kwargs = {name: _deep(value, index, caller) for name, value in call.kwargs.items()}
        if args != call.args or kwargs != call.kwargs:
            changed = True
            call = replace(call, args=args, kwargs=kwargs)  # noqa: PLW2901 - the same call, known better
        calls.append(call)
    assignments: list[Assignment] = []
    for given in facts.assignments:
        value = _deep(given.value, index, f"{facts.module}.{given.function}")
        if value != given.value:
            changed = True
            given = replace(given, value=value)  # noqa: PLW2901 - the same one, known better
        assignments.append(given)
    if not changed:
        return facts
    return replace(facts, calls=tuple(calls), assignments=tuple(assignments))


def _deep(value: Value, index: _Index, caller: str) -> Value:
    if not (value.parameters or value.calls):
        return value  # nothing that another function has a part in
    value = _resolve(value, index, caller)
    if value.items:
        items = tuple(
            (item[0], _resolve(item[1], index, caller))
            if isinstance(item, tuple)
            else _resolve(item, index, caller)
            for item in value.items
        )
        value = replace(value, items=items)
    return value
