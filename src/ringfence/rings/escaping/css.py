"""CSS: what a variable in a style sheet or a style attribute stands in, and how it is written.

The state follows the tokens of literal text (https://www.w3.org/TR/css-syntax-3/#tokenization)
as far as they decide where things end: strings, comments, addresses, brackets, braces and what
is a selector, a property or a value between them. No value ends any of these.
"""

from __future__ import annotations

import functools
import math
import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from ringfence.rings.escaping.css_reader import ADDRESSES, RULES, Lexeme, Reading
from ringfence.rings.escaping.css_values import (
    NotCssError,
    escape_comment,
    escape_identifier,
    escape_string,
    escape_unquoted_url,
    harmless_declarations,
    harmless_rules,
    harmless_value,
    is_harmless_property,
)
from ringfence.rings.escaping.language import REFUSED, Refused, Trust, Value
from ringfence.rings.escaping.schemes import decode_references
from ringfence.rings.escaping.typed import SafeCSS
from ringfence.rings.escaping.url import Url

__all__ = ["Css", "start"]

_CONTEXT: dict[str, str] = {
    "selector": "CSS selector",
    "at": "name of a CSS at-rule",
    "prelude": "CSS at-rule",
    "property": "CSS property",
    "value": "CSS value",
    "unknown": "CSS nested too deeply",
}
_STYLE_END = re.compile(r"</style", re.IGNORECASE)
_NTH = re.compile(r"(?:[+-]?[0-9]*n(?:[ ]*[+-][ ]*[0-9]+)?|[+-]?[0-9]+|odd|even)", re.IGNORECASE)
_CUSTOM_PART = re.compile(r"[a-zA-Z0-9_-]*")
_NAME_PART = re.compile(r"[a-zA-Z-]*")
# Bound to scripts in browsers of old.
_BINDING = frozenset({"behavior", "-moz-binding", "-ms-behavior"})
# Stands for whatever a variable wrote where only the fact of an identifier matters.
_SOME = "\ufffd"


#: Rules that one name stands behind.
_NAMED = frozenset(
    {"keyframes", "-webkit-keyframes", "-moz-keyframes", "-o-keyframes", "counter-style"}
)


