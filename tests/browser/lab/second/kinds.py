"""How the rows of this set are written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.safestring import mark_safe

from tests.browser.lab.contexts import Context
from tests.browser.lab.second.harmless import written

__all__ = ["TEXT", "attr", "jinja_too", "row", "split", "under", "vouched"]

TEXT = "t.textContent"


def attr(name: str, element: str = "t") -> str:
    return f"{element}.getAttribute('{name}')"


def row(name: str, source: str, read: str, accepts: str = "text", **others: Any) -> Context:
    """Build a row in Django's language; ``accepts`` are names of groups, space separated."""
    others.setdefault("expect", written)
    others.setdefault("django_only", True)
    return Context(name, source, read, tuple(accepts.split()), **others)


def jinja_too(name: str, source: str, read: str, accepts: str = "text", **others: Any) -> Context:
    """Build a row that reads the same in Jinja2."""
    return row(name, source, read, accepts, django_only=False, **others)


def split(at: str) -> Callable[[Any], Mapping[str, Any]]:
    """The value in two variables: up to that text, and from it."""

    def variables(value: Any) -> dict[str, Any]:
        head, found, tail = str(value).partition(at)
        return {"x": head, "y": found + tail}

    return variables


def under(*names: str, **others: Any) -> Callable[[Any], Mapping[str, Any]]:
    """The value under all of those names, and others as they are."""
    return lambda value: dict.fromkeys(names, value) | others


def vouched(value: Any) -> dict[str, Any]:
    """The value, marked as safe by the view."""
    return {"x": mark_safe(str(value))}  # noqa: S308 -- that it is not is what is tried
