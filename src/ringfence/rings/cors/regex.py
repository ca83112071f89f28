"""Judges the regexes of allowed origins: what may a foreign site register, to pass with it.

A regex is fit for an origin when it is anchored, names its schemes, and when the part of the
host that somebody can register (taken here as the last two labels; public suffixes are a check
of their own) is spelled out. That is proved over an automaton (:mod:`.automaton`), and the regex
itself is asked about look-alike origins besides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from re import _constants as sre  # type: ignore[attr-defined]  # the stubs leave it out
from typing import Any, NamedTuple

from ringfence.finding import quote
from ringfence.origin import Origin, OriginError
from ringfence.rings.cors.automaton import (
    Automaton,
    CharSet,
    TooComplexError,
    build,
    char_set,
    parse_tree,
)
from ringfence.rings.cors.backtracking import is_explosive

__all__ = ["Judgement", "Problem", "judge"]

_HOST = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
_DIGITS = frozenset("0123456789")
_SCHEME = frozenset("abcdefghijklmnopqrstuvwxyz0123456789+-.")

#: Steps of one walk. The largest list of alternatives that a person keeps in one regex fits.
_MAX_STEPS = 50_000
_MAX_LABEL = 63
_MAX_HOST = 253

#: Stands for digits that are not spelled out.
_ANY_DIGIT = "#"

_ESCAPE_FIX = r"Write each dot of a host name as \. and spell out the domain that you own."
_BOUNDARY_FIX = r"Put an escaped dot before the domain: ^https://([a-z0-9-]+\.)*example\.com$"


class Problem(NamedTuple):
    """A code of the register, why, and what to write instead."""

    code: str
    reason: str
    fix: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found out about one regex.

    ``schemes`` and ``hosts`` are those that it can match, ``parents`` the domains of which it can
    match hosts that it does not spell out. All are empty where a problem says that they could not
    be found out.
    """

    problems: tuple[Problem, ...]
    schemes: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()
    parents: frozenset[str] = frozenset()


class _FoundError(Exception):
    def __init__(self, code: str, reason: str, fix: str) -> None:
        super().__init__(reason)
        self.problem = Problem(code, reason, fix)


def judge(pattern: re.Pattern[str], *, prefix: bool = False) -> Judgement:
    r"""Judge ``pattern`` as a regex for origins. Never raises.

    ``prefix`` says that it is applied by ``re.match`` (as django-cors-headers does), so that its
    beginning is anchored for it and its end is not.

    >>> [problem.code for problem in judge(re.compile(r"^https://.*example\.com$")).problems]
    ['CORS110']
    >>> judge(re.compile(r"^https://([a-z0-9-]+\.)*example\.com$")).problems
    ()
    """
    problems: list[Problem] = []
    tree = parse_tree(pattern)
    try:
        if not ((prefix or _anchored(tree, 1)) and _anchored(tree, -1)):
            problems.append(
                Problem(
                    "CORS109",
                    "it is not anchored: text may stand before or behind what was meant.",
                    _anchor_fix(pattern.pattern),
                )
            )
        if is_explosive(tree, pattern.flags):
            problems.append(
                Problem(
                    "CORS111",
                    "a repetition within a repetition lets a crafted origin cost exponential time.",
                    r"Let each repetition end in something it cannot match itself: ([a-z0-9-]+\.)*",
                )
            )
        automaton = build(pattern)
    except (TooComplexError, RecursionError):
        problems.append(
            Problem("CORS110", "it is too large to be judged.", "List the origins instead.")
        )
        return Judgement(tuple(problems))
    schemes: frozenset[str] = frozenset()
    ends = _Ends(set(), set())
    try:
        schemes = _schemes(automaton)
    except _FoundError as found:
        problems.append(found.problem)
    try:
        _walk_hosts(automaton.reversed(), ends)
    except _FoundError as found:
        problems.append(found.problem)
    if not problems and not (schemes and (ends.hosts or ends.parents)):
        problems.append(
            Problem(
                "CORS204",
                "it matches no origin.",
                r"Write ^https://app\.example\.com$ or the like.",
            )
        )
    if not problems:
        problems.extend(_probe(pattern, schemes, ends.hosts | ends.parents))
        if not problems and _has_bare_dot(tree, pattern.flags):
            problems.append(
                Problem("CORS203", "an unescaped dot matches any character.", _ESCAPE_FIX)
            )
    return Judgement(tuple(problems), schemes, frozenset(ends.hosts), frozenset(ends.parents))


