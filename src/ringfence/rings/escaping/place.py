"""States of a page, each once, and what a literal text does in each of them.

A template's text is read once for each state it is met in; from then on its effect is looked up.
So two states that are equal must be one object: a :class:`Place`. A state that data had a part in
(half a name or a scheme from a variable) is not remembered anywhere: there is no end of those.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from ringfence.rings.escaping import css, js
from ringfence.rings.escaping.effects import Effect
from ringfence.rings.escaping.html import Markup
from ringfence.rings.escaping.language import Language, blocking
from ringfence.rings.escaping.plain import Plain
from ringfence.rings.escaping.quick import Encode, Match, classes_of
from ringfence.rings.escaping.text_effects import compile_text
from ringfence.rings.escaping.url import Url

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["MOST_PLACES", "Place", "Step", "place_of", "remembered", "start_of", "step_of"]

#: How many states are remembered. A site has some hundreds; a template that makes more of them
#: than this has them computed each time.
MOST_PLACES = 20_000

_PLAIN = frozenset(
    ("data", "RCDATA", "attribute value (double-quoted)", "attribute value (single-quoted)")
)
_BETWEEN = frozenset(
    ("before attribute name", "after attribute name", "after attribute value (quoted)")
)


class Step:
    """What a literal text does: what it renders as, where it leads, and what it grants.

    ``parts`` is None where the text stands for itself; else texts and effects in turn.
    """

    __slots__ = ("grants_only", "parts", "place", "text")

    def __init__(self, text: str, place: Place, parts: Sequence[str | Effect] | None) -> None:
        self.text = text
        self.place = place
        self.parts = parts
        #: Whether all that it does is to grant, so that it need not be done where nobody asks.
        self.grants_only = parts is not None and all(
            isinstance(part, str) or part.grants_only for part in parts
        )


class Place:
    """A state, and what is known of it before any value comes.

    ``plain`` says that a string is written as HTML text, and leaves the state as it is.
    ``looks_ahead`` says that the text behind a variable may decide what it is. ``quick`` are
    the classes of values that are told at a glance: how each is written, and the place behind it.
    """

    __slots__ = ("looks_ahead", "names", "plain", "quick", "shows", "state", "text", "volatile")

    def __init__(self, state: Language) -> None:
        self.state = state
        self.volatile = bool(getattr(state, "volatile", False))
        self.plain = type(state) is Plain or (
            type(state) is Markup
            and state.at in _PLAIN
            and state.value is None
            and state.content is None
            and state.text is None
        )
        #: Whether complete markup leaves the state as it is.
        self.text = self.plain and getattr(state, "at", "") == "data" and not state.foreign  # type: ignore[attr-defined]
        #: Whether a value here is shown, or a link: it is no name, and no code.
        self.shows = self.plain or _shows(state)
        #: Whether an attribute's name may begin here.
        self.names = not self.plain and getattr(state, "at", "") in _BETWEEN
        self.looks_ahead = not self.plain and _looks_ahead(state)
        self.quick: tuple[tuple[Match, Encode | None, Place], ...] = ()
        if not self.plain:
            self.quick = tuple(
                (match, encode, self if after == state else place_of(after))
                for match, encode, after in classes_of(state)
            )

    def glance(self, text: str) -> tuple[str, Place] | None:
        """Return ``text`` as it is written here, and the place behind it, if that is known."""
        for match, encode, place in self.quick:
            if match(text):
                return (text if encode is None else encode(text)), place
        return None

    def step(self, text: str, *, remember: bool = True) -> Step:
        """Return what the literal ``text`` does here.

        ``remember=False`` is for a text that comes with data, and leads to states without end.
        """
        state = self.state
        if not isinstance(state, Markup):
            text = blocking(state, text) + text
            return Step(text, _place(state.feed(text), remember=remember), None)
        after, marks = state.scan(text)
        parts = compile_text(text, marks, state, after)
        return Step(text, _place(after, remember=remember), parts)


def _shows(state: Language) -> bool:
    if not isinstance(state, Markup) or "unquoted" in state.at:
        return True
    return state.at.startswith("attribute value") and (
        state.value is None or isinstance(state.value, Url)
    )


def _looks_ahead(state: Language) -> bool:
    if not isinstance(state, Markup):
        return hasattr(state, "expecting")
    if state.at in _BETWEEN:
        return True
    inner = state.value if state.value is not None else state.content
    if hasattr(inner, "expecting"):
        return True
    tag = state.tag
    return state.value is not None and tag is not None and tag.name in ("link", "meta", "param")


@functools.lru_cache(maxsize=4096)
def step_of(place: Place, text: str) -> Step:
    """Return what a text does that is no template's and yet a developer's, and so comes again."""
    # Names are a developer's, and few; a value may be another one for each page.
    in_value = getattr(place.state, "at", "").startswith("attribute value")
    return place.step(text, remember=not in_value)


def _place(state: Language, *, remember: bool) -> Place:
    if remember or state in _places:
        return place_of(state)
    place = Place(state)
    place.volatile = True
    return place


_places: dict[Language, Place] = {}


def place_of(state: Language) -> Place:
    """Return the one place of ``state``; a new one for a state that must not be remembered."""
    try:
        return _places[state]
    except KeyError:
        place = Place(state)
        if not place.volatile and len(_places) < MOST_PLACES:
            # Two threads may both come here: the first one's place is everybody's.
            return _places.setdefault(state, place)
        place.volatile = True
        return place


def remembered() -> int:
    """Return how many places are remembered."""
    return len(_places)


_HTML = Markup()
_BY_SUFFIX: dict[str, Language] = {
    "txt": Plain(),
    "text": Plain(),
    "md": Plain(),
    "eml": Plain(),
    "csv": Plain(),
    "xml": Markup(xml=True),
    "svg": Markup(xml=True),
    "rss": Markup(xml=True),
    "atom": Markup(xml=True),
    "xhtml": _HTML,
}
_STARTS = {
    "js": "script",
    "mjs": "module",
    "json": "json",
    "webmanifest": "json",
    "jsonld": "json",
    "geojson": "json",
    "importmap": "importmap",
}


#: What a response says its content is, where its template's name says nothing.
_BY_TYPE = {
    "text/plain": "txt",
    "text/csv": "txt",
    "text/markdown": "txt",
    "text/css": "css",
    "text/javascript": "js",
    "application/javascript": "js",
    "application/json": "json",
    "text/xml": "xml",
}


def start_of(name: str | None, content_type: str = "") -> Place:
    """Return where a template of that name begins: by its suffix; HTML for any other.

    ``content_type`` is that of the response it is rendered for, "" where it is not known.

    >>> start_of("mail/welcome.txt").state.context
    'plain text'
    >>> start_of("app.js").state.context == start_of("page.html").state.context
    False
    """
    # "welcome.txt.django", "page.html.j2": the endings of template languages say nothing.
    parts = (name or "").lower().rpartition("/")[2].split(".")
    while len(parts) > 2 and parts[-1] in ("j2", "jinja", "jinja2", "django", "dj", "tmpl", "tpl"):
        parts.pop()
    suffix = parts[-1] if len(parts) > 1 else ""
    if content_type and suffix in ("", "html", "htm"):
        kind = content_type.partition(";")[0].strip().lower()
        if kind.endswith("+xml") or kind == "application/xml":
            suffix = "xml"
        elif kind.endswith("+json"):
            suffix = "json"
        else:
            suffix = _BY_TYPE.get(kind, suffix)
    if suffix in _STARTS:
        return place_of(js.start(_STARTS[suffix]))
    if suffix == "css":
        return place_of(css.start("sheet"))
    return place_of(_BY_SUFFIX.get(suffix, _HTML))
