"""The paths that the project's URL patterns give without arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.regex_helper import normalize

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["argument_free_paths"]


def argument_free_paths() -> tuple[str, ...]:
    """Return each path once, in the order of the patterns."""
    return tuple(dict.fromkeys("/" + path.lstrip("/") for path in _paths(get_resolver(), "")))


def _paths(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for item in resolver.url_patterns:
        for path, arguments in normalize(item.pattern.regex.pattern):
            if arguments:
                continue
            # `normalize` leaves its own escape for a literal per cent sign.
            here = prefix + path.replace("%%", "%")
            if isinstance(item, URLResolver):
                yield from _paths(item, here)
            elif isinstance(item, URLPattern):
                yield here