def _anchor_fix(text: str) -> str:
    body = text.removeprefix("^").removesuffix("$")
    return f"Write {quote(f'^(?:{body})$' if '|' in body else f'^{body}$')}."


def _anchored(items: Any, step: int) -> bool:
    """Whether every way through ``items`` begins (1) or ends (-1) at an anchor."""
    anchors = (
        (sre.AT_BEGINNING, sre.AT_BEGINNING_STRING)
        if step == 1
        else (sre.AT_END, sre.AT_END_STRING)
    )
    for op, argument in list(items)[::step]:
        if op is sre.AT:
            if argument in anchors:
                return True
        elif op is sre.SUBPATTERN:
            return _anchored(argument[3], step)
        elif op is sre.ATOMIC_GROUP:
            return _anchored(argument, step)
        elif op is sre.BRANCH:
            return all(_anchored(branch, step) for branch in argument[1])
        elif op not in (sre.ASSERT, sre.ASSERT_NOT):
            return False
    return False


def _schemes(automaton: Automaton) -> frozenset[str]:
    """Return the schemes that can stand before ``://``.

    :raises _FoundError: where a class, a dot or a loop stands among them.
    """
    schemes: set[str] = set()
    seen: set[tuple[frozenset[int], str]] = set()
    waiting = [(automaton.closure(frozenset({automaton.start})), "")]
    while waiting:
        item = waiting.pop()
        if item in seen:
            continue
        seen.add(item)
        states, text = item
        if len(seen) > _MAX_STEPS or len(text) > 32:
            raise _any_scheme()
        for chars, target in _moves(automaton, states):
            if not chars.enumerated and chars.chars & (_SCHEME | {":"}):
                raise _any_scheme()
            closure = automaton.closure(frozenset({target}))
            for char in chars.chars:
                if char == ":":
                    schemes.add(text)
                elif char.lower() in _SCHEME:
                    waiting.append((closure, text + char.lower()))
    return frozenset(schemes)


def _any_scheme() -> _FoundError:
    return _FoundError(
        "CORS121",
        "it does not name the schemes that it matches.",
        "Begin with ^https:// .",
    )


class _Ends(NamedTuple):
    """What a walk over the hosts has found; see :class:`Judgement`."""

    hosts: set[str]
    parents: set[str]


def _walk_hosts(backward: Automaton, ends: _Ends) -> None:
    """Read the hosts backwards, as far as they are spelled out.

    :raises _FoundError: where the part that somebody can register is not.
    """
    seen: set[tuple[frozenset[int], str, bool]] = set()
    start = backward.closure(frozenset({backward.start}))
    # A host may be followed by a port: both readings are tried from the end.
    waiting = [(start, "", False), (start, "", True)]
    while waiting:
        item = waiting.pop()
        if item in seen:
            continue
        seen.add(item)
        states, text, in_port = item
        if len(seen) > _MAX_STEPS:
            raise _FoundError(
                "CORS110", "it is too large to be judged.", "List the origins instead."
            )
        if len(text.partition(".")[0]) > _MAX_LABEL and text.count(".") < _labels(text):
            raise _permissive("a repetition stands in the domain that somebody can register.")
        for chars, target in _moves(backward, states):
            closure = backward.closure(frozenset({target}))
            if in_port:
                if chars.chars & _DIGITS:
                    waiting.append((closure, "", True))
                if ":" in chars.chars:
                    waiting.append((closure, "", False))
                continue
            waiting.extend((closure, longer, False) for longer in _extend(text, chars, ends))


