"""How far a reader of JavaScript has come: its state, and what the strings of a sum are handed to.

A statement hands its strings to a sink, as ``element.innerHTML = "<b>" + name``. Which one, the
names and brackets before them say; where the statement or the argument ends, it ends, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.rings.escaping import js_sinks
from ringfence.rings.escaping.js_tokens import (
    ENDED,
    KEYWORD,
    KEYWORDS,
    OPERAND,
    SOFT,
    SOFT_WORDS,
    STATEMENT_WORDS,
    UNKNOWN,
    VALUE,
    VALUE_WORDS,
    Frame,
)
from ringfence.rings.escaping.language import Language, blocking

if TYPE_CHECKING:
    from ringfence.rings.escaping.js import JavaScript

__all__ = ["Position"]

_DEEPEST_BRACKET = 48
_DEEPEST_TEMPLATE = 8


class Position:
    """A state being moved over literal text."""

    __slots__ = (
        "angle",
        "asking",
        "before",
        "buffer",
        "data",
        "depth",
        "esc",
        "frames",
        "inner",
        "kind",
        "marked",
        "mode",
        "newline",
        "over",
        "path",
        "prev",
        "slash",
        "tail",
        "watching",
        "word",
    )

    def __init__(self, state: JavaScript, *, watching: bool = False, asking: bool = False) -> None:
        self.kind: str = state.kind
        self.mode: str = state.mode
        self.prev: str = state.prev
        self.word: str = state.word
        self.tail: str = state.tail
        self.path: str = state.path
        self.newline: bool = state.newline
        self.slash: bool = state.slash
        self.frames: tuple[Frame, ...] = state.frames
        self.inner: Language | None = state.inner
        self.angle: bool = state.angle
        self.esc: str = state.esc
        self.data: bool = state.data
        self.buffer: list[str] = []
        # For JavaScript.expecting: whether this sum of strings turns out to hold markup.
        self.watching = watching
        self.marked = False
        self.over = False
        # For JavaScript.block: what a language inside wants before the text.
        self.asking = asking
        self.before = ""
        self.depth = len(self.frames)

    def state(self, start: JavaScript) -> JavaScript:
        """Return what has been reached, as an immutable state of the kind of ``start``."""
        self.flush()
        if self.mode == UNKNOWN:
            return type(start)(kind=self.kind, mode=UNKNOWN)
        return type(start)(
            self.kind,
            self.mode,
            self.prev,
            self.word,
            self.tail,
            self.path,
            self.newline,
            self.slash,
            self.frames,
            self.inner,
            self.angle,
            self.esc,
            self.data and self._has_data(),
        )

    def _has_data(self) -> bool:
        """Whether anything is left of the names and strings that a variable brought."""
        return (
            bool(self.word)
            or self.path not in {"", "'"}
            or self.inner is not None
            or any(frame.chain is not None for frame in self.frames)
        )

    # Words and statements

    def end_word(self) -> None:
        """Finish the word before this place, if there is one."""
        word = self.word
        if not word:
            return
        self.word = ""
        dotted = self.prev == "."
        if word[0].isdigit():
            self.prev, self.path = OPERAND, ""
        elif dotted or self.prev == "#":
            self.path = self.path.rpartition(".")[2] + "." + word
            self.prev = OPERAND
        else:
            self.path = word
            if word in VALUE_WORDS:
                self.prev = VALUE
            elif word in SOFT_WORDS:
                self.prev = SOFT
            elif word in KEYWORDS:
                self.prev = KEYWORD
            else:
                self.prev = OPERAND
            if word in STATEMENT_WORDS:
                self.end_statement()
            elif self.prev == VALUE:
                self.clear_chain()
            if word in {"import", "from"}:
                # A module's name is a URL that loads code, also without parentheses.
                self._set_top(sink="script", chain=js_sinks.fresh("script"), hole=False)
                return
        top = self.frames[-1]
        if top.chain is not None and not top.hole and self.prev == OPERAND:
            self._set_top(hole=True)

    def settle(self) -> None:
        """Let what the punctuation before this place means take effect."""
        tail = self.tail.lstrip("\n")
        self.tail = ""
        # Behind el["innerHTML"] the bracket is still there.
        sign = tail.lstrip("])")
        if sign.endswith("=") and sign[:-1] in {"", "+", "??", "||", "&&"} and self.path:
            sink = js_sinks.assigned(self.path)
            if sink:
                self._set_top(sink=sink, chain=js_sinks.fresh(sink), hole=False)
        # The path was that assignment's; what is assigned has none yet.
        if tail:
            self.path = self.path if tail[-1:] in ".#)]" else ""

    def begin_operand(self) -> None:
        """Begin a name, a string or a value: behind a complete one, that is a new statement."""
        if self.newline and self.prev in ENDED:
            self.end_statement()
        self.newline = False

    def end_statement(self) -> None:
        """Forget what the statement's strings are handed to."""
        self.over = True
        if self.frames[-1].opener in {"", "{"}:
            self._set_top(sink="", chain=None, hole=False)
        else:
            self.clear_chain()

    def clear_chain(self) -> None:
        """Begin another sum of strings."""
        if len(self.frames) <= self.depth:
            self.over = True
        top = self.frames[-1]
        if top.opener == "$":
            return
        if top.chain is not None or top.sink:
            self._set_top(chain=js_sinks.fresh(top.sink), hole=False)

    def _set_top(self, **changes: Any) -> None:
        if self.frames[-1].opener != "$":
            self.frames = (*self.frames[:-1], self.frames[-1]._replace(**changes))

    def _push(self, frame: Frame) -> None:
        self.frames = (*self.frames, frame)
        templates = sum(each.opener == "$" for each in self.frames)
        if len(self.frames) > _DEEPEST_BRACKET or templates > _DEEPEST_TEMPLATE:
            self.mode = UNKNOWN

    def flush(self) -> None:
        """Hand the language inside what it has not read yet."""
        if self.buffer and self.inner is not None:
            text = "".join(self.buffer)
            if self.asking and not self.before:
                self.before = blocking(self.inner, text)
            self.inner = self.inner.feed(text)
        self.buffer.clear()
