"""Reading JavaScript's brackets: what is called, and with what the arguments are handed on."""

from __future__ import annotations

from ringfence.rings.escaping import js_sinks
from ringfence.rings.escaping.js_strings import Strings
from ringfence.rings.escaping.js_tokens import (
    CONDITION_WORDS,
    ENDED,
    KEYWORD,
    OPERAND,
    SOFT,
    UNKNOWN,
    Frame,
)

__all__ = ["Brackets"]


class Brackets(Strings):
    """Moves into brackets, from argument to argument, and out again.

    Strings are below it: the bracket of ``${`` leads back into one.
    """

    __slots__ = ()

    def _open_bracket(self, char: str) -> None:
        called = self.prev in ENDED or self.prev in {KEYWORD, SOFT, "]"}
        opener, sink = char, ""
        top = self.frames[-1]
        chain, hole = top.chain, top.hole
        if top.opener == "$":
            chain, hole = None, False
        if char == "{":
            chain, hole = None, False
        elif char == "(" and called:
            sink = js_sinks.called(self.path)
            if self.prev == SOFT or (self.prev == KEYWORD and self.path in CONDITION_WORDS):
                opener = "k"
            elif js_sinks.is_jquery(self.path.rpartition(".")[0] or self.path):
                opener = "j"
            if sink:
                chain, hole = js_sinks.fresh(sink), False
            elif top.sink in {"html", "code"}:
                sink = top.sink
            elif top.sink:
                chain, hole = None, False
        elif top.sink and top.sink not in {"html", "code"} and char == "[":
            chain, hole = None, False
        else:
            sink = top.sink
        self._push(Frame(opener, sink, chain, hole))
        self.prev, self.path = char, ""

    def _close_bracket(self, char: str) -> None:
        top, name = self.frames[-1], self.path
        self.path = ""
        if top.opener == "":
            self.end_statement()
            self.prev = OPERAND if char == "]" else "}"
            return
        if char not in {"(": ")", "j": ")", "k": ")", "[": "]", "{": "}", "$": "}"}[top.opener]:
            self.mode = UNKNOWN
            return
        self.frames = self.frames[:-1]
        if len(self.frames) < self.depth:
            self.over = True
        if top.opener == "$":
            self._resume_template(top)
            return
        self.prev = "}" if top.opener in "{k" else OPERAND
        if top.opener == "j":
            # What jQuery's methods answer is jQuery again.
            self.path = "$"
        elif top.opener == "[" and name.startswith("'"):
            self.path = "." + name[1:]
        below = self.frames[-1]
        if char == "}" and below.opener in {"", "{"}:
            self.end_statement()
        elif below.chain is not None and below.opener != "$":
            self._set_top(hole=True)

    def _next_argument(self) -> None:
        top = self.frames[-1]
        name = self.path[1:] if self.path.startswith("'") else ""
        if top.sink == "attribute":
            self._set_top(sink=js_sinks.attribute(name))
        elif top.sink == "command":
            self._set_top(sink="html" if name.lower() == "inserthtml" else "")
        elif top.sink == "attribute-ns":
            self._set_top(sink="attribute")
        elif top.sink in {"timer", "navigate", "script", "selector"}:
            self._set_top(sink="", chain=None, hole=False)
        elif top.sink == "html":
            # document.write(a, b) writes one text.
            return
        self.clear_chain()

    def _enter_arrow(self) -> None:
        if self.frames[-1].sink not in {"", "html"}:
            self._set_top(sink="", chain=None, hole=False)
