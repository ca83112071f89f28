"""JavaScript as a language of a page: what a variable stands in, and how it is written there.

A variable stands where a value is expected, in a string, in a template literal's text, in a
comment, or directly behind a name it completes (``row{{ id }}``). Everywhere else it is refused.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace

from ringfence.rings.escaping.js_reading import Reader
from ringfence.rings.escaping.js_sinks import fresh
from ringfence.rings.escaping.js_tokens import (
    BASE,
    BEGIN,
    BLOCK,
    CODE,
    JSON_KINDS,
    LINE,
    OPERAND,
    REGEX,
    SLASH,
    STRINGS,
    TEMPLATE,
    UNKNOWN,
    Frame,
)
from ringfence.rings.escaping.js_values import escape
from ringfence.rings.escaping.js_writing import (
    ANYWHERE,
    KEY,
    write_code,
    write_comment,
    write_string,
    write_vouched,
)
from ringfence.rings.escaping.language import Language, Refused, Trust, Value
from ringfence.rings.escaping.typed import SafeJS

__all__ = ["JavaScript", "start"]

KINDS = frozenset(
    {
        "script",
        "module",
        "handler",
        "expression",
        "json",
        "importmap",
        "speculationrules",
        "unknown",
    }
)

_FURTHEST = 20_000
#: A string that goes on for longer than this is open as far as anyone looked.
_FAR = 1000


def start(kind: str, *, sink: str = "") -> JavaScript:
    """Return the state at the start of JavaScript of ``kind``.

    ``script`` (classic), ``module``, ``handler`` (an event handler's attribute, a ``javascript:``
    link), ``expression`` (a framework's attribute, which begins where a value may stand), ``json``,
    ``importmap``, ``speculationrules``, or ``unknown`` for what is in no language known here.
    ``sink`` says what the result of an expression becomes: ``html`` or ``navigate``.

    >>> start("script").feed("let name = '").context
    'JavaScript string'
    """
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is no kind of JavaScript: {', '.join(sorted(KINDS))}")
    if kind == "unknown":
        return JavaScript(kind=kind, mode=UNKNOWN)
    if sink:
        # What the whole expression comes to is handed on: as markup, or as a URL.
        frames = (BASE._replace(sink=sink, chain=fresh(sink)),)
        return JavaScript(kind=kind, mode=CODE, frames=frames)
    return JavaScript(kind=kind, mode=BEGIN if kind in {"script", "module"} else CODE)


@dataclass(frozen=True, slots=True)
class JavaScript:
    """A place in JavaScript or JSON. Made by :func:`start`.

    ``data`` says that a variable brought the names that were read last; ``undecided`` that the
    string which a variable begins has no end in sight, so that it may yet turn out to be HTML.
    """

    kind: str = "script"
    mode: str = CODE
    prev: str = ""
    word: str = ""
    tail: str = ""
    path: str = ""
    newline: bool = True
    slash: bool = False
    frames: tuple[Frame, ...] = (BASE,)
    inner: Language | None = None
    angle: bool = False
    esc: str = ""
    data: bool = False
    undecided: bool = False

    @property
    def volatile(self) -> bool:
        """Whether the state came from a variable: see ``Url``."""
        return self.data or _is_volatile(self.inner) or any(map(_is_volatile, self._chains))

    @property
    def _chains(self) -> list[Language]:
        return [frame.chain for frame in self.frames if frame.chain is not None]

    def of_data(self) -> JavaScript:
        """Return this state as one that a variable led to."""
        return replace(self, data=True)

    @property
    def context(self) -> str:
        """What a variable stands in here."""
        name = "JSON" if self.kind in JSON_KINDS else "JavaScript"
        if self.mode == UNKNOWN or self.slash or self._in_expression:
            return f"{name} (unknown)"
        if self.mode == TEMPLATE:
            kind = "template literal"
        elif self.mode in STRINGS:
            kind = "string"
        elif self.mode in {LINE, BLOCK}:
            kind = "comment"
        elif self.mode == REGEX:
            kind = "regular expression"
        else:
            kind = "value"
        if self.mode in STRINGS and self.inner is not None:
            return f"{name} {kind}: {self.inner.context}"
        return f"{name} {kind}"

    @property
    def _in_expression(self) -> bool:
        return any(frame.opener == "$" for frame in self.frames)

    def feed(self, text: str, /) -> JavaScript:
        """Return the state behind the literal ``text``."""
        if not text or self.mode == UNKNOWN:
            return self
        reader = Reader(self)
        reader.read(text)
        return reader.state(self)

    def block(self, text: str) -> str | None:
        """Return what has to stand before the literal ``text`` to keep it harmless, if anything.

        As ``Url.block``, for the language of a string, or of a sum of strings.
        """
        if self.mode == UNKNOWN or (self.inner is None and not self._chains):
            return None
        reader = Reader(self, asking=True)
        reader.read(text)
        reader.flush()
        if not reader.before:
            return None
        before = escape(reader.before)
        if self.mode in STRINGS:
            return before
        return f'+"{before}"' if self.word or self.prev == OPERAND else f'"{before}"+'

    def expecting(self, following: str, /) -> JavaScript:
        """Return this state with what ``following`` tells of a string that a variable begins.

        ``following`` is the template's literal text behind the variable. If the string, or a sum of
        strings that it belongs to, turns out to hold markup, then its beginning was HTML too.
        """
        if self.mode == CODE and self.prev in {"{", ","} and not self.word:
            if self.frames[-1].opener == "{" and following.lstrip()[:1] == ":":
                return replace(self, prev=KEY)
            return self
        if "<" not in following and "\\" not in following and len(following) < _FAR:
            return self
        if self.slash or self._in_expression:
            return self
        if self.mode in STRINGS:
            known = self.inner
        elif self.mode in {CODE, SLASH}:
            known = self.frames[-1].chain
        else:
            return self
        if known is not None:
            return self
        expecting = _expecting.__wrapped__ if self.volatile else _expecting
        return expecting(self, following[:_FURTHEST])

    def write(self, value: Value, trust: Trust, /) -> tuple[str, JavaScript]:
        """Return ``value`` as text of this place, and the state behind it.

        :raises Refused: where the value could become code.
        """
        in_code = self.mode in {BEGIN, CODE, SLASH} and not self.slash
        if in_code and self.kind not in JSON_KINDS and isinstance(value.raw, SafeJS):
            return write_vouched(self, str(value.raw))
        if self.mode == UNKNOWN or self.slash:
            raise Refused(
                "What stands before the variable could be read as JavaScript in several ways.",
                "Give the variable a statement of its own, such as `const value = {{ value }};`.",
                placeholder=ANYWHERE,
            )
        if self._in_expression:
            raise Refused(
                "The variable stands inside ${} of a template literal.",
                "Assign it to a constant first, and use the constant inside ${}.",
                placeholder=ANYWHERE,
            )
        if self.mode == REGEX:
            raise Refused(
                "The variable stands in a regular expression.",
                "Build the expression with new RegExp(), from an escaped string.",
            )
        if self.mode in {LINE, BLOCK}:
            return write_comment(self, value)
        if self.mode in STRINGS:
            return write_string(self, value, trust)
        return write_code(self, value, trust)


def _is_volatile(inner: Language | None) -> bool:
    return inner is not None and bool(getattr(inner, "volatile", False))


@functools.lru_cache(maxsize=512)
def _expecting(state: JavaScript, following: str) -> JavaScript:
    reader = Reader(state, watching=True)
    if state.mode not in STRINGS:
        # The variable itself is the operand that the following text continues.
        reader.end_word()
        reader.settle()
        if reader.mode == SLASH:
            return state
        reader.prev, reader.newline, reader.over = OPERAND, False, False
    reader.read(following)
    if not reader.marked:
        open_still = len(following) >= _FAR and not reader.over and reader.mode != UNKNOWN
        return replace(state, undecided=True) if open_still else state
    markup = fresh("html")
    if state.mode in STRINGS:
        if state.angle and markup is not None:
            markup = markup.feed("<")
        return replace(state, inner=markup, angle=False)
    top = state.frames[-1]._replace(chain=markup)
    return replace(state, frames=(*state.frames[:-1], top))
