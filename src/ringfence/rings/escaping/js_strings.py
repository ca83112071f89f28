"""Reading JavaScript's strings and template literals: their escapes, and the language inside."""

from __future__ import annotations

import re

from ringfence.rings.escaping import js_sinks
from ringfence.rings.escaping.js_position import Position
from ringfence.rings.escaping.js_tokens import (
    CODE,
    LINES,
    LONGEST_WORD,
    MAPS,
    OPERAND,
    TEMPLATE,
    UNKNOWN,
    Frame,
)

__all__ = ["Strings"]

_PLAIN = {
    "'": re.compile(r"[^'\\\n\r]+"),
    '"': re.compile(r'[^"\\\n\r]+'),
    TEMPLATE: re.compile(r"[^`\\$]+"),
}
_MARKUP = re.compile(r"<[A-Za-z/!?]")
_HEX = frozenset("0123456789abcdefABCDEF")
_OCTAL = frozenset("01234567")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v"}


class Strings(Position):
    """Moves over strings."""

    __slots__ = ()

    def _open_string(self, quote: str) -> None:
        if self.slash:
            self.mode = UNKNOWN
            return
        self.settle()
        if quote != TEMPLATE:
            self.begin_operand()
        self.newline = False
        top = self.frames[-1]
        self.inner = None
        if self.kind in MAPS:
            self.inner = js_sinks.fresh("importmap")
        elif top.chain is not None and top.opener != "$":
            self.inner = top.chain
            if top.hole:
                self.buffer.append("x")
        self.mode, self.angle, self.esc, self.path = quote, False, "", "'"

    def _close_string(self) -> None:
        self.flush()
        if self.inner is not None and self.kind not in MAPS:
            self._set_top(chain=self.inner, hole=False)
        self.inner = None
        if not self._names_something():
            self.path = ""
        self.mode, self.prev, self.angle, self.tail = CODE, OPERAND, False, ""

    def _names_something(self) -> bool:
        """Whether the string could be the name of an attribute or a property."""
        top = self.frames[-1]
        return top.sink in {"attribute", "command"} or top.opener == "["

    def _read_string(self, text: str, at: int) -> int:
        if self.esc:
            return self._read_escape(text, at)
        char = text[at]
        if self.tail:
            # Only "$" is kept, in a template literal.
            self.tail = ""
            if char == "{":
                self._open_expression()
                return at + 1
            self._absorb("$")
        if char == self.mode:
            self._close_string()
        elif char == "\\":
            self.esc = "\\"
        elif char == "$" and self.mode == TEMPLATE:
            self.tail = "$"
        elif char in "\n\r" and self.mode != TEMPLATE:
            self.mode = UNKNOWN
        else:
            found = _PLAIN[self.mode].match(text, at)
            assert found is not None
            self._absorb(found[0])
            return found.end()
        return at + 1

    def _open_expression(self) -> None:
        self.flush()
        self._push(Frame("$", "", self.inner, self.angle))
        self.inner, self.angle, self.path = None, False, ""
        self.prev, self.newline = "${", False
        if self.mode != UNKNOWN:
            self.mode = CODE

    def _resume_template(self, frame: Frame) -> None:
        if self.slash:
            self.mode = UNKNOWN
            return
        self.mode, self.tail, self.path = TEMPLATE, "", "'"
        self.inner, self.angle = frame.chain, frame.hole
        # What the expression brings is unknown; a letter stands for it.
        if self.inner is None and self.angle:
            self._begin_markup("<")
        if self.inner is not None:
            self.buffer.append("x")

    def _read_escape(self, text: str, at: int) -> int:
        char, esc = text[at], self.esc
        self.esc = ""
        if esc == "\\":
            if char in {"x", "u", "\r"} or char in _OCTAL:
                self.esc = esc + char
            elif char not in LINES:
                self._absorb(_ESCAPES.get(char, char))
        elif esc == "\\\r":
            return at + (char == "\n")
        elif esc[1] == "x":
            if char not in _HEX:
                self.mode = UNKNOWN
            elif len(esc) == 3:
                self._absorb(chr(int(esc[2:] + char, 16)))
            else:
                self.esc = esc + char
        elif esc[1] == "u":
            self._read_unicode_escape(esc, char)
        elif char in _OCTAL and len(esc) < (4 if esc[1] < "4" else 3):
            self.esc = esc + char
        else:
            self._absorb(chr(int(esc[1:], 8)))
            return at
        return at + 1

    def _read_unicode_escape(self, esc: str, char: str) -> None:
        digits = esc[2:]
        if char == "{" and not digits:
            self.esc = "\\u{"
        elif digits.startswith("{") and char == "}" and len(digits) > 1:
            code = int(digits[1:], 16)
            if code > 0x10FFFF:
                self.mode = UNKNOWN
            else:
                self._absorb_code(code)
        elif char not in _HEX or len(digits) > 8:
            self.mode = UNKNOWN
        elif len(digits) == 3 and not digits.startswith("{"):
            self._absorb_code(int(digits + char, 16))
        else:
            self.esc = esc + char

    def _absorb_code(self, code: int) -> None:
        # The halves of a pair come apart; to the language inside, either is a letter.
        self._absorb("\ufffd" if 0xD800 <= code < 0xE000 else chr(code))

    def _absorb(self, text: str) -> None:
        """Take ``text``, decoded, as the string's."""
        if self._names_something():
            self.path = (self.path + text)[:LONGEST_WORD]
        elif self.path == "'" and self.frames[-1].sink == "selector" and text.strip():
            # It does not begin with "<" any more, which would make HTML of it.
            self.path = "'x"
        if self.inner is not None:
            self.buffer.append(text)
            return
        if self.angle:
            text = "<" + text
        found = _MARKUP.search(text)
        self.angle = found is None and text.endswith("<")
        if found is not None:
            self._begin_markup(text[found.start() :])

    def _begin_markup(self, text: str) -> None:
        self.marked = True
        self.inner = js_sinks.fresh("html")
        self.buffer.append(text)
