"""What is known of an expression, and where something stands."""

from __future__ import annotations

import enum
from typing import Any, Final

from ringfence.records import record

__all__ = ["UNKNOWN", "Place", "Source", "Value"]


class _Unknown(enum.Enum):
    """What cannot be known without running the code; it equals nothing else."""

    UNKNOWN = enum.auto()

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = _Unknown.UNKNOWN


@record
class Place:
    """Where something stands: ``path`` is relative to the audited tree, with ``/``; lines from 1.

    Of a site's answer ``path`` is the URL, ``line`` 0, and ``scope`` the method and the header.

    ``scope`` is the dotted name of the function or class around it, or the template's block.
    ``text`` is the first line of it, stripped and at most 200 characters long, as it is in the
    file: whoever prints it escapes it.
    """

    path: str
    line: int
    end_line: int = 0
    scope: str = ""
    text: str = ""


class Source(enum.Enum):
    """Where a value may come from."""

    REQUEST = "the request"
    URL = "the URL"
    FORM = "a form"
    MODEL = "the database"
    FILE = "a file or an answer from elsewhere"
    PARAMETER = "a parameter of its function"


@record
class Value:
    """What is known of an expression's value without running it.

    ``literal`` is the value itself where it is constant, else :data:`UNKNOWN`. ``sources`` says
    where parts of it may come from; empty and not literal means that nobody knows, which is no
    evidence of danger. ``parameters`` are the names of the function's parameters in it.
    ``safe_for`` are the uses that all parts with a known source were made safe for: ``"html"``,
    ``"sql"``, ``"shell"``, ``"path"``, ``"url"``. ``built`` says that it is a string put together
    here (``%``, ``+``, ``format``, an f-string, ``join``) of more than literals. ``name`` is the
    dotted name or the call it is, as it resolves through imports (``request.GET.get``,
    ``os.environ``), "" where it is neither. ``items`` are the elements of a list, tuple, set or
    dict display (a dict's as pairs), or a decorator's arguments.
    """

    literal: Any = UNKNOWN
    sources: frozenset[Source] = frozenset()
    parameters: frozenset[str] = frozenset()
    safe_for: frozenset[str] = frozenset()
    built: bool = False
    name: str = ""
    items: tuple[Value | tuple[Value, Value], ...] = ()
    #: Whether a part of it is not known at all.
    opaque: bool = False
    #: Functions that parts of it are results of; "exception" where it is the text of one.
    calls: frozenset[str] = frozenset()
    #: What was given to these functions, by the argument's place or name, and may be in the result.
    through: frozenset[tuple[str, Source]] = frozenset()

    @property
    def is_literal(self) -> bool:
        """Whether the value is a constant."""
        return self.literal is not UNKNOWN

    def from_outside(self, use: str) -> bool:
        """Whether an attacker may have a part in it that was not made safe for ``use``."""
        return use not in self.safe_for and bool(self.sources - {Source.PARAMETER})
