"""What an expression of a script has in it: where its parts come from, and whether it is markup."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from ringfence.audit.facts.scripts import Origin

__all__ = ["NOTHING", "Value", "joined"]

_MOST = 6


class Value(NamedTuple):
    """Where parts of a value come from; whether markup of the script's stands around them.

    ``first`` are those that its beginning may come from, None where that is any of them.
    """

    origins: tuple[Origin, ...] = ()
    built: bool = False
    first: tuple[Origin, ...] | None = None

    @property
    def begins(self) -> tuple[Origin, ...]:
        """Where its first characters may come from."""
        return self.origins if self.first is None else self.first

    def named(self, name: str) -> Value:
        """Return what a path behind it leads to."""

        def lead(origin: Origin) -> Origin:
            known = origin.kind in ("variable", "address")
            return origin if known else replace(origin, name=name)

        return self._each(lead)

    def of_query(self) -> Value:
        """Return what is read of the address's parameters."""
        return self._each(
            lambda each: replace(each, name="query") if each.kind == "address" else each
        )

    def cut(self) -> Value:
        """Return a part of it: of the address's query that is a parameter."""
        return self._each(
            lambda each: (
                replace(each, name="query")
                if each.kind == "address" and each.name == "search"
                else each
            )
        )

    def _each(self, change: Callable[[Origin], Origin]) -> Value:
        if not self.origins:
            return self
        first = None if self.first is None else tuple(change(each) for each in self.first)
        return self._replace(origins=tuple(change(each) for each in self.origins), first=first)


NOTHING = Value()


def joined(first: Value, second: Value) -> Value:
    """Return what has both in it, ``first`` in front."""
    if not second.origins and not second.built:
        return first
    together = dict.fromkeys((*first.origins, *second.origins))
    # Where there are many, a parameter of who knows what tells the least.
    told = sorted(together, key=lambda each: each.kind == "parameter")
    return Value(
        tuple(told)[:_MOST],
        first.built or second.built,
        first.first if first.origins else second.first,
    )
