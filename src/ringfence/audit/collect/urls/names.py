"""Full names -> definitions: through imports, ``import *`` and packages that pass names on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from ringfence.audit.model import ClassFacts, FunctionFacts, PythonFacts
from ringfence.records import record

__all__ = ["Definition", "Definitions"]

_DEEP: Final = 8
_ANCESTORS: Final = 40


@record
class Definition:
    """A function or class of the tree, and the module it stands in."""

    facts: PythonFacts
    what: FunctionFacts | ClassFacts

    @property
    def name(self) -> str:
        """Its full name."""
        return f"{self.facts.module}.{self.what.name}"


class Definitions:
    """Finds the tree's definitions by their full name."""

    def __init__(self, python: Iterable[PythonFacts]) -> None:
        self._modules: dict[str, PythonFacts] = {}
        self._by_last: dict[str, list[str]] = {}
        self._known: dict[str, Mapping[str, FunctionFacts | ClassFacts]] = {}
        self._methods: dict[str, dict[str, list[FunctionFacts]]] = {}
        for facts in python:
            if not facts.is_test:
                self._modules[facts.module] = facts
                last = facts.module.rpartition(".")[2]
                self._by_last.setdefault(last, []).append(facts.module)

    def module(self, name: str, near: str = "") -> PythonFacts | None:
        """Return a module; where several could be meant, the one nearest to the module ``near``."""
        found = self._modules.get(name)
        if found is not None or not name:
            return found
        ends = [
            each
            for each in self._by_last.get(name.rpartition(".")[2], ())
            if each.endswith("." + name)
        ]
        if not ends:
            return None
        return self._modules[max(ends, key=lambda each: (_shared(each, near), -len(each), each))]

    def split(self, name: str, near: str = "") -> tuple[PythonFacts, str] | None:
        """Return the module that a name begins with, and the rest of the name."""
        parts = name.split(".")
        for at in range(len(parts), 0, -1):
            facts = self.module(".".join(parts[:at]), near)
            if facts is not None:
                return facts, ".".join(parts[at:])
        return None

    def find(self, name: str, near: str = "") -> Definition | None:
        """Return the function or class of that name."""
        return self._find(name, near, 0, set())

    def _find(
        self, name: str, near: str, depth: int, tried: set[tuple[str, str]]
    ) -> Definition | None:
        found = self.split(name, near) if name and depth < _DEEP else None
        if found is None or not found[1]:
            return None
        facts, rest = found
        own = self._own(facts).get(rest)
        if own is not None:
            return Definition(facts, own)
        if (facts.path, rest) in tried:  # modules that import everything of one another
            return None
        tried.add((facts.path, rest))
        head, dot, after = rest.partition(".")
        imported = facts.imports.get(head)
        if imported is not None and imported != name:
            return self._find(f"{imported}{dot}{after}", facts.module, depth + 1, tried)
        for star in facts.star_imports:
            through = self._find(f"{star}.{rest}", facts.module, depth + 1, tried)
            if through is not None:
                return through
        return None

    def ancestors(self, of: Definition) -> Iterator[Definition | str]:
        """Yield a class and its bases, nearest first: the name of one that is not in the tree."""
        waiting: list[Definition | str] = [of]
        seen: set[str] = set()
        while waiting and len(seen) < _ANCESTORS:
            each = waiting.pop(0)
            name = each if isinstance(each, str) else each.name
            if name in seen:
                continue
            seen.add(name)
            yield each
            if isinstance(each, Definition) and isinstance(each.what, ClassFacts):
                module = each.facts.module
                for base in each.what.bases:
                    found = self.find(base, module)
                    is_class = found is not None and isinstance(found.what, ClassFacts)
                    waiting.append(found if found is not None and is_class else base)

    def methods(self, of: Definition) -> list[FunctionFacts]:
        """Return the methods that a class itself defines."""
        known = self._methods.get(of.facts.path)
        if known is None:
            known = self._methods[of.facts.path] = {}
            for function in of.facts.functions:
                if function.class_name:
                    known.setdefault(function.class_name, []).append(function)
        return known.get(of.what.name, [])

    def _own(self, facts: PythonFacts) -> Mapping[str, FunctionFacts | ClassFacts]:
        known = self._known.get(facts.path)
        if known is None:
            own: dict[str, FunctionFacts | ClassFacts] = {}
            own.update((each.name, each) for each in facts.functions)
            own.update((each.name, each) for each in facts.classes)
            known = self._known[facts.path] = own
        return known


def _shared(one: str, other: str) -> int:
    """Return how many parts two names begin with together."""
    count = 0
    for mine, theirs in zip(one.split("."), other.split("."), strict=False):
        if mine != theirs:
            break
        count += 1
    return count
