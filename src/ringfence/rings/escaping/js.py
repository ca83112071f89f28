"""JavaScript as a language of a page: what a variable stands in, and how it is written there.

A variable stands where a value is expected, in a string, in a template literal's text, in a
comment, or directly behind a name it completes (``row{{ id }}``). Everywhere else it is refused.
"""

from __future__ import annotations

import decimal
import functools
import html
import re
from dataclasses import dataclass, replace
from typing import Any

from ringfence.rings.escaping import js_values
from ringfence.rings.escaping.js_reading import (
    BASE,
    BEGIN,
    BLOCK,
    CODE,
    JSON_KINDS,
    KEYWORD,
    LINE,
    MAPS,
    OPERAND,
    REGEX,
    SLASH,
    STRINGS,
    TEMPLATE,
    UNKNOWN,
    Frame,
    Reader,
    is_value_keyword,
    spelt,
)
from ringfence.rings.escaping.js_sinks import fresh
from ringfence.rings.escaping.language import REFUSED, Language, Refused, Trust, Value
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
_NAME = re.compile(r"[A-Za-z0-9_$]+")
_DIGITS = re.compile(r"[0-9]+")
_LEAVES_SCRIPT = re.compile(r"</?script|<!--", re.IGNORECASE)
_LITERAL = f'"{REFUSED}"'
_ANYWHERE = "null"  # harmless as an expression, in a string and in a regular expression
_AS_NAME = "_refused"

_KEY = "key"

_SCALARS = (bool, int, float, decimal.Decimal, js_values.Bare)

