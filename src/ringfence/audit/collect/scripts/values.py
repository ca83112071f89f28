"""What an expression of a script has in it: where its parts come from, and whether it is markup."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from ringfence.audit.facts.scripts import Origin

__all__ = ["NOTHING", "Value", "joined"]

_MOST = 6


class Value(NamedTuple):
    """Where parts of a value come from; whether markup of the script's stands around them.

    ``begins`` says that its first character is one of theirs.
    """

    origins: tuple[Origin, ...] = ()
    built: bool = False
    begins: bool = False

    def named(self, name: str) -> Value:
        """Return what a path behind it leads to."""
        if not self.origins:
            return self
        return self._replace(
            origins=tuple(
                each if each.kind in ("variable", "address") else replace(each, name=name)
                for each in self.origins
            )
        )


NOTHING = Value()


def joined(first: Value, second: Value) -> Value:
    """Return what has both in it."""
    if not second.origins and not second.built:
        return first
    together = dict.fromkeys((*first.origins, *second.origins))
    # Where there are many, a parameter of who knows what tells the least.
    told = sorted(together, key=lambda each: each.kind == "parameter")
    return Value(
        tuple(told)[:_MOST],
        first.built or second.built,
        first.begins,
    )
