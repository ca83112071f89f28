"""What a settings module is evaluated in: the tree, the environment assumed, the names so far."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from ringfence.audit.collect.settings.sources import Parsed, Sources
from ringfence.audit.collect.settings.values import MAX_NODES, copied, weight
from ringfence.audit.model import UNKNOWN, Place, Variable

__all__ = [
    "ClassValue",
    "Frame",
    "Function",
    "ModuleValue",
    "TooMuchError",
    "UnsetError",
    "World",
]

#: Statements and expressions evaluated for one settings module, with all that it imports.
MAX_STEPS: Final = 300_000
MAX_CALLS: Final = 15


class TooMuchError(Exception):
    """The module does more than settings do."""


class UnsetError(Exception):
    """The environment does not have a variable that is required."""


@dataclass
class World:
    """One evaluation of one settings module.

    ``unset`` says which of two questions is asked: what holds where the environment sets nothing
    (defaults do), or what is known whatever it sets. ``open_names`` are names that the environment
    decides: a test of them is answered as it would be on a server.
    """

    sources: Sources
    unset: bool
    open_names: frozenset[str] = frozenset()
    steps: int = 0
    calls: int = 0
    unread: list[str] = field(default_factory=list)
    modules: dict[str, Frame] = field(default_factory=dict)
    #: Modules all of whose names another took over (``import *``, ``include()``).
    absorbed: set[str] = field(default_factory=set)
    #: The variables that are assumed to be set, by name.
    environment: Mapping[str, Variable] = field(default_factory=dict)
    #: The names of variables that were asked for, and the places of those that were there.
    asked: set[str] = field(default_factory=set)
    read: list[Place] = field(default_factory=list)
    #: The places of variables that decided the conditions around.
    deciding: list[Place] = field(default_factory=list)

    @cached_property
    def files(self) -> frozenset[str]:
        """The paths of the files that set the variables."""
        return frozenset(each.place.path for each in self.environment.values())

    def variable(self, name: str) -> Variable | None:
        """Return a variable that is assumed to be set, and note that it was asked for."""
        self.asked.add(name)
        found = self.environment.get(name)
        if found is not None:
            self.read.append(found.place)
        return found

    def step(self) -> None:
        """Count one step.

        :raises TooMuchError: when there were too many.
        """
        self.spend(1)

    def spend(self, steps: int) -> None:
        """Count several steps.

        :raises TooMuchError: when there were too many, here or in all modules together.
        """
        self.steps += steps
        self.sources.steps += steps
        if self.steps > MAX_STEPS or self.sources.steps > 5 * MAX_STEPS:
            raise TooMuchError


@dataclass
class Frame:
    """The names of a module, class or function while it is evaluated."""

    world: World
    parsed: Parsed
    names: dict[str, Any] = field(default_factory=dict)
    outer: Frame | None = None
    places: dict[str, Place] = field(default_factory=dict)
    #: Names that something unread may have changed.
    uncertain: set[str] = field(default_factory=set)
    #: How many ``try`` with handlers are around.
    trying: int = 0
    returned: Any = None
    #: Whether it is a module that settings take single names out of: it is not followed further.
    is_helper: bool = False

    @property
    def path(self) -> str:
        """The file's path."""
        return self.parsed.path

    def lookup(self, name: str) -> tuple[bool, Any]:
        """Return whether ``name`` is known here, and its value."""
        frame: Frame | None = self
        while frame is not None:
            if name in frame.names:
                return True, frame.names[name]
            frame = frame.outer
        return False, None

    def remember(self, name: str) -> None:
        """Note that a variable was read if ``name`` has its value from one."""
        place = self.places.get(name)
        if place is not None and place.path in self.world.files:
            self.world.read.append(place)

    def doubt(self, reason: str = "") -> None:
        """Note that everything so far may have been changed by something that cannot be read."""
        self.uncertain.update(self.names)
        if reason and reason not in self.world.unread:
            self.world.unread.append(reason)

    def fork(self, mentioned: frozenset[str] | None = None) -> Frame:
        """Return a copy to evaluate one of two branches in, which can change what it mentions."""
        names = dict(self.names)
        self.world.spend(len(names) // 50)
        for name in names if mentioned is None else mentioned & names.keys():
            value = names[name]
            if isinstance(value, (list, dict, tuple, set)):
                items = weight(value)
                self.world.spend(1 + items // 4)
                names[name] = copied(value) if items <= MAX_NODES else UNKNOWN
        return Frame(
            self.world,
            self.parsed,
            names,
            self.outer,
            dict(self.places),
            set(self.uncertain),
            self.trying,
        )

    def become(self, other: Frame) -> None:
        """Take over all that a branch did."""
        self.names = other.names
        self.places = other.places
        self.uncertain = other.uncertain
        self.returned = other.returned


@dataclass(eq=False)
class Function:
    """A function or lambda of the tree, with the names around it."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    frame: Frame
    #: Evaluates its body; given here so that calls need not import statements.
    run: Callable[[Function, list[Any], dict[str, Any]], Any]


@dataclass(eq=False)
class ClassValue:
    """A class of the tree: its bases, and its body's names."""

    name: str
    bases: tuple[Any, ...]
    frame: Frame


@dataclass(eq=False)
class ModuleValue:
    """A module of the tree, imported by name."""

    frame: Frame
