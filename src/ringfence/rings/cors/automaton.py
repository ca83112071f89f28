"""A regex as a small automaton that matches at least what the regex matches.

Built from the standard library's own parse tree. Whatever the automaton cannot express (a
look-around, a back-reference, a repetition's exact count) is widened, never narrowed, so that a
proof over the automaton holds for the regex: if no origin of a foreign site passes here, none
passes there.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from re import _constants as sre  # type: ignore[attr-defined]  # the stubs leave it out
from re import _parser  # type: ignore[attr-defined]  # the stubs leave it out
from typing import Any

__all__ = ["ASCII", "Automaton", "CharSet", "TooComplexError", "build", "char_set", "parse_tree"]

#: Everything that an ``Origin`` header can hold.
ASCII = frozenset(map(chr, range(0x21, 0x7F)))

_WORD = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
_DIGIT = frozenset("0123456789")

#: Repetitions up to this many are copied out; longer ones become loops.
_UNROLL = 4

#: No origin pattern that a person wrote comes near this many states.
_MAX_STATES = 5000


class TooComplexError(Exception):
    """Raised for a regex that is too large or too deep to judge."""


@dataclass(frozen=True, slots=True)
class CharSet:
    """The characters that one position matches, within :data:`ASCII`.

    ``enumerated`` says that the regex spells each of them out (``a``, ``[ab]``, ``(a|b)``); a
    range, a category, a negation and the dot do not.
    """

    chars: frozenset[str]
    enumerated: bool
    dot: bool = False


@dataclass(slots=True)
class Automaton:
    """States are numbers; ``edges[s]`` are the moves that read, ``empty[s]`` those that do not."""

    edges: list[list[tuple[CharSet, int]]] = field(default_factory=list)
    empty: list[list[int]] = field(default_factory=list)
    start: int = 0
    end: int = 0

    def state(self) -> int:
        """Add a state.

        :raises TooComplexError: past the bound on states.
        """
        if len(self.edges) >= _MAX_STATES:
            raise TooComplexError
        self.edges.append([])
        self.empty.append([])
        return len(self.edges) - 1

    def reversed(self) -> Automaton:
        """Return the automaton that reads the same texts from their ends."""
        other = Automaton(
            [[] for _ in self.edges], [[] for _ in self.empty], start=self.end, end=self.start
        )
        for source, moves in enumerate(self.edges):
            for chars, target in moves:
                other.edges[target].append((chars, source))
        for source, targets in enumerate(self.empty):
            for target in targets:
                other.empty[target].append(source)
        return other

    def closure(self, states: frozenset[int]) -> frozenset[int]:
        """Return ``states`` and all that is reached from them without reading."""
        seen = set(states)
        waiting = list(states)
        while waiting:
            for target in self.empty[waiting.pop()]:
                if target not in seen:
                    seen.add(target)
                    waiting.append(target)
        return frozenset(seen)


def parse_tree(pattern: re.Pattern[str]) -> Any:
    """Return the standard library's parse tree of a compiled pattern."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # said when it was compiled
        return _parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG)


def char_set(op: Any, argument: Any, flags: int) -> CharSet | None:
    """Return what a one-character node matches; ``None`` for any other node."""
    if op is sre.LITERAL:
        return CharSet(_fold(frozenset(chr(argument)), flags) & ASCII, enumerated=True)
    if op is sre.NOT_LITERAL:
        return CharSet(ASCII - _fold(frozenset(chr(argument)), flags), enumerated=False)
    if op is sre.ANY:
        return CharSet(ASCII, enumerated=False, dot=True)
    if op is sre.IN:
        return _in_set(argument, flags)
    return None


def build(pattern: re.Pattern[str]) -> Automaton:
    """Build the automaton of ``pattern``, matched from end to end.

    :raises TooComplexError: for a regex that is too large or too deep to judge.
    """
    automaton = Automaton()
    start = automaton.state()
    try:
        end = _sequence(automaton, parse_tree(pattern), start, pattern.flags)
    except RecursionError:
        raise TooComplexError from None
    automaton.start, automaton.end = start, end
    return automaton


def _sequence(automaton: Automaton, items: Any, state: int, flags: int) -> int:
    for op, argument in items:
        state = _node(automaton, op, argument, state, flags)
    return state


def _node(automaton: Automaton, op: Any, argument: Any, state: int, flags: int) -> int:
    chars = char_set(op, argument, flags)
    if chars is not None:
        target = automaton.state()
        automaton.edges[state].append((chars, target))
        return target
    if op is sre.SUBPATTERN:
        _, added, removed, items = argument
        return _sequence(automaton, items, state, (flags | added) & ~removed)
    if op is sre.ATOMIC_GROUP:
        return _sequence(automaton, argument, state, flags)
    if op is sre.BRANCH:
        return _either(automaton, argument[1], state, flags)
    if op is sre.GROUPREF_EXISTS:
        return _either(automaton, [argument[1], argument[2] or []], state, flags)
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        return _repeat(automaton, argument, state, flags)
    if op is sre.GROUPREF:
        automaton.edges[state].append((CharSet(ASCII, enumerated=False), state))
        return state
    # Positions and look-arounds read nothing and only narrow what the rest may match.
    return state


def _either(automaton: Automaton, branches: Any, state: int, flags: int) -> int:
    target = automaton.state()
    for items in branches:
        automaton.empty[_sequence(automaton, items, state, flags)].append(target)
    return target


def _repeat(automaton: Automaton, argument: Any, state: int, flags: int) -> int:
    least, most, items = argument
    for _ in range(min(least, _UNROLL)):
        state = _sequence(automaton, items, state, flags)
    if most <= _UNROLL:
        target = automaton.state()
        automaton.empty[state].append(target)
        for _ in range(most - least):
            state = _sequence(automaton, items, state, flags)
            automaton.empty[state].append(target)
        return target
    loop = automaton.state()
    automaton.empty[state].append(loop)
    automaton.empty[_sequence(automaton, items, loop, flags)].append(loop)
    target = automaton.state()
    automaton.empty[loop].append(target)
    return target


def _in_set(items: Any, flags: int) -> CharSet:
    chars: set[str] = set()
    enumerated = True
    negated = False
    for op, argument in items:
        if op is sre.NEGATE:
            negated = True
        elif op is sre.LITERAL:
            chars.update(chr(argument))
        elif op is sre.RANGE:
            enumerated = enumerated and argument[0] == argument[1]
            chars.update(_between(*argument))
        else:
            enumerated = False
            chars.update(_category(argument))
    folded = _fold(frozenset(chars), flags)
    if negated:
        return CharSet(ASCII - folded, enumerated=False)
    return CharSet(folded & ASCII, enumerated)


def _between(low: int, high: int) -> Iterator[str]:
    return (chr(code) for code in range(low, min(high, 0x7F) + 1))


def _category(category: Any) -> frozenset[str]:
    return {
        sre.CATEGORY_DIGIT: _DIGIT,
        sre.CATEGORY_NOT_DIGIT: ASCII - _DIGIT,
        sre.CATEGORY_SPACE: frozenset[str](),
        sre.CATEGORY_NOT_SPACE: ASCII,
        sre.CATEGORY_WORD: _WORD,
        sre.CATEGORY_NOT_WORD: ASCII - _WORD,
    }.get(category, ASCII)


def _fold(chars: frozenset[str], flags: int) -> frozenset[str]:
    if not flags & re.IGNORECASE:
        return chars
    return chars | {char.lower() for char in chars} | {char.upper() for char in chars}
