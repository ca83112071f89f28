r"""Finds regexes whose matching can explode on a crafted text.

A regex engine that backtracks takes exponential time where one text can be divided among the
turns of a repetition in many ways. That is the case where the repeated part has a repetition of
its own and nothing in it marks where one turn ends. May fire on a regex that is only odd; stays
silent on the usual ``([a-z0-9-]+\.)*``, whose dot marks the end of each turn.
"""

from __future__ import annotations

from re import _constants as sre  # type: ignore[attr-defined]  # the stubs leave it out
from typing import Any

from ringfence.rings.cors.automaton import ASCII, char_set

__all__ = ["is_explosive"]

#: A repetition of at most this many turns is looked at turn by turn.
_FEW = 4

#: This many open repetitions in a row that share characters cost the cube of the length.
_MAX_IN_A_ROW = 3

_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)


def is_explosive(tree: Any, flags: int) -> bool:
    """Whether matching can take exponential time, or the cube of the length.

    :raises RecursionError: for a tree that is too deep.
    """
    return _explosive(tree, flags) or _overlapping(tree, flags)


def _explosive(items: Any, flags: int) -> bool:
    for op, argument in items:
        if op in _REPEATS:
            _, most, body = argument
            if most > 1 and op is not sre.POSSESSIVE_REPEAT and _ambiguous(body, flags):
                return True
            if _explosive(body, flags):
                return True
        elif any(_explosive(part, flags) for part in _parts(op, argument)):
            return True
    return False


def _ambiguous(body: Any, flags: int) -> bool:
    """Whether several turns of ``body`` can share one text in more than one way."""
    flat = list(_flatten(body))
    varying: list[frozenset[str]] = []
    fixed: list[frozenset[str]] = []
    for op, argument in flat:
        chars = char_set(op, argument, flags)
        if chars is not None:
            fixed.append(chars.chars)
        elif op in _REPEATS:
            least, most, inner = argument
            if least != most:
                varying.append(_alphabet(inner, flags))
        elif op is sre.BRANCH:
            first = [_first(branch, flags) for branch in argument[1]]
            if any(one & other for i, one in enumerate(first) for other in first[i + 1 :]):
                return True
            varying.extend(_alphabet(branch, flags) for branch in argument[1] if len(branch) > 1)
    if not varying:
        return False
    everything = frozenset[str]().union(*varying)
    return not any(chars and not chars & everything for chars in fixed)


def _flatten(items: Any) -> Any:
    for op, argument in items:
        if op is sre.SUBPATTERN:
            yield from _flatten(argument[3])
        elif op is sre.ATOMIC_GROUP:
            yield from _flatten(argument)
        else:
            yield op, argument


def _parts(op: Any, argument: Any) -> list[Any]:
    if op is sre.SUBPATTERN:
        return [argument[3]]
    if op is sre.ATOMIC_GROUP:
        return [argument]
    if op is sre.BRANCH:
        return list(argument[1])
    if op in (sre.ASSERT, sre.ASSERT_NOT):
        return [argument[1]]
    if op is sre.GROUPREF_EXISTS:
        return [part for part in argument[1:] if part]
    return []


def _alphabet(items: Any, flags: int) -> frozenset[str]:
    """Return every character that ``items`` can match."""
    found: frozenset[str] = frozenset()
    for op, argument in items:
        chars = char_set(op, argument, flags)
        if chars is not None:
            found |= chars.chars
        elif op in _REPEATS:
            found |= _alphabet(argument[2], flags)
        elif op is sre.GROUPREF:
            return ASCII
        else:
            for part in _parts(op, argument):
                found |= _alphabet(part, flags)
    return found


def _first(items: Any, flags: int) -> frozenset[str]:
    """Return the characters that ``items`` can begin with; everything where they can be empty."""
    found: frozenset[str] = frozenset()
    for op, argument in _flatten(items):
        chars = char_set(op, argument, flags)
        if chars is not None:
            return found | chars.chars
        if op in _REPEATS:
            least, _, inner = argument
            found |= _alphabet(inner, flags)
            if least:
                return found
        elif op is not sre.AT:
            return ASCII
    return ASCII


def _overlapping(items: Any, flags: int) -> bool:
    """Whether too many open repetitions in a row can trade characters with one another."""
    return _trade(items, flags, []) is None


def _trade(items: Any, flags: int, open_sets: list[frozenset[str]]) -> list[frozenset[str]] | None:
    """Return the open repetitions that can still reach what follows; ``None`` for too many."""
    for op, argument in _flatten(items):
        chars = char_set(op, argument, flags)
        if chars is not None:
            # A repetition reaches past a character only if it can match it itself.
            open_sets = [reach for reach in open_sets if reach & chars.chars]
        elif op in _REPEATS:
            _, most, body = argument
            if most > _FEW:
                alphabet = _alphabet(body, flags)
                open_sets = [reach for reach in open_sets if reach & alphabet]
                open_sets.append(alphabet)
                if len(open_sets) >= _MAX_IN_A_ROW or _trade(body, flags, []) is None:
                    return None
            else:
                for _ in range(most):
                    inside = _trade(body, flags, open_sets)
                    if inside is None:
                        return None
                    open_sets = max(inside, open_sets, key=len)
        else:
            parts = [_trade(part, flags, open_sets) for part in _parts(op, argument)]
            if any(part is None for part in parts):
                return None
            open_sets = max(
                (part for part in parts if part is not None), key=len, default=open_sets
            )
    return open_sets
