"""The HTML tokenizer's steps (WHATWG HTML, section 13.2.5): which state follows which.

Most are read from the table of ``html_states.py``; those that look ahead or compare a buffer are
here. What is done at a step is the matter of the reader that is made of this.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING

from ringfence.rings.escaping.html_states import ROWS, UNQUOTED_VALUE
from ringfence.rings.escaping.html_tags import LONGEST_NAME, Tag
from ringfence.rings.escaping.html_tree import namespace

if TYPE_CHECKING:
    from ringfence.rings.escaping.html import Markup

__all__ = ["TEXTS", "Tokenizer"]


class Tokenizer(ABC):
    """Goes through one text: fields of a :class:`Markup` that change.

    What the table asks for is a method of that name: ``_open``.
    """

    def __init__(self, state: Markup) -> None:
        self.state = state
        self.at = state.at
        self.tag = state.tag
        self.content = state.content
        self.element = state.element
        self.buffer = state.buffer
        self.foreign = state.foreign
        self.filled = state.filled
        self.source = ""
        #: Where the last "<" stands.
        self.less_than = -1
        #: Where the part of a value or of an element's text begins that was not fed yet.
        self.region = 0
        #: The state that a tag's end goes on in, where it is not text.
        self.chosen = ""

    def tokenize(self, text: str) -> None:
        """Go through ``text``, to its end."""
        self.source = text
        size = len(text)
        at = 0
        while at < size:
            if self.at == UNQUOTED_VALUE and not self.filled:
                self._unquoted_start(text[at], at)
            row = ROWS.get(self.at)
            if row is None:
                at = _LOOKING_AHEAD[self.at](self, at)
                continue
            if row.other is None:
                # Nothing happens before the next character that the row names.
                found = _STOPS[self.at](text, at)
                if found is None:
                    break
                at = found.start()
                char = text[at]
                step = row.steps[char]
            else:
                char = text[at]
                step = row.steps.get(char, row.other)
            if step.to == "data" and self.at == "tag open":
                self._back_to_text(at)
                continue
            if char == "<":
                self.less_than = at
                if self.at == "data" and self.content is not None:
                    self._feed_content(at)
            for action in step.actions:
                getattr(self, action)(at, char)
            if step.to != self.at:
                self._moved(step.to, at, again=step.again)
            if not step.again:
                at += 1

    @abstractmethod
    def _unquoted_start(self, char: str, at: int) -> None:
        """Begin a value without quotes behind a variable that was empty."""

    @abstractmethod
    def _feed_content(self, end: int, *, whole: bool = True) -> None:
        """Read the element's text up to ``end`` as its language.

        ``whole`` says that no character reference goes on behind it.
        """

    @abstractmethod
    def _emit(self, at: int, char: str) -> None:
        """End a tag."""

    def _back_to_text(self, at: int) -> None:
        # "<" was no tag: it is text, and this character is read as such.
        self.at = "data"
        self.tag = None
        self.region = max(0, at - 1)

    def _moved(self, to: str, at: int, *, again: bool) -> None:
        if to == UNQUOTED_VALUE:
            self.filled = True
        if to == "data" and self.at in _ENDING and self.tag is None:
            self.region = at + (not again)
        self.at = self.chosen if to == "data" and self.chosen else to
        self.chosen = ""

    # States that look ahead or compare: each returns where the next character is to be read.

    def markup_declaration(self, at: int) -> int:
        """Behind ``<!``."""
        text = self.buffer + self.source[at]
        lowered = text.lower()
        in_foreign = self.state.xml or namespace(self.foreign) != "html"
        to = _DECLARATIONS.get(lowered, "")
        if text == "[CDATA[" and in_foreign:
            to = "CDATA section"
        if to:
            self.buffer = ""
            self.region = at + 1
            self._moved(to, at, again=False)
            return at + 1
        if (
            text == "-"
            or "doctype".startswith(lowered)
            or (in_foreign and "[CDATA[".startswith(text))
        ):
            self.buffer = text
            return at + 1
        self.buffer = ""
        self._moved("bogus comment", at, again=True)
        return at

    def after_doctype_name(self, at: int) -> int:
        """Behind the name in ``<!doctype html``."""
        char = self.source[at]
        text = (self.buffer + char).lower()
        if not self.buffer and char in "\t\n\f\r ":
            return at + 1
        if not self.buffer and char == ">":
            self._moved("data", at, again=False)
            return at + 1
        for word in ("public", "system"):
            if text == word:
                self.buffer = ""
                self._moved(f"after DOCTYPE {word} keyword", at, again=False)
                return at + 1
            if word.startswith(text):
                self.buffer = text
                return at + 1
        self.buffer = ""
        self._moved("bogus DOCTYPE", at, again=True)
        return at

    def raw_end_tag(self, at: int) -> int:
        """Behind ``</`` in raw text, which only the element's own end tag ends."""
        char = self.source[at]
        if self._is_buffered(char):
            return at + 1
        if self.buffer != self.element or char not in "\t\n\f\r />":
            self.buffer = ""
            self._moved(self.at.removesuffix(" end tag name"), at, again=True)
            return at
        self._feed_content(max(self.region, self.less_than))
        self.tag = Tag(self.buffer, end=True)
        self.buffer = ""
        if char == ">":
            self._emit(at, char)
            self._moved("data", at, again=False)
        else:
            to = "self-closing start tag" if char == "/" else "before attribute name"
            self._moved(to, at, again=False)
        return at + 1

    def double_escape(self, at: int) -> int:
        """Behind ``<`` or ``</`` in a script's comment, in which ``script`` nests once."""
        char = self.source[at]
        escaped, double = "script data escaped", "script data double escaped"
        within, without = (
            (double, escaped) if self.at == "script data double escape start" else (escaped, double)
        )
        if char in "\t\n\f\r />":
            self._moved(within if self.buffer == "script" else without, at, again=False)
            return at + 1
        if self._is_buffered(char):
            return at + 1
        self._moved(without, at, again=True)
        return at

    def _is_buffered(self, char: str) -> bool:
        """Whether ``char`` is a letter, and so part of the name in the buffer."""
        if not (char.isascii() and char.isalpha()):
            return False
        if len(self.buffer) <= LONGEST_NAME:
            self.buffer += char.lower()
        return True


