"""Reading literal JavaScript: as much of its lexical grammar as tells what a variable stands in.

Not a lexer, on purpose. Complete values, strings, the text of template literals and comments are
told apart exactly; where the grammar needs the parser's help (a slash behind ``}``), the state
says that it does not know. ECMAScript 2025, sections 12 (lexical grammar) and B.1.1 (HTML-like
comments).

Every token is handled a character, or a run of characters whose parts would be handled alike, at a
time, and what is unfinished is kept: so the state does not depend on how the text was split.
"""

from __future__ import annotations

import re

from ringfence.patterns import later
from ringfence.rings.escaping.js_brackets import Brackets
from ringfence.rings.escaping.js_slashes import Slashes
from ringfence.rings.escaping.js_tokens import (
    BEGIN,
    BLOCK,
    CODE,
    JSON_KINDS,
    KEYWORD,
    LINE,
    LINES,
    REGEX,
    SLASH,
    SOFT,
    STRINGS,
    UNKNOWN,
    spelt,
)

__all__ = ["Reader"]

_SPACES = " \t\v\f\xa0\u1680\u2000-\u200a\u202f\u205f\u3000\ufeff"
_TOKEN = later(
    rf"(?P<word>(?:[0-9A-Za-z_$]|[^\x00-\x7f{LINES}{_SPACES}])+)"
    rf"|(?P<space>[{_SPACES}]+)|(?P<line>[{LINES}]+)|(?P<mark>.)",
    re.DOTALL,
)
_LINE_END = later(f"[{LINES}]")
_PUNCTUATION = frozenset("{}()[].;,<>=!+-*%&|^~?:/'\"`#@")
_JSON_PUNCTUATION = frozenset('{}[],:.-+"')


class Reader(Brackets, Slashes):
    """Moves over literal text: here the code, in its bases what stands in it."""

    __slots__ = ()

    def read(self, text: str) -> None:
        """Move over ``text``."""
        at, end = 0, len(text)
        while at < end:
            mode = self.mode
            if mode == CODE:
                at = self._read_code(text, at)
            elif mode in STRINGS:
                at = self._read_string(text, at)
            elif mode == LINE:
                found = _LINE_END.search(text, at)
                if found is None:
                    return
                self.mode = CODE
                at = found.start()
            elif mode == BLOCK:
                at = self._read_block(text, at)
            elif mode == REGEX:
                at = self._read_regex(text, at)
            elif mode == SLASH:
                at = self._read_slash(text, at)
            elif mode == BEGIN:
                at = self._read_begin(text, at)
            else:
                return
            if self.watching and (self.marked or self.over):
                return

    def _read_begin(self, text: str, at: int) -> int:
        # ECMAScript 12.5: a hashbang stands at the very start or nowhere.
        if self.tail == "#":
            self.mode = LINE if text[at] == "!" else UNKNOWN
            self.tail = ""
            return at + 1
        if text[at] == "#":
            self.tail = "#"
            return at + 1
        self.mode = CODE
        return at

    def _read_code(self, text: str, at: int) -> int:
        found = _TOKEN.match(text, at)
        assert found is not None
        group, run = found.lastgroup, found[0]
        if group == "word":
            if not self.word:
                self.settle()
                self.begin_operand()
            self.word = spelt(self.word, run)
        elif group == "mark":
            self._mark(run)
        else:
            self.end_word()
            self.settle()
            if group == "line":
                self.newline = True
                self.slash = False
        return found.end()

    def _mark(self, char: str) -> None:  # noqa: C901, PLR0912 -- one row for every mark
        strict = self.kind in JSON_KINDS
        if char not in (_JSON_PUNCTUATION if strict else _PUNCTUATION):
            self.mode = UNKNOWN
            return
        if char == "." and self.word[:1].isdigit():
            self.word = spelt(self.word, char)
            return
        self.end_word()
        if char in "'\"`":
            self._open_string(char)
            return
        if char == "/":
            if self.slash:
                self.mode = UNKNOWN
            else:
                self.mode = SLASH
            return
        if self.tail.endswith("=") and char not in "=>":
            self.settle()
        if self.path in {"import", "from"} and self.prev in {KEYWORD, SOFT}:
            # Only a string directly behind is a module's name.
            self._set_top(sink="", chain=None, hole=False)
        tail = self.tail or ("\n" if self.newline else "")
        if not strict and self._is_html_comment(tail, char):
            return
        self.newline = False
        self.tail = (tail + char)[-4:]
        if char in "([{":
            self._open_bracket(char)
        elif char in ")]}":
            self._close_bracket(char)
        elif char == ";":
            self.prev, self.path = ";", ""
            self.data = self.data and self._has_data()
            if self.frames[-1].opener in {"", "{"}:
                self.end_statement()
            else:
                self.clear_chain()
        elif char == ".":
            self.prev = "..." if tail.endswith("..") else "."
            if self.prev == "...":
                self.path = ""
        elif char in "+-":
            self.prev = "++" if tail.endswith(char) else char
            if char == "-":
                self.clear_chain()
        elif char == ",":
            self.prev = ","
            self._next_argument()
            self.path = ""
        else:
            self.prev = "=>" if char == ">" and tail.endswith("=") else char
            if self.prev == "=>":
                self._enter_arrow()
            self.clear_chain()

    def _is_html_comment(self, tail: str, char: str) -> bool:
        # ECMAScript B.1.1; a module has no such comments and reads the same text as operators.
        opens = char == "-" and tail.endswith("<!-")
        closes = char == ">" and tail == "\n--"
        if not opens and not closes:
            return False
        if self.kind == "module" or self.slash or tail == "<<!-":
            self.mode = UNKNOWN
        else:
            self.mode = LINE
            self.tail = ""
            # What stood before the comment is forgotten: "}" is the token that permits least.
            self.prev = "}"
        return True