@dataclass(frozen=True, slots=True)
class Css(Reading):
    """The state of a style sheet, or of a style attribute's declarations, and what it may say."""

    @property
    def context(self) -> str:
        """What a variable stands in here."""
        if self.inner is not None:
            return f"{self.inner.context} in CSS"
        if self.lexeme in {"comment", "star"}:
            return "CSS comment"
        if self.lexeme in {'"', "'"}:
            return "CSS string"
        if self.where == "property" and not self.begun:
            return "CSS declarations"
        return _CONTEXT[self.where]

    @property
    def volatile(self) -> bool:
        """Whether the state came from a variable: see ``Url``."""
        return self.inner is not None and self.inner.volatile

    def block(self, text: str, trust: Trust | None = None) -> str | None:
        """Return what has to stand before the literal ``text`` to keep it harmless, if anything."""
        if self.inner is None or not self.volatile:
            return None
        return self.inner.block(re.split(r"""["')\\]""", text, maxsplit=1)[0], trust)

    def write(self, value: Value, trust: Trust) -> tuple[str, Css]:
        """Return ``value`` as it may stand here, and the state behind it.

        :raises Refused: where it would be more than the value, name or text that stands here.
        """
        text = _text_of(value)
        if self.where == "unknown" or self.escaped:
            raise Refused(
                "A variable in CSS behind a backslash, or nested deeper than is followed.",
                "Move the variable into a value of its own, for instance a custom property.",
            )
        if self.lexeme in {"comment", "star"}:
            return escape_comment(text), replace(self, lexeme="comment")
        if self.inner is not None:
            return self._write_url(self.inner, value, text, trust)
        if self.lexeme in {'"', "'"}:
            return escape_string(text), self
        if isinstance(value.raw, SafeCSS):
            return self._write_vouched(text)
        if not text:
            return text, self
        match self.where:
            case "selector":
                return self._write_selector(text)
            case "property":
                return self._write_property(text, trust)
            case "at":
                raise Refused(
                    "A variable names an at-rule, which decides what everything in it means.",
                    "Write the at-rule's name in the template.",
                )
        return self._write_value(text, trust)

    def _write_url(self, inner: Url, value: Value, text: str, trust: Trust) -> tuple[str, Css]:
        escape = escape_string if self.lexeme in {'"', "'"} else escape_unquoted_url
        try:
            text, behind = inner.write_text(value, text, trust)
        except Refused as refusal:
            refusal.placeholder = escape(refusal.placeholder)
            raise
        # Spaces in front of an unquoted address are over once something stands there.
        lexeme: Lexeme = "url" if self.lexeme == "url(" and text else self.lexeme
        return escape(text), replace(self, inner=behind, lexeme=lexeme)

    def _write_vouched(self, text: str) -> tuple[str, Css]:
        if _STYLE_END.search(text):
            raise Refused(
                "A SafeCSS string holds </style, which would end the element it stands in.",
                "Write the less-than sign as \\3c in CSS.",
                by_place=False,
            )
        return text, _without_data(self.feed(text))

    def _write_selector(self, text: str) -> tuple[str, Css]:
        if not self.begun and "{" in text and not self.brackets and not self.lexeme:
            return self._write_sheet(text)
        if not self.begun:
            raise Refused(
                "A variable stands where a selector begins, or brings a whole style sheet.",
                "Begin the selector in the template (#item-{{ id }}), or vouch for the style "
                "sheet with SafeCSS.",
            )
        if self.brackets.endswith("(") and _NTH.fullmatch(text):
            return text, replace(self, word=_SOME, lexeme="")
        before = "" if self.word.endswith(" ") else self.word
        return escape_identifier(text, before=before), replace(self, word=_SOME, lexeme="")

    def _write_sheet(self, text: str) -> tuple[str, Css]:
        """Write rules whose declarations only colour and arrange text, such as Pygments makes."""
        try:
            written = harmless_rules(text)
        except NotCssError as error:
            raise self._refusal(str(error)) from None
        return written, self

    def _write_property(self, text: str, trust: Trust) -> tuple[str, Css]:
        behind = replace(self, begun=True, word=_SOME, lexeme="")
        if self.begun:
            part = _CUSTOM_PART if self.word.startswith("--") else _NAME_PART
            # "--" would be the end of an SGML comment, with a ">" behind it.
            if part.fullmatch(text) and not text.endswith("--"):
                return text, replace(behind, word="--" if part is _CUSTOM_PART else _SOME)
            raise self._refusal("the name of a property has only letters and hyphens")
        if is_harmless_property(text):
            return text, behind
        try:
            written = harmless_declarations(text, lambda each: self._judge(each, trust))
        except NotCssError as error:
            raise self._refusal(str(error)) from None
        if written.endswith("/"):
            raise self._refusal("it would make a comment of what follows")
        return written, _without_data(self.feed(written))

    def _write_value(self, text: str, trust: Trust) -> tuple[str, Css]:
        if self.name in _BINDING or (self.where == "prelude" and self.name == "import"):
            raise Refused(
                "A variable stands for what a style sheet imports or binds.",
                'Write the address in quotes, @import "{{ url }}", or in the template.',
            )
        if (self.lexeme == "slash" and text.startswith(("*", "/"))) or text.endswith("/"):
            raise self._refusal("it would make a comment of what follows")
        before = "" if self.word.endswith(" ") else self.word
        if self.where == "prelude" and self.name in _NAMED:
            # CSS Animations 1, section 3: a name. Anything else, and the whole rule is dropped.
            return escape_identifier(text, before=before), replace(self, word=_SOME, lexeme="")
        strings = "u" not in self.brackets
        try:
            written = harmless_value(
                text, lambda each: self._judge(each, trust), strings=strings, before=before
            )
        except NotCssError as error:
            raise self._refusal(str(error)) from None
        return written, _behind_value(self)

    def _judge(self, address: str, trust: Trust) -> str:
        try:
            written, behind = Url("image").write(Value(address, address), trust)
        except Refused as refused:
            raise Refused(refused.reason, refused.fix, by_place=False) from None
        if behind.volatile and behind.phase == "authority":
            raise NotCssError("its address has no path")
        return written

    def _refusal(self, clause: str) -> Refused:
        return Refused(
            f"The variable in a {self.context} would be more than that: {clause}.",
            "Check the value before it is stored, put it in quotes where it is text, or vouch "
            "for it with SafeCSS.",
            by_place=False,
            placeholder=REFUSED,
        )


def _without_data(state: Css) -> Css:
    # Names and words of the value would make a state of their own for each of them: those that
    # mean nothing are left out. An address that is still open may be of any text.
    word = state.word.rstrip(" ")
    blank = state.word[len(word) :]
    if word and word not in ADDRESSES:
        word = "--" if word.startswith("--") else _SOME
    name = state.name if state.name in RULES | _BINDING or state.name == "import" else ""
    inner = state.inner and state.inner.of_data()
    return replace(state, word=word + blank, name=name, inner=inner)


@functools.lru_cache(maxsize=1024)
def _behind_value(state: Css) -> Css:
    return replace(state, begun=True, word=_SOME, lexeme="")


def _text_of(value: Value) -> str:
    # CSS knows one way to write a number, whatever the visitor's language is.
    raw = value.raw
    if not value.vouched:
        if isinstance(raw, Decimal) and raw.is_finite():
            return format(raw, "f")
        if isinstance(raw, float) and math.isfinite(raw):
            return repr(raw)
        if isinstance(raw, int) and not isinstance(raw, bool):
            return int.__repr__(raw)
    return decode_references(value.text) if value.vouched else value.text


def start(kind: Literal["sheet", "declarations"]) -> Css:
    """Return the state at the beginning of a <style> element or of a style attribute.

    >>> start("declarations").feed("width: ").context
    'CSS value'
    >>> start("sheet").feed("p { background: url('").context
    'whole URL in CSS'
    """
    return Css(kind, where="property" if kind == "declarations" else "selector")
