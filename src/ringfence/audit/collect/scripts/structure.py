"""A script's tokens, with what belongs together: brackets, functions, where an expression ends."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Final

from ringfence.audit.collect.scripts.lexer import NAME, PUNCT, REGEX, STRING, Token
from ringfence.audit.collect.templates.expressions import listed

__all__ = ["Function", "Structure"]

_CLOSES: Final = {"(": ")", "[": "]", "{": "}", "${": "}$", "`(": "`)"}
_CLOSING: Final = frozenset(_CLOSES.values())
_NO_METHOD: Final = listed("if for while switch catch with function return await typeof")
#: A line that begins with one of these goes on with the expression of the line before.
_GOES_ON: Final = listed(
    ". ?. + - * / % , ? : && || ?? = == === != !== < > <= >= & | ^ ) ] } ( [ => `( }$ ${ `)"
)
_FIRST = itemgetter(0)
_ENDS_BEFORE: Final = frozenset(("in", "of", "instanceof"))


@dataclass(slots=True)
class Function:
    """A function: its name, the names of each parameter, and the tokens of its body.

    ``start`` is its first token, ``body`` its body's, from which on its parameters are known;
    ``end`` is the token behind it. ``concise`` says that its body is an expression.
    """

    name: str
    parameters: list[list[str]]
    start: int
    body: int
    end: int
    concise: bool
    parent: int = -1
    returns: list[tuple[int, int]] = field(default_factory=list)


class Structure:
    """The brackets and functions of a script's tokens; nothing of it is nested too deeply."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.pair = _pairs(tokens)
        self.functions: list[Function] = []
        #: The function that begins at a token, or whose body does.
        self.starting: dict[int, int] = {}
        self.entered: dict[int, int] = {}
        #: The brackets that hold parameters.
        self.defining: set[int] = set()
        self.classes = self._classes()
        self._find()
        self.by_name: dict[str, int] = {}
        for number, function in enumerate(self.functions):
            if function.name:
                # One that is defined twice is not known.
                known = function.name in self.by_name
                self.by_name[function.name] = -1 if known else number
        self._attribute_returns()

    def text(self, index: int) -> str:
        """Return a token's text, "" outside of the script, and for a string."""
        if 0 <= index < len(self.tokens):
            token = self.tokens[index]
            return "" if token.kind in (STRING, REGEX) else token.text
        return ""

    def is_name(self, index: int) -> bool:
        """Whether a token is a name."""
        return 0 <= index < len(self.tokens) and self.tokens[index].kind == NAME

    def arguments(self, opening: int) -> Iterator[tuple[int, int]]:
        """Yield the ranges of what stands between commas in a bracket."""
        close = self.pair[opening]
        at = first = opening + 1
        while at < close:
            if self.text(at) == ",":
                yield first, at
                first = at + 1
            at = self.behind(at)
        if first < close:
            yield first, close

    def behind(self, at: int) -> int:
        """Return the token behind the one at ``at``, or behind the bracket that it opens."""
        token = self.tokens[at]
        if token.kind == PUNCT and token.text in _CLOSES and self.pair[at] > at:
            return self.pair[at] + 1
        return at + 1

    def end_of(self, at: int) -> int:
        """Return where the expression that begins at ``at`` ends."""
        first = at
        while at < len(self.tokens):
            number = self.starting.get(at)
            if number is not None and self.functions[number].end > at:
                # One whose end is not known yet has 0 there.
                at = self.functions[number].end
                continue
            token = self.tokens[at]
            if token.kind == PUNCT and (token.text in ";," or token.text in _CLOSING):
                return at
            if at > first and token.new_line and self._is_new_statement(at):
                return at
            at = self.behind(at)
        return at

    def _is_new_statement(self, at: int) -> bool:
        if self.text(at) in _GOES_ON or self.tokens[at].text in _ENDS_BEFORE:
            return False
        before = self.tokens[at - 1]
        return not (before.kind == PUNCT and before.text not in _CLOSING) and before.text not in (
            "return",
            "new",
            "await",
            "typeof",
        )

    # Functions

    def _classes(self) -> list[tuple[int, int, str]]:
        """Return where the bodies of classes are, and what they are called."""
        return [
            (opening, self.pair[opening], self.tokens[at + 1].text)
            for at, token in enumerate(self.tokens)
            if token.kind == NAME and token.text == "class" and self.is_name(at + 1)
            for opening in range(at + 2, min(at + 8, len(self.tokens)))
            if self.text(opening) == "{" and self.pair[opening] > opening
        ]

    def _find(self) -> None:
        for at, token in enumerate(self.tokens):
            if token.kind == NAME and token.text == "function":
                self._named(at)
            elif token.kind == PUNCT and token.text == "=>":
                self._arrow(at)
            elif token.kind == PUNCT and token.text == "{" and self.text(at - 1) == ")":
                self._method(at)
        self._nest()

    def _named(self, at: int) -> None:
        opening = at + 1
        if self.text(opening) == "*":
            opening += 1
        name = ""
        if self.is_name(opening):
            name = self.tokens[opening].text
            opening += 1
        body = self.pair[opening] + 1 if self.text(opening) == "(" else 0
        if body and self.text(body) == "{" and self.pair[body] > body:
            self._add(at, name or self._given(at), opening, body, self.pair[body] + 1)

    def _arrow(self, at: int) -> None:
        before = at - 1
        opening = self.pair[before] if self.text(before) == ")" else before
        if not 0 <= opening <= before or (opening == before and not self.is_name(before)):
            return
        start = opening - 1 if self.text(opening - 1) == "async" else opening
        body = at + 1
        name = self._given(start)
        if self.text(body) == "{" and self.pair[body] > body:
            self._add(start, name, opening, body, self.pair[body] + 1)
        else:
            # Its end is looked for when all functions in it are known.
            self._add(start, name, opening, body, 0)

    def _method(self, body: int) -> None:
        opening = self.pair[body - 1]
        if opening < 1 or not self.is_name(opening - 1) or self.pair[body] < body:
            return
        name = self.tokens[opening - 1].text
        if name == "constructor":
            # It is called by its class's name.
            index = bisect_right(self.classes, opening, key=_FIRST) - 1
            name = self.classes[index][2] if index >= 0 else name
        before = self.text(opening - 2)
        if name in _NO_METHOD or before in ("function", "*", ".", "new"):
            return
        self._add(opening - 1, name, opening, body, self.pair[body] + 1)

    def _given(self, at: int) -> str:
        """Return the name that a function is given: ``name = function`` and ``name: function``."""
        if self.text(at - 1) == "async":
            at -= 1
        if self.text(at - 1) in ("=", ":") and self.is_name(at - 2):
            return self.tokens[at - 2].text
        return ""

    def _add(self, start: int, name: str, opening: int, body: int, end: int) -> None:
        self.defining.add(opening)
        if self.text(opening) == "(":
            parameters = [self._names(*each) for each in self.arguments(opening)]
        else:
            parameters = [[self.tokens[opening].text]]
        self.functions.append(Function(name, parameters, start, body, end, not end))

    def _names(self, first: int, last: int) -> list[str]:
        """Return the names that a parameter binds: several, where it takes an object apart."""
        if self.text(first) == "...":
            first += 1
        if self.text(first) not in ("{", "["):
            return [self.tokens[first].text] if self.is_name(first) else []
        return [
            self.tokens[at].text
            for at in range(first + 1, min(last, self.pair[first]))
            if self.is_name(at) and self.text(at + 1) in (",", "}", "]", "=")
        ][:20]

    def _nest(self) -> None:
        """Find where concise bodies end, from the last one: it has none of the others in it."""
        self.functions.sort(key=lambda each: (each.start, -each.end))
        self.starting = {each.start: number for number, each in enumerate(self.functions)}
        for function in reversed(self.functions):
            if function.concise:
                function.end = self.end_of(function.body)
        open_ones: list[int] = []
        for number, function in enumerate(self.functions):
            while open_ones and self.functions[open_ones[-1]].end <= function.start:
                open_ones.pop()
            function.parent = open_ones[-1] if open_ones else -1
            open_ones.append(number)
            self.entered[function.body] = number

    def _attribute_returns(self) -> None:
        open_ones: list[int] = []
        for at, token in enumerate(self.tokens):
            while open_ones and self.functions[open_ones[-1]].end <= at:
                open_ones.pop()
            number = self.entered.get(at)
            if number is not None:
                open_ones.append(number)
                function = self.functions[number]
                if function.concise:
                    function.returns.append((function.body, function.end))
            if token.kind == NAME and token.text == "return" and open_ones:
                self.functions[open_ones[-1]].returns.append((at + 1, self.end_of(at + 1)))


def _pairs(tokens: list[Token]) -> list[int]:
    """Return for each bracket where its other one is, for everything else -1."""
    pair = [-1] * len(tokens)
    waiting: list[tuple[str, int]] = []
    for at, token in enumerate(tokens):
        if token.kind != PUNCT:
            continue
        if token.text in _CLOSES:
            waiting.append((_CLOSES[token.text], at))
        elif token.text in _CLOSING:
            # One that was left open is closed with what is around it.
            for back in range(len(waiting) - 1, max(-1, len(waiting) - 6), -1):
                if waiting[back][0] == token.text:
                    opening = waiting[back][1]
                    del waiting[back:]
                    pair[opening], pair[at] = at, opening
                    break
    return pair
