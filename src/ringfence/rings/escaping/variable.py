"""A variable as its template says it: what messages name, and the text that follows it."""

from __future__ import annotations

from typing import NamedTuple

from ringfence.rings.escaping.place import Place, place_of

__all__ = ["Following", "Variable"]

#: As far as a string, or a tag, is looked ahead for what it holds.
_LOOK_AHEAD = 20_000


class Following(NamedTuple):
    """The literal texts of a template, and where those begin that follow a variable."""

    texts: list[str | None]
    start: int

    def read(self) -> str:
        """Return the literal text that follows, other tags left out, as far as it matters."""
        parts = []
        size = 0
        for text in self.texts[self.start :]:
            if text is not None:
                # A variable behind it may be an element's name, and the text markup.
                parts.append(text + "x" if text.endswith(("<", "</")) else text)
                size += len(text)
                if size > _LOOK_AHEAD:
                    break
        return "".join(parts)[:_LOOK_AHEAD]


class Variable:
    """What a message says about a variable: its source text and where it stands."""

    __slots__ = ("filters", "following", "line", "of_attributes", "places", "template", "text")

    def __init__(
        self,
        text: str,
        template: str = "",
        line: int = 0,
        filters: tuple[str, ...] = (),
        following: Following | None = None,
    ) -> None:
        self.text = text
        self.template = template
        self.line = line
        self.filters = filters
        #: The literal text behind it, which may decide what it is.
        self.following = following
        self.places: dict[Place, Place] = {}
        #: Whether it is a name or a value of the attributes that a widget was given in Python.
        self.of_attributes = False

    def ahead(self, place: Place) -> Place:
        """Return ``place`` in the knowledge of what follows this variable."""
        if self.following is None:
            return place
        known = self.places.get(place)
        if known is None:
            known = place_of(place.state.expecting(self.following.read()))  # type: ignore[attr-defined]
            if not place.volatile and len(self.places) < _MOST_PLACES_PER_NODE:
                self.places[place] = known
        return known


_MOST_PLACES_PER_NODE = 32