_READ_IT = "Put the value into a data- attribute or a json_script element, and read it from there."


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

    def expecting(self, following: str, /) -> JavaScript:
        """Return this state with what ``following`` tells of a string that a variable begins.

        ``following`` is the template's literal text behind the variable. If the string, or a sum of
        strings that it belongs to, turns out to hold markup, then its beginning was HTML too.
        """
        if self.mode == CODE and self.prev in {"{", ","} and not self.word:
            if self.frames[-1].opener == "{" and following.lstrip()[:1] == ":":
                return replace(self, prev=_KEY)
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
            return self._write_vouched(str(value.raw))
        if self.mode == UNKNOWN or self.slash:
            raise Refused(
                "What stands before the variable could be read as JavaScript in several ways.",
                "Give the variable a statement of its own, such as `const value = {{ value }};`.",
                placeholder=_ANYWHERE,
            )
        if self._in_expression:
            raise Refused(
                "The variable stands inside ${} of a template literal.",
                "Assign it to a constant first, and use the constant inside ${}.",
                placeholder=_ANYWHERE,
            )
        if self.mode == REGEX:
            raise Refused(
                "The variable stands in a regular expression.",
                "Build the expression with new RegExp(), from an escaped string.",
            )
        if self.mode in {LINE, BLOCK}:
            return self._write_comment(value)
        if self.mode in STRINGS:
            return self._write_string(value, trust)
        return self._write_code(value, trust)

    def _write_vouched(self, text: str) -> tuple[str, JavaScript]:
        if _LEAVES_SCRIPT.search(text):
            raise Refused(
                "The SafeJS contains </script, <script or <!--, which HTML reads first.",
                r"Write < as \x3C inside its strings.",
                by_place=False,
                placeholder=_LITERAL,
            )
        return text, self.of_data().feed(text)

    def _write_comment(self, value: Value) -> tuple[str, JavaScript]:
        text = js_values.escape_comment(value.text)
        if self.mode == BLOCK and self.tail and not text:
            # Nothing between * and / would let them meet.
            text = " "
        return text, replace(self, tail="") if self.mode == BLOCK else self

    # Strings

    def _write_string(self, value: Value, trust: Trust) -> tuple[str, JavaScript]:
        if self.esc:
            raise Refused(
                "The variable stands in an unfinished escape sequence.",
                "Finish the escape sequence before the variable.",
            )
        sink = self.frames[-1].sink
        if sink in {"code", "timer"}:
            raise Refused(
                "The variable stands in a string that is run as JavaScript.",
                "Pass a function instead of a string.",
            )
        if sink == "attribute" and not self.path[1:].lower().startswith(("data-", "aria-")):
            raise Refused(
                "The variable chooses which attribute a script sets, perhaps a handler.",
                "Write the attribute's name out, or begin it with data-.",
            )
        if sink == "selector" and self.path == "'" and "<" in value.text:
            raise _markup_refused("jQuery takes a string that holds < for HTML.")
        value = js_values.plain(value)
        if self.undecided and "<" in value.text:
            raise _markup_refused("The end of this string is too far away to know it for text.")
        inner = self.inner
        if inner is None and self.angle:
            markup = fresh("html")
            inner = None if markup is None else markup.feed("<")
        elif inner is not None and self.tail:
            inner = inner.feed(self.tail)
        text = value.text
        if inner is not None:
            try:
                text, inner = inner.write(value, trust)
            except Refused as refusal:
                refusal.placeholder = js_values.escape(refusal.placeholder)
                raise
        written = js_values.escape(text)
        if self.tail and not written:
            # "$" and "{" would meet: a line continuation, which is empty too, keeps them apart.
            written = "\\\n"
        if inner is self.inner and not self.angle and not self.tail and not self.undecided:
            return written, self
        return written, replace(self, inner=inner, angle=False, tail="", undecided=False)

    # Code

    def _write_code(self, value: Value, trust: Trust) -> tuple[str, JavaScript]:
        if self.word and not (self.prev != "." and is_value_keyword(self.word)):
            return self._write_name(value)
        space = " " if self.word else ""
        undecided = self.undecided
        reader = Reader(self)
        reader.end_word()
        last = reader.tail[-1:]
        if reader.mode == SLASH:
            reader.decide_slash()
            if reader.mode == REGEX or reader.slash:
                raise Refused(
                    "A slash before the variable could begin a regular expression.",
                    "Assign the value to a constant, and use the constant.",
                    placeholder=_ANYWHERE,
                )
        reader.settle()
        self._expect_value(reader)
        reader.begin_operand()
        text = self._literal(reader, value, trust)
        # What is written has no "<" of its own.
        if (undecided or reader.frames[-1].sink == "selector") and "\\u003C" in text:
            raise _markup_refused("The value could become the beginning of HTML.", _LITERAL)
        if text[:1] == last == "-":
            space = " "
        if text.startswith("{") and reader.prev == "=>":
            text = f"({text})"
        reader.mode, reader.prev, reader.path, reader.tail = CODE, OPERAND, "", ""
        reader.word = "0" if text[-1:].isdigit() else ""
        return space + text, reader.state(self)

    def _expect_value(self, reader: Reader) -> None:
        prev = reader.prev
        if not prev and self.kind not in JSON_KINDS and self.kind != "expression":
            raise Refused(
                "The variable is the script: whatever it holds would run.",
                "Write the script in the template, or pass SafeJS.",
                placeholder=_LITERAL,
            )
        if prev == ".":
            raise Refused(
                "The variable is a property's name.",
                "Write object[{{ name }}] instead of object.{{ name }}.",
                placeholder=_AS_NAME,
            )
        if self.mode == BEGIN and self.tail:
            prev = "#"
        in_for = prev == ";" and reader.frames[-1].opener in {"(", "j", "k"}
        refusing = {OPERAND, KEYWORD, ";", "}", "#", "@"}
        if prev in refusing and not in_for:
            raise Refused(
                "No value can stand here: the variable would be a statement or a name of its own.",
                f"{_READ_IT} What is JavaScript indeed, pass as SafeJS.",
                placeholder=_LITERAL,
            )

    def _write_name(self, value: Value) -> tuple[str, JavaScript]:
        text, word = value.text, self.word
        if isinstance(value.raw, int) and not isinstance(value.raw, bool):
            text = str(int(value.raw))
        if word[0].isdigit():
            whole = _DIGITS.fullmatch(text)
            following = "0"
        else:
            whole = _NAME.fullmatch(text) if word.endswith("_") else _DIGITS.fullmatch(text)
            following = "_"
        if whole is None or (self.kind in JSON_KINDS and following == "_"):
            raise Refused(
                f"The value would continue {word!r}, and is not made of digits "
                "(or, behind an underscore, of letters, digits and underscores).",
                "Put a space or a quote before the variable, or use object[{{ name }}].",
                by_place=False,
                placeholder=_AS_NAME if following == "_" else "0",
            )
        # The name is now the data's: one that means nothing stands for it.
        return text, replace(self, word=spelt("", following))

    def _literal(self, reader: Reader, value: Value, trust: Trust) -> str:
        """Write ``value`` as an expression, and move the sum that it is added to."""
        top = reader.frames[-1]
        subject = js_values.subject(value)
        strict = self.kind in JSON_KINDS
        if reader.prev == _KEY:
            return js_values.render_key(subject, strict=strict)
        if subject is None or isinstance(subject, _SCALARS):
            if top.chain is not None:
                chain = top.chain.feed("xx" if top.hole else "x")
                reader.frames = (*reader.frames[:-1], top._replace(chain=chain, hole=False))
            return js_values.render(subject, strict=strict)
        if top.sink in {"code", "timer", "attribute"}:
            raise Refused(
                "The value would be run as JavaScript, or name an attribute.",
                "Pass a function instead of a string, and write names out.",
                by_place=False,
                placeholder=_LITERAL,
            )
        if self.kind in MAPS:
            return js_values.render(subject, strict=True, escape=_judged(trust))
        if top.chain is None:
            return js_values.render(subject, strict=strict)
        if isinstance(subject, str):
            text, chain = self._in_chain(top, subject, value, trust)
            reader.frames = (*reader.frames[:-1], top._replace(chain=chain, hole=False))
            return f'"{js_values.escape(text)}"'
        if top.sink in {"navigate", "script"}:
            raise Refused(
                "A list or an object would become a URL.",
                "Pass the URL as a string.",
                by_place=False,
                placeholder=_LITERAL,
            )
        return js_values.render(subject, escape=_escape_markup)

    @staticmethod
    def _in_chain(top: Frame, text: str, value: Value, trust: Trust) -> tuple[str, Language]:
        chain = top.chain
        assert chain is not None
        if top.hole:
            chain = chain.feed("x")
        known = js_values.plain(value)
        if known.text != text:
            known = Value(text, text, vouched=known.vouched, filters=known.filters)
        try:
            return chain.write(known, trust)
        except Refused as refusal:
            refusal.placeholder = f'"{js_values.escape(refusal.placeholder)}"'
            raise


def _is_volatile(inner: Language | None) -> bool:
    return inner is not None and bool(getattr(inner, "volatile", False))


def _markup_refused(reason: str, placeholder: str = REFUSED) -> Refused:
    return Refused(
        reason,
        "Set text with textContent or .text(), and build elements from parts.",
        by_place=False,
        placeholder=placeholder,
    )


def _escape_markup(text: str) -> str:
    return js_values.escape(html.escape(text))


def _judged(trust: Trust) -> Any:
    def escape(text: str) -> str:
        state = fresh("importmap")
        assert state is not None
        try:
            return js_values.escape(state.write(Value(text, text), trust)[0])
        except Refused as refusal:
            refusal.placeholder = f'"{js_values.escape(refusal.placeholder)}"'
            raise

    return escape


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
