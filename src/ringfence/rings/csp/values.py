"""The types that a directive's value may have in a settings file."""

from __future__ import annotations

from typing import NamedTuple

from ringfence.rings.csp.model import NONCE, is_nonce

__all__ = ["Unreadable", "text_of", "values_of"]


class Unreadable(NamedTuple):
    """A value of a type that cannot be a source."""

    value: object


def values_of(value: object) -> tuple[str, ...] | Unreadable | None:
    """Return a directive's values as strings; None for a directive that is to be left out.

    Accepts Django's form: a string, a list, tuple or set of strings (sets are sorted), True for
    a directive without a value, None and False for none. A nonce's placeholder becomes ours.
    """
    if value is None or value is False:
        return None
    if value is True:
        return ()
    if isinstance(value, (set, frozenset)):
        sources: list[object] = list(value)
    elif isinstance(value, (list, tuple)):
        sources = list(value)
    else:
        sources = [value]
    tokens = []
    for source in sources:
        token = text_of(source)
        if token is None:
            return Unreadable(source)
        tokens.append(token)
    return tuple(sorted(tokens) if isinstance(value, (set, frozenset)) else tokens)


def text_of(value: object) -> str | None:
    """Return ``value`` as a plain string: strings, enum members, Django's lazy strings."""
    if isinstance(value, str):
        return str.__str__(value)
    if is_nonce(value):
        return NONCE
    # A lazy translation or reverse_lazy(), known by its class's name so that this stays free
    # of Django.
    if type(value).__name__ == "__proxy__":
        try:
            text = str(value)
        except Exception:  # noqa: BLE001 - whatever the deferred call raises is a bad setting, not a crash
            return None
        return text
    return None