_DECLARATIONS = {"--": "comment start", "doctype": "DOCTYPE"}

_LOOKING_AHEAD: dict[str, Callable[[Tokenizer, int], int]] = {
    "markup declaration open": Tokenizer.markup_declaration,
    "after DOCTYPE name": Tokenizer.after_doctype_name,
    "RCDATA end tag name": Tokenizer.raw_end_tag,
    "RAWTEXT end tag name": Tokenizer.raw_end_tag,
    "script data end tag name": Tokenizer.raw_end_tag,
    "script data escaped end tag name": Tokenizer.raw_end_tag,
    "script data double escape start": Tokenizer.double_escape,
    "script data double escape end": Tokenizer.double_escape,
}

#: States whose characters are an element's text.
TEXTS = frozenset(
    ["data", "RCDATA", "RAWTEXT", "PLAINTEXT"]
    + [
        name
        for name in (*ROWS, *_LOOKING_AHEAD)
        if name.startswith(("script data", "RAWTEXT", "CDATA section"))
    ]
)

#: States that a ">" leads out of without a tag.
_ENDING = frozenset(
    name for name in ROWS if "comment" in name or "DOCTYPE" in name or "CDATA" in name
)

#: For each state in which most characters do nothing, the search for the next that does.
_STOPS = {
    name: re.compile("[" + re.escape("".join(row.steps)) + "]" if row.steps else r"(?!)").search
    for name, row in ROWS.items()
    if row.other is None
}
