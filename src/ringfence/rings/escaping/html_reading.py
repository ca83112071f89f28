"""What reading an HTML text does: tags, attributes, and the languages inside of them.

The tokenizer says when; here are the tag and the attribute that are being read, the text that is
handed on to another language, and the marks for whoever wants to know what happened.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from ringfence.rings.escaping import attributes
from ringfence.rings.escaping.charrefs import decode, split_unfinished
from ringfence.rings.escaping.html_inner import expression, language
from ringfence.rings.escaping.html_states import QUOTED, UNQUOTED_VALUE
from ringfence.rings.escaping.html_tags import (
    EXECUTED,
    LONGEST_NAME,
    Mark,
    Tag,
    kind_of,
    may_be_supplied,
    script_kind,
)
from ringfence.rings.escaping.html_tokens import TEXTS, Tokenizer
from ringfence.rings.escaping.html_tree import Inside, closed, opened
from ringfence.rings.escaping.language import REFUSED, Language, blocking

if TYPE_CHECKING:
    from ringfence.rings.escaping.html import Markup

__all__ = ["Reader"]

_LONGEST_VALUE = 200

#: Attributes whose literal value is remembered until their tag ends.
_KNOWN = frozenset(
    {"type", "language", "rel", "http-equiv", "name", "attributename", "method", "action"}
    | {"target", "src", "href", "encoding", "nonce", "integrity", "as", "formaction"}
)
#: Attributes whose final value decides what their element is granted.
_RECORDED_URLS = {("form", "action"): "action", ("script", "src"): "load", ("link", "href"): "load"}


class Reader(Tokenizer):
    """Reads one text, and says in ``marks`` what happened in it."""

    def __init__(self, state: Markup, marks: list[Mark]) -> None:
        super().__init__(state)
        self.marks = marks
        self.attribute = state.attribute
        self.attribute_volatile = state.attribute_volatile
        self.text = state.text
        self.value = state.value
        self.kind = state.kind
        self.recording = state.recording
        self.content_recorded = state.content_recorded

    def read(self, text: str) -> Markup:
        """Return the state behind ``text``."""
        self.tokenize(text)
        if self.at in QUOTED or self.at == UNQUOTED_VALUE:
            self._feed_value(len(text))
        elif self.content is not None and self.at in TEXTS:
            self._feed_content(len(text), whole=False)
        return self._freeze()

    # What the table asks for

    def _clear(self, at: int, char: str) -> None:
        del at, char
        self.buffer = ""

    def _target(self, at: int, char: str) -> None:
        # "<?": a newer reader takes what follows, up to a blank, for an instruction's name.
        del at
        self.buffer = char

    def _section_end(self, at: int, char: str) -> None:
        # The brackets that end a CDATA section are none of its text.
        del char
        self._feed_content(at - 2)

    def _open(self, at: int, char: str) -> None:
        del at, char
        self.tag = Tag()

    def _open_end(self, at: int, char: str) -> None:
        del at, char
        self.tag = Tag(end=True)

    def _name(self, at: int, char: str) -> None:
        del at
        tag = self.tag or Tag()
        if len(tag.name) < LONGEST_NAME:
            self.tag = replace(tag, name=tag.name + char.lower())

    def _name_end(self, at: int, char: str) -> None:
        del char
        tag = self.tag or Tag()
        if tag.volatile and tag.name not in attributes.HARMLESS_ELEMENTS:
            # A variable began the name and the template's text went on with it.
            self._insert(at, "-" + REFUSED)
            self.tag = replace(tag, name=tag.name + "-" + REFUSED, volatile=False)
        elif tag.volatile:
            self.tag = replace(tag, volatile=False)

    def _attribute(self, at: int, char: str) -> None:
        del at, char
        self.attribute = ""
        self.attribute_volatile = False

    def _attribute_char(self, at: int, char: str) -> None:
        del at
        if len(self.attribute) < LONGEST_NAME:
            self.attribute += char.lower()

    def _attribute_end(self, at: int, char: str) -> None:
        del char
        if self.attribute_volatile and not may_be_supplied(self.tag, self.attribute):
            self._insert(at, "-" + REFUSED)
            self.attribute += "-" + REFUSED

    def _assign(self, at: int, char: str) -> None:
        del at, char
        tag = self.tag or Tag()
        self.filled = False
        self.buffer = ""
        self.kind = None
        self.value = None
        self.text = "" if self.attribute in _KNOWN else None
        if not tag.end:
            self.kind = kind_of(tag, self.attribute)
            self.value = (
                expression(tag, self.attribute)
                if self.kind == "expression"
                else language(self.kind, self.state.depth)
            )
        self.attribute_volatile = False
        if self.attribute not in _KNOWN and self.attribute not in ("content", "value"):
            # What it was called has been of use: of names there is no end.
            self.attribute = ""

    def _no_value(self, at: int, char: str) -> None:
        del at, char
        self._keep("")

    def _keep(self, value: str | None) -> None:
        tag = self.tag or Tag()
        if self.attribute in _KNOWN and not tag.has(self.attribute):
            self.tag = replace(tag, attributes=(*tag.attributes, (self.attribute, value)))
        self.attribute = ""
        self.attribute_volatile = False

    def _value(self, at: int, char: str) -> None:
        self.region = at + (char in "\"'")
        self.recording = self._to_record()
        if self.recording:
            self.marks.append(Mark("value", self.region, self.recording))

    def _to_record(self) -> str:
        if self.kind == "handler":
            return "handler"
        if self.kind == "style":
            return "style attribute"
        name = self.tag.name if self.tag is not None else ""
        return _RECORDED_URLS.get((name, self.attribute), "")

    def _value_end(self, at: int, char: str) -> None:
        del char
        self._feed_value(at, whole=True)
        if self.recording:
            self.marks.append(Mark("value end", at, self.recording))
            self.recording = ""
        known = self.text
        self._keep(None if known is None else decode(known, attribute=True).strip())
        self.value = self.text = self.kind = None
        self.filled = False
        self.buffer = ""

    def _self_closing(self, at: int, char: str) -> None:
        del at, char
        self.tag = replace(self.tag or Tag(), self_closing=True)

    def _emit(self, at: int, char: str) -> None:
        del char
        tag = self.tag or Tag()
        ends = at - 1 if tag.self_closing and at and self.source[at - 1] == "/" else at
        self.tag = None
        self.attribute = ""
        self.region = at + 1
        if tag.end:
            self._end_tag(tag, ends)
        else:
            self.marks.append(Mark("tag", ends, tag))
            self._start_tag(tag, at)

    def _start_tag(self, tag: Tag, at: int) -> None:
        inside = Inside(self.foreign, self.content, self.element)
        inside, self.chosen = opened(inside, tag, xml=self.state.xml, depth=self.state.depth)
        self.foreign, self.content, self.element = inside
        if self.chosen and tag.name in ("script", "style"):
            self.content_recorded = tag.name == "style" or (
                not tag.has("src") and script_kind(tag) in EXECUTED
            )
            self.marks.append(Mark("content", at + 1, tag))

    def _end_tag(self, tag: Tag, at: int) -> None:
        if tag.name == self.element:
            if self.content is not None:
                self.marks.append(Mark("content end", self.less_than, tag))
            self.content_recorded = False
        if tag.name == "form":
            self.marks.append(Mark("form end", self.less_than if self.less_than >= 0 else at, tag))
        inside = Inside(self.foreign, self.content, self.element)
        self.foreign, self.content, self.element = closed(inside, tag.name, xml=self.state.xml)

    # Text of other languages

    def _feed_value(self, end: int, *, whole: bool = False) -> None:
        raw = self.source[self.region : end]
        if self.text is not None:
            self.text = (self.text + raw)[:_LONGEST_VALUE]
        if self.value is None:
            return
        pending = self.buffer + raw
        self.buffer = ""
        if not whole:
            pending, self.buffer = split_unfinished(pending)
        self.value = self._unblocked(self.value, decode(pending, attribute=True), html.escape)

    def _feed_content(self, end: int, *, whole: bool = True) -> None:
        if self.content is None or (self.region >= end and not self.buffer):
            return
        raw = self.source[self.region : end]
        decoded = bool(self.foreign) and self.at == "data"
        if decoded:
            raw, self.buffer = self.buffer + raw, ""
            if not whole:
                raw, self.buffer = split_unfinished(raw)
            raw = decode(raw, attribute=False)
        self.content = self._unblocked(self.content, raw, html.escape if decoded else str)
        self.region = end

    def _unblocked(self, inner: Language, text: str, encode: Callable[[str], str]) -> Language:
        """Feed ``text``, behind what keeps harmless a name or a scheme that a variable began."""
        before = blocking(inner, text)
        if before:
            self._insert(self.region, encode(before))
        return inner.feed(before + text)

    def _unquoted_start(self, char: str, at: int) -> None:
        # The variable that began the value was empty: the tokenizer still waits for a value.
        if char in "\t\n\f\r >":
            self._insert(at, '""')
            self.filled = True
        elif char in "\"'":
            # A quote of the template's would begin what the variable was to be.
            self._insert(at, REFUSED)
            self.filled = True
        else:
            self.at = "before attribute value"

    def _insert(self, at: int, text: str) -> None:
        self.marks.append(Mark("insert", at, text))

    def _freeze(self) -> Markup:
        return replace(
            self.state,
            at=self.at,
            tag=self.tag,
            attribute=self.attribute,
            attribute_volatile=self.attribute_volatile,
            text=self.text,
            value=self.value,
            kind=self.kind,
            content=self.content,
            element=self.element,
            buffer=self.buffer,
            foreign=self.foreign,
            filled=self.filled,
            recording=self.recording,
            content_recorded=self.content_recorded,
            joined=False,
        )
