"""Where in an HTML document a piece of text ends.

The tokenizer of the HTML standard (WHATWG HTML, section 13.2.5), carried along the rendering of a
template: a :class:`Markup` says in which state the tokenizer is, and, where an attribute or an
element holds another language, in which state that one is. Of the tree construction as much is
known as the tokenizer's states depend on: the raw text elements and foreign content.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ringfence.rings.escaping import attributes, html_writing
from ringfence.rings.escaping.charrefs import decode
from ringfence.rings.escaping.html_inner import language
from ringfence.rings.escaping.html_reading import Reader
from ringfence.rings.escaping.html_states import BETWEEN, BLANKS, CONTENT, QUOTED, TEXT, UNQUOTED
from ringfence.rings.escaping.html_tags import Mark, Tag
from ringfence.rings.escaping.language import REFUSED, Language, Trust, Value

__all__ = ["Markup", "fragment", "start"]


@dataclass(frozen=True, slots=True)
class Markup:
    """A state of the tokenizer. See :class:`~ringfence.rings.escaping.language.Language`.

    ``at`` is the standard's name of the state; ``value`` the language of the attribute's value
    that is being read, ``content`` that of the element's text. ``element`` is the element whose
    end tag ends the text, ``foreign`` the open elements of other namespaces.
    """

    at: str = "data"
    tag: Tag | None = None
    attribute: str = ""
    attribute_volatile: bool = False
    text: str | None = None
    value: Language | None = None
    kind: str | None = None
    content: Language | None = None
    element: str = ""
    buffer: str = ""
    foreign: tuple[str, ...] = ()
    filled: bool = False
    recording: str = ""
    content_recorded: bool = False
    joined: bool = False
    xml: bool = False
    depth: int = 0

    @property
    def volatile(self) -> bool:
        """Whether data is part of this state, so that it must not be remembered.

        A whole name of an element that is harmless is one of few: that may be.
        """
        tag = self.tag
        return (
            self.attribute_volatile
            or (tag is not None and tag.volatile and tag.name not in attributes.HARMLESS_ELEMENTS)
            or bool(getattr(self.value, "volatile", False))
            or bool(getattr(self.content, "volatile", False))
        )

    @property
    def context(self) -> str:
        """What a variable stands in here."""
        inner = self.value if self.value is not None else self.content
        if self.at in QUOTED or self.at in UNQUOTED:
            place = "attribute" if self.at in QUOTED else "unquoted attribute"
            return f"HTML {place}" if inner is None else f"{inner.context} in an {place}"
        if self.content is not None and self.at in CONTENT:
            return self.content.context
        if self.at == "data":
            return "HTML text"
        if self.at in TEXT:
            return f"text of <{self.element}>" if self.element else "plain text"
        if self.at in BETWEEN:
            return "HTML attributes"
        if "comment" in self.at:
            return "HTML comment"
        return _CONTEXTS.get(self.at) or f"HTML ({self.at} state)"

    def feed(self, text: str) -> Markup:
        """Return the state behind the literal ``text``."""
        return Reader(self, []).read(text)

    def scan(self, text: str) -> tuple[Markup, list[Mark]]:
        """Return the state behind the literal ``text``, and what happened in it."""
        marks: list[Mark] = []
        return Reader(self, marks).read(text), marks

    def block(self, text: str) -> str | None:
        """Return what has to stand before the literal ``text`` to keep it harmless, if anything.

        As ``Url.block``, for markup inside of another language: what :meth:`scan` would insert
        into the text has its effect in front of it as well.
        """
        _, marks = self.scan(text)
        for mark in marks:
            if mark.kind == "insert":
                return str(mark.data) if mark.at == 0 else f"-{REFUSED}"
        return None

    def write(self, value: Value, trust: Trust) -> tuple[str, Markup]:
        """Return the value as text for this place, and the state behind it."""
        return html_writing.write(self, value, trust)

    def expecting(self, following: str) -> Markup:
        """Return this state in the knowledge of the literal text that follows the variable.

        A string in a script may turn out to hold markup, and a ``rel`` or ``http-equiv`` behind
        the variable decides what it is.
        """
        if self.at in BETWEEN:
            joined = following[:1] not in ("", ">", "/", *BLANKS)
            return replace(self, joined=True) if joined else self
        inner = self.value if self.value is not None else self.content
        look = getattr(inner, "expecting", None)
        if look is None:
            return self._expecting_attributes(following)
        text = following
        if self.value is not None and self.at in QUOTED:
            quote = '"' if "double" in self.at else "'"
            text = decode(text.partition(quote)[0], attribute=True)
        elif self.element:
            # Nothing behind the end tag is the element's; case is not worth a search of its own.
            text = text.partition("</" + self.element)[0]
        changed = look(text)
        if changed is inner:
            return self
        field = "value" if self.value is not None else "content"
        return replace(self, **{field: changed})

    def _expecting_attributes(self, following: str) -> Markup:
        tag = self.tag
        if tag is None or tag.name not in ("link", "meta", "param") or self.value is None:
            return self
        if self.attribute not in ("href", "content", "value"):
            return self
        _, marks = replace(self, value=None, kind=None).scan(following)
        whole = next((mark.data for mark in marks if mark.kind == "tag"), None)
        if whole is None:
            return self
        kind = attributes.language_of(tag.name, self.attribute, known={**whole.known, **tag.known})
        if kind == self.kind or self.value != language(self.kind, self.depth):
            return self
        return replace(self, kind=kind, value=language(kind, self.depth))


_CONTEXTS = {
    "attribute name": "HTML attribute name",
    "tag open": "HTML tag name",
    "end tag open": "HTML tag name",
    "tag name": "HTML tag name",
    "CDATA section": "CDATA section",
}


def fragment(depth: int = 0) -> Markup:
    """Return the state at the start of a piece of HTML.

    >>> fragment().feed("<a title='").at
    'attribute value (single-quoted)'
    """
    return Markup(depth=depth)


def start(initial: str = "data", last_start_tag: str = "") -> Markup:
    """Return a state by the standard's name, as the tokenizer tests begin in.

    >>> start("RCDATA", "title").feed("</title>").at
    'data'
    """
    if initial in ("data", "CDATA section"):
        return Markup(initial)
    return Markup(initial, element=last_start_tag)
