"""What every language of a page has in common: states that read text and write values.

A page is HTML with other languages in it: JavaScript in a script or a handler, CSS in a style,
a URL in a link, and HTML again in ``srcdoc``. Each has a class of immutable, hashable states. A
state reads literal text with ``feed`` and answers with the state behind it; it writes a value with
``write`` so that the value stays data in that place. A state inside another one sees decoded text
(an attribute's character references are resolved before the inner language reads it) and writes
undecoded text, which the outer one encodes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

__all__ = ["REFUSED", "Language", "Refused", "Trust", "Value", "blocking"]

#: Stands where a value could not be written safely.
REFUSED = "ringfence-refused"


@dataclass(frozen=True, slots=True)
class Value:
    """A variable's value on its way into the page.

    ``raw`` is the object, ``text`` what Django would write before it escapes (localized), and
    ``vouched`` says that the text is markup a developer answers for (a ``SafeString``, or any
    string where autoescaping is off). ``filters`` are the names of the filters it came through.
    """

    raw: Any
    text: str
    vouched: bool = False
    filters: tuple[str, ...] = ()


class Refused(Exception):  # noqa: N818 -- it is an answer, not an error of the program
    """A value cannot be written here.

    ``reason`` and ``fix`` are sentences for the developer. ``by_place`` says that no value at all
    could stand here (the template is at fault), rather than that this one may not. ``placeholder``
    is what is harmless in its stead.
    """

    def __init__(
        self, reason: str, fix: str, *, by_place: bool = True, placeholder: str = REFUSED
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.fix = fix
        self.by_place = by_place
        self.placeholder = placeholder


class Trust(Protocol):
    """What the site trusts, as far as a place needs to know it."""

    @property
    def schemes(self) -> frozenset[str]:
        """URL schemes that links may have, in lower case, without the colon."""

    def may_load(self, origin: str, destination: str) -> bool:
        """Whether code may be loaded from ``origin`` (``https://host:port``, lower case).

        ``destination`` is a Fetch destination: ``script``, ``style``, ``frame``, ``object``,
        or ``base`` and ``importmap`` for what decides about other loads, or ``stream`` for
        messages that a library puts into the page.
        """


class Language(Protocol):
    """A state of one language: immutable and hashable."""

    @property
    def context(self) -> str:
        """What a variable stands in here, in the words of the documentation."""

    def feed(self, text: str, /) -> Language:
        """Return the state behind the literal ``text``."""

    def write(self, value: Value, trust: Trust, /) -> tuple[str, Language]:
        """Return ``value`` as text of this language, and the state behind it.

        :raises Refused: where no text would be safe.
        """


def blocking(state: Language, text: str) -> str:
    """Return what has to stand before the literal ``text`` to keep it harmless, mostly nothing.

    A name or a scheme that a variable began may become another one by the template's own text
    behind it. Languages in which that can be have a method ``block``.
    """
    block = getattr(state, "block", None)
    return (block(text) or "") if block is not None else ""
