"""What the reading of one module remembers while it goes on."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from ringfence.audit.collect.python.values import NOTHING, named
from ringfence.audit.model import (
    Assignment,
    Call,
    ClassFacts,
    FunctionFacts,
    Place,
    Value,
)

__all__ = ["Env", "Frame", "Unit"]

#: Of a line no more than this is looked at: a module may be one of megabytes.
_LOOKED_AT = 5_000

#: The values of names.
Env = dict[str, Value]


@dataclass(slots=True)
class Frame:
    """The function (or the module, or the class body) that is being read."""

    name: str
    env: Env
    class_name: str = ""
    #: Whether it is called with a request and answers it.
    is_view: bool = False
    #: Whether only methods that may write (POST, PUT, …) come here.
    guarded: bool = False
    conditional: bool = False
    returns: list[Value] = field(default_factory=list)
    #: The expressions of these.
    returned: list[ast.expr] = field(default_factory=list)
    reads: set[str] = field(default_factory=set)
    writes: set[str] = field(default_factory=set)
    #: Names whose values a test made safe, and the values that they had before.
    marked: list[tuple[str, Value]] = field(default_factory=list)
    #: Expressions that a test looked at, and what they are safe for since.
    tested: dict[str, frozenset[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Unit:
    """One module: its names, and the facts found in it so far."""

    path: str
    module: str
    lines: list[str]
    imports: dict[str, str] = field(default_factory=dict)
    #: Modules that all names are imported of, in their order.
    star_imports: dict[str, None] = field(default_factory=dict)
    #: Functions and classes of the module itself.
    own: set[str] = field(default_factory=set)
    calls: list[Call] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    functions: list[FunctionFacts] = field(default_factory=list)
    classes: list[ClassFacts] = field(default_factory=list)
    #: By class, the values of the attributes that its methods gave to ``self``.
    instances: dict[str, Env] = field(default_factory=dict)
    #: By class, the names of its methods.
    methods: dict[str, frozenset[str]] = field(default_factory=dict)
    #: By class, the names of its bases.
    bases: dict[str, tuple[str, ...]] = field(default_factory=dict)
    #: By class, its fields of free text.
    text_fields: dict[str, frozenset[str]] = field(default_factory=dict)
    #: The values of the module's own names.
    names: Env = field(default_factory=dict)

    def place(self, node: ast.AST, scope: str, *, secret: bool = False) -> Place:
        """Return where ``node`` stands; the text of a secret's line is left out."""
        line: int = getattr(node, "lineno", 1)
        text = ""
        if not secret and 0 < line <= len(self.lines):
            text = self.lines[line - 1][:_LOOKED_AT].strip()[:200]
        return Place(self.path, line, getattr(node, "end_lineno", None) or line, scope, text)

    def lookup(self, name: str, frame: Frame) -> Value:
        """Return what is known of a name."""
        found = frame.env.get(name)
        if found is None:
            found = self.names.get(name)
        if found is not None:
            return found
        imported = self.imports.get(name)
        if imported is not None:
            return named(imported)
        if name in self.own:
            return named(f"{self.module}.{name}")
        return NOTHING
