"""Fixes: a finding and its file's text -> edits. What is not certain is not offered.

A rule judges facts; a fix needs the text. A module here whose name has no leading underscore has
``FIXES``, one :class:`Fix` for each code that can be mended by machine. It is asked only about
findings that are shown, and returns nothing where the text is not quite what it expects: no edit is
better than a wrong one. An edit is safe if no site that works can stop working through it; what may
break an honest visitor's or a machine's request is unsafe, and what could open something is not
offered at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from ringfence.audit.fixes._text import Text
from ringfence.audit.model import Edit, Finding
from ringfence.records import record

__all__ = ["Fix", "all_fixes"]


@record
class Fix:
    """How findings of one code are mended, in one sentence and as a pure function."""

    code: str
    what: str
    make: Callable[[Text, Finding], Iterable[Edit]]


@cache
def all_fixes() -> Mapping[str, Fix]:
    """Return every fix by its code."""
    found: dict[str, Fix] = {}
    for each in iter_modules([str(Path(__file__).parent)]):
        if not each.name.startswith("_"):
            for fix in import_module(f"{__name__}.{each.name}").FIXES:
                found[fix.code] = fix
    return found
