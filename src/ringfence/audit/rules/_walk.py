"""Walk the values of a setting, however deep they are nested."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

__all__ = ["leaves"]

_DEEP = 8


def leaves(value: Any, keys: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Yield what is no dict or list, with the keys that lead to it; entries of lists have none.

    >>> list(leaves({"default": {"PASSWORD": "x"}}))
    [(('default', 'PASSWORD'), 'x')]
    """
    if len(keys) > _DEEP:
        return
    if isinstance(value, dict):
        for key, each in value.items():
            yield from leaves(each, (*keys, key))
    elif isinstance(value, (list, tuple)):
        for each in value[:200]:
            if isinstance(each, (dict, list, tuple)):
                yield from leaves(each, (*keys, ""))
            else:
                yield (*keys, ""), each
    else:
        yield keys, value
