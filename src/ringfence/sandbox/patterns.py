"""The project's URL patterns: their paths, and which of them a path belongs to."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.urls import Resolver404, URLPattern, URLResolver, get_resolver, resolve
from django.utils.regex_helper import normalize

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Pattern", "Viewed", "argument_free_paths", "patterns", "viewed"]


@dataclass(frozen=True, slots=True)
class Pattern:
    """One URL pattern of the project.

    ``route`` is how Django names it, ``template`` a path in which each of ``arguments`` stands as
    ``%(name)s``; ``name`` is its name with namespaces, empty where it has none.
    """

    route: str
    template: str
    arguments: tuple[str, ...]
    name: str
    view: str


@dataclass(frozen=True, slots=True)
class Viewed:
    """What answers at a path: the pattern, and the view with its place in the source."""

    route: str
    view: str
    file: str
    line: int


def argument_free_paths() -> tuple[str, ...]:
    """Return each path without arguments once, in the order of the patterns."""
    found = (p.template.replace("%%", "%") for p in patterns() if not p.arguments)
    return tuple(dict.fromkeys(found))


def patterns() -> tuple[Pattern, ...]:
    """Return every URL pattern, one entry for each way that it can be written."""
    return tuple(_patterns(get_resolver(), "", "", "", ()))


def viewed(path: str) -> Viewed | None:
    """Say what answers at ``path``, without its query; None where nothing does."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    file, line = _place(match.func)
    return Viewed(match.route, _name_of(match.func), file, line)


def _patterns(
    resolver: URLResolver, prefix: str, route: str, namespace: str, before: tuple[str, ...]
) -> Iterator[Pattern]:
    for item in resolver.url_patterns:
        for path, arguments in normalize(item.pattern.regex.pattern):
            here, routed = prefix + path, route + str(item.pattern)
            names = (*before, *map(str, arguments))
            if isinstance(item, URLResolver):
                inner = f"{namespace}{item.namespace}:" if item.namespace else namespace
                yield from _patterns(item, here, routed, inner, names)
            elif isinstance(item, URLPattern):
                yield Pattern(
                    routed,
                    "/" + here.lstrip("/"),
                    names,
                    f"{namespace}{item.name}" if item.name else "",
                    _name_of(item.callback),
                )


def _name_of(view: Any) -> str:
    inner = _unwrapped(view)
    return f"{inner.__module__}.{getattr(inner, '__qualname__', type(inner).__qualname__)}"


def _place(view: Any) -> tuple[str, int]:
    """Return the file, relative to where the command runs if it is below, and the line."""
    inner = _unwrapped(view)
    try:
        file = inspect.getsourcefile(inner) or ""
        line = inspect.getsourcelines(inner)[1]
    except (OSError, TypeError):
        return "", 0
    path = Path(file)
    if path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    return str(path), line


def _unwrapped(view: Callable[..., Any]) -> Any:
    """Return what the developer wrote: the class of a class-based view, else the function."""
    inner = inspect.unwrap(view)
    return getattr(inner, "view_class", None) or getattr(inner, "cls", None) or inner
