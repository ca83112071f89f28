"""``|join``: what stands between the items is the template's own text, and each item a value."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ringfence.rings.escaping.run import Run

__all__ = ["write_joined"]

_QUOTES = {ord('"'): "&quot;", ord("'"): "&#x27;", ord("<"): "&lt;", ord(">"): "&gt;"}


def write_joined(
    run: Run, items: Iterable[Any], separator: str, write: Callable[[Any], str]
) -> str:
    """Return the items, each as ``write`` writes it, with the separator between them.

    In text, and in an attribute that is text, a joined string is one value like any other. In
    ``['{{ names|join:"', '" }}']`` and ``[{{ numbers|join:", " }}]`` the separator is JavaScript.
    """
    if getattr(run.place.state, "at", "").startswith("attribute value"):
        # As all that comes with a value: the attribute's quotes do not end by it.
        separator = separator.translate(_QUOTES)
    parts: list[str] = []
    for each in items:
        if parts:
            parts.append(run.literal(separator))
        parts.append(write(each))
    return "".join(parts)
