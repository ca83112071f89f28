"""Reading what begins with a slash in JavaScript: comments, divisions, regular expressions.

Which of them a slash begins, the token before it says, where that is enough; where the grammar
needs the parser's help, the state says that it does not know.
"""

from __future__ import annotations

from ringfence.patterns import later
from ringfence.rings.escaping.js_position import Position
from ringfence.rings.escaping.js_tokens import (
    BLOCK,
    CODE,
    KEYWORD,
    LINE,
    LINES,
    OPERAND,
    REGEX,
    SOFT,
    UNKNOWN,
)

__all__ = ["Slashes"]

_BLOCK_STOP = later(rf"[*{LINES}]")
_REGEX_PLAIN = later(rf"[^\\/\[\]{LINES}]+")


class Slashes(Position):
    """Moves over comments and regular expressions."""

    __slots__ = ()

    def _read_slash(self, text: str, at: int) -> int:
        if text[at] in "/*":
            self.settle()
            self.mode = LINE if text[at] == "/" else BLOCK
            return at + 1
        self.decide_slash()
        return at

    def decide_slash(self) -> None:
        """Take the slash before this place for a division, a regular expression or neither."""
        self.settle()
        ended = self.newline and self.frames[-1].opener in {"", "{"}
        if self.prev == OPERAND and not ended:
            self.mode, self.tail = CODE, "/"
        elif self.prev in {OPERAND, "}", "++", SOFT, KEYWORD, "#", "@", "."}:
            # On a new line, what ended need not be an expression: `let a` ends there, `b` does not.
            self.mode, self.tail, self.slash = CODE, "/", True
        else:
            self.mode, self.tail = REGEX, ""
            self.begin_operand()
            return
        self.prev = "/"
        self.newline = False
        self.clear_chain()

    def _read_regex(self, text: str, at: int) -> int:
        char = text[at]
        if char in LINES:
            self.mode = UNKNOWN
        elif self.tail.endswith("\\"):
            self.tail = self.tail[:-1]
        elif char == "\\":
            self.tail += "\\"
        elif char == "[":
            self.tail = "["
        elif char == "]":
            self.tail = ""
        elif char == "/":
            if not self.tail:
                self.mode, self.prev, self.path = CODE, OPERAND, ""
        else:
            found = _REGEX_PLAIN.match(text, at)
            assert found is not None
            return found.end()
        return at + 1

    def _read_block(self, text: str, at: int) -> int:
        if self.tail and text[at] == "/":
            self.mode, self.tail = CODE, ""
            return at + 1
        self.tail = ""
        found = _BLOCK_STOP.search(text, at)
        if found is None:
            return len(text)
        if found[0] == "*":
            self.tail = "*"
        else:
            self.newline = True
        return found.end()