def _extend(text: str, chars: CharSet, ends: _Ends) -> list[str]:
    """Return what ``text``, the end of a host, becomes with one more character before it."""
    # Enough labels are complete: all that is left to see is what stands directly before the next,
    # since "\w+example\.co\.uk" is meant to be "example" below "co.uk".
    beyond = text.count(".") >= _labels(text)
    if not chars.enumerated and chars.chars & _HOST:
        if not beyond:
            if "." not in text and chars.chars & _HOST <= _DIGITS:
                # The end of a port, or of an IPv4 address: a colon or a dot will tell.
                return [_ANY_DIGIT + text.lstrip(_ANY_DIGIT)]
            raise _permissive(
                "a dot stands for any character, in the domain that somebody can register."
                if chars.dot
                else "the domain that somebody can register is not spelled out."
            )
        label, _, parent = text.partition(".")
        if label and label[0] in _LETTERS and chars.chars & _LETTERS:
            raise _FoundError(
                "CORS110",
                "what stands before the domain may end in any letters, with no dot between.",
                _BOUNDARY_FIX,
            )
        ends.parents.add(parent)
        return []
    if len(text) > _MAX_HOST:
        return []
    longer: list[str] = []
    for raw in chars.chars:
        char = raw.lower()
        if char in "./" and _ANY_DIGIT in text:
            raise _permissive("its last label is not spelled out, so that it matches addresses.")
        if char == "/":
            if text and not text.startswith("."):
                ends.hosts.add(text)
        elif char == "." and not text:
            # The dot that a fully qualified name may end in ends no label.
            longer.append("")
        elif char in _HOST or char in "[]" or (char == ":" and text.endswith("]")):
            longer.append(char + text)
    return longer


def _labels(text: str) -> int:
    """How many labels make a host that can be registered: two, or an IPv4 address's four."""
    return 4 if text.rpartition(".")[2].isdigit() else 2


def _permissive(reason: str) -> _FoundError:
    return _FoundError("CORS110", reason, _ESCAPE_FIX)


def _moves(automaton: Automaton, states: frozenset[int]) -> list[tuple[CharSet, int]]:
    return [move for state in states for move in automaton.edges[state]]


def _probe(pattern: re.Pattern[str], schemes: frozenset[str], suffixes: set[str]) -> list[Problem]:
    """Ask the regex itself about origins that look alike; the analysis may have a hole."""
    for suffix in sorted(suffixes)[:20]:
        hosts = (f"evil{suffix}", f"{suffix}.evil.example", suffix.replace(".", "x") + ".example")
        for scheme in sorted(schemes)[:5]:
            for host in hosts:
                text = f"{scheme}://{host}"
                if pattern.fullmatch(text) and _is_origin(text):
                    # One listed domain may well end in another ("a.com", "ba.com").
                    if any(host == other or host.endswith(f".{other}") for other in suffixes):
                        continue
                    return [Problem("CORS110", f"it matches {text!r}.", _BOUNDARY_FIX)]
    return []


def _is_origin(text: str) -> bool:
    try:
        Origin.parse(text)
    except OriginError:
        return False
    return True


def _has_bare_dot(items: Any, flags: int) -> bool:
    """Whether a dot that nothing repeats stands anywhere: it was meant to be a literal one."""
    for op, argument in items:
        chars = char_set(op, argument, flags)
        if chars is not None:
            if chars.dot:
                return True
        elif op is sre.SUBPATTERN:
            if _has_bare_dot(argument[3], flags):
                return True
        elif op is sre.ATOMIC_GROUP:
            if _has_bare_dot(argument, flags):
                return True
        elif op is sre.BRANCH:
            if any(_has_bare_dot(branch, flags) for branch in argument[1]):
                return True
        elif op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            inner = list(argument[2])
            if len(inner) > 1 and _has_bare_dot(inner, flags):
                return True
    return False
