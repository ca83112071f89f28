"""What is known of a script: what of its data reaches where markup or code is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ringfence.audit.facts.values import Place

__all__ = ["Flow", "Origin", "ScriptFacts"]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a part of a script's value comes from.

    ``kind`` is one of ``"address"`` (the page's own, its parameters), ``"message"`` (another
    window's), ``"answer"`` (a server's), ``"field"`` (typed), ``"attribute"``, ``"text"`` (of an
    element), ``"storage"``, ``"file"`` (a chosen one's name), ``"cell"`` (what a table or list
    library asks to be shown), ``"variable"`` (of the template around), ``"parameter"`` (of a
    function that is not known to be given any of these).

    ``"binding"`` is what a library's attribute names.

    ``name`` is the last name of the path that leads to it, "" where all of it is meant; of a
    variable its expression, with ``filters`` those behind it.
    """

    kind: str
    name: str = ""
    filters: tuple[str, ...] = ()
    #: The function that it is a parameter of, by its number in the file.
    of: int = -1


@dataclass(frozen=True, slots=True)
class Flow:
    """Data that reaches a place where a browser makes something of it.

    ``sink`` is ``"markup"``, ``"code"``, ``"address"`` or ``"binding"`` (a library writes what its
    attribute names as markup); ``into`` says how, as it is written (``innerHTML``, ``eval``).
    ``built`` says that there is markup of the script's own around it.
    """

    sink: str
    into: str
    origins: tuple[Origin, ...]
    built: bool
    place: Place


@dataclass(frozen=True, slots=True)
class ScriptFacts:
    """All that is known of a script that is a file of its own."""

    path: str
    flows: tuple[Flow, ...]
    lines: int
    is_test: bool = False
    accepted: Mapping[int, tuple[tuple[str, str], ...]] = field(default_factory=dict)
