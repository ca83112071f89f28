"""How a response keeps its headers, and what is done to all of them in one step.

Django's ``response.headers[name] = value`` checks and encodes one value at a time. What is written
on every response is checked and encoded once, when the fence is compiled, and then merged.
"""

from __future__ import annotations

from collections.abc import ItemsView, Iterator, Mapping
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.http.response import ResponseHeaders

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

__all__ = ["FencedHeaders", "Store", "prepare", "vary_on"]

#: ``{lower-case name: (name, value)}``, as Django keeps a response's headers.
Store = dict[str, tuple[str, str]]


def prepare(headers: Mapping[str, str]) -> Store:
    """Return ``headers`` as a response keeps them, each checked and encoded by Django once.

    :raises django.http.BadHeaderError: for a value with a line break.
    """
    response = HttpResponse()
    store: Store = {}
    for name, value in headers.items():
        response.headers[name] = value
        store[name.lower()] = (name, response.headers[name])
    return store


class FencedHeaders(ResponseHeaders):
    """A response's headers, iterated without a look-up each.

    Django's handlers iterate them once for every response; the standard mapping's views look
    every key up again.
    """

    def items(self) -> ItemsView[str, str]:
        """Return the pairs of name and value."""
        return _Pairs(self)


class _Pairs(ItemsView[str, str]):
    _mapping: FencedHeaders

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._mapping._store.values())


def vary_on(response: HttpResponseBase, *names: str) -> None:
    """Add ``names`` to the response's ``Vary``, unless they are there (RFC 9110, 12.5.5)."""
    store: Store = response.headers._store
    present = store.get("vary")
    if present is None:
        store["vary"] = ("Vary", ", ".join(names))
        return
    value = present[1]
    listed = [item.strip() for item in value.lower().split(",")]
    if "*" in listed:
        return
    missing = [name for name in names if name.lower() not in listed]
    if missing:
        store["vary"] = ("Vary", ", ".join([value, *missing]) if value else ", ".join(missing))
