"""Text that is no code: mails and the like, rendered as Django renders them."""

from __future__ import annotations

import html
from dataclasses import dataclass

from ringfence.rings.escaping.language import Trust, Value

__all__ = ["Plain"]


@dataclass(frozen=True, slots=True)
class Plain:
    """The only state of plain text: nothing in it changes anything."""

    @property
    def context(self) -> str:
        """What a variable stands in here."""
        return "plain text"

    def feed(self, text: str, /) -> Plain:
        """Return this state."""
        del text
        return self

    def write(self, value: Value, trust: Trust, /) -> tuple[str, Plain]:
        """Return the value as Django writes it, and this state."""
        del trust
        return value.text if value.vouched else html.escape(value.text), self
