"""Writing values into JavaScript: as comments, as parts of strings and names, and as expressions.

Each function takes the state that the variable stands in, and returns the text that is written
there and the state behind it.
"""

from __future__ import annotations

import decimal
import html
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ringfence.rings.escaping import js_values
from ringfence.rings.escaping.js_reading import Reader
from ringfence.rings.escaping.js_sinks import fresh
from ringfence.rings.escaping.js_tokens import (
    BEGIN,
    BLOCK,
    CODE,
    JSON_KINDS,
    KEYWORD,
    MAPS,
    OPERAND,
    REGEX,
    SLASH,
    Frame,
    is_value_keyword,
    spelt,
)
from ringfence.rings.escaping.language import REFUSED, Language, Refused, Trust, Value

if TYPE_CHECKING:
    from ringfence.rings.escaping.js import JavaScript

__all__ = ["ANYWHERE", "KEY", "write_code", "write_comment", "write_string", "write_vouched"]

_NAME = re.compile(r"[A-Za-z0-9_$]+")
_DIGITS = re.compile(r"[0-9]+")
_LEAVES_SCRIPT = re.compile(r"</?script|<!--", re.IGNORECASE)
_LITERAL = f'"{REFUSED}"'
ANYWHERE = "null"  # harmless as an expression, in a string and in a regular expression
_AS_NAME = "_refused"

KEY = "key"

_SCALARS = (bool, int, float, decimal.Decimal, js_values.Bare)

_READ_IT = "Put the value into a data- attribute or a json_script element, and read it from there."


def write_vouched(state: JavaScript, text: str) -> tuple[str, JavaScript]:
    """Write JavaScript that a developer vouches for, as it is.

    :raises Refused: where it would end the element.
    """
    if _LEAVES_SCRIPT.search(text):
        raise Refused(
            "The SafeJS contains </script, <script or <!--, which HTML reads first.",
            r"Write < as \x3C inside its strings.",
            by_place=False,
            placeholder=_LITERAL,
        )
    return text, state.of_data().feed(text)


def write_comment(state: JavaScript, value: Value) -> tuple[str, JavaScript]:
    """Write ``value`` as part of the comment that it stands in."""
    text = js_values.escape_comment(value.text)
    if state.mode == BLOCK and state.tail and not text:
        # Nothing between * and / would let them meet.
        text = " "
    return text, replace(state, tail="") if state.mode == BLOCK else state


def write_string(state: JavaScript, value: Value, trust: Trust) -> tuple[str, JavaScript]:
    """Write ``value`` as part of the string that it stands in, and of the language inside.

    :raises Refused: where the string is run, or names what is.
    """
    if state.esc:
        raise Refused(
            "The variable stands in an unfinished escape sequence.",
            "Finish the escape sequence before the variable.",
        )
    sink = state.frames[-1].sink
    if sink in {"code", "timer"}:
        raise Refused(
            "The variable stands in a string that is run as JavaScript.",
            "Pass a function instead of a string.",
        )
    if sink == "attribute" and not state.path[1:].lower().startswith(("data-", "aria-")):
        raise Refused(
            "The variable chooses which attribute a script sets, perhaps a handler.",
            "Write the attribute's name out, or begin it with data-.",
        )
    if sink == "selector" and state.path == "'" and "<" in value.text:
        raise _markup_refused("jQuery takes a string that holds < for HTML.")
    value = js_values.plain(value)
    if state.undecided and "<" in value.text:
        raise _markup_refused("The end of this string is too far away to know it for text.")
    inner = state.inner
    if inner is None and state.angle:
        markup = fresh("html")
        inner = None if markup is None else markup.feed("<")
    elif inner is not None and state.tail:
        inner = inner.feed(state.tail)
    text = value.text
    if inner is not None:
        try:
            text, inner = inner.write(value, trust)
        except Refused as refusal:
            refusal.placeholder = js_values.escape(refusal.placeholder)
            raise
    written = js_values.escape(text)
    if state.tail and not written:
        # "$" and "{" would meet: a line continuation, which is empty too, keeps them apart.
        written = "\\\n"
    if inner is state.inner and not state.angle and not state.tail and not state.undecided:
        return written, state
    return written, replace(state, inner=inner, angle=False, tail="", undecided=False)


def write_code(state: JavaScript, value: Value, trust: Trust) -> tuple[str, JavaScript]:
    """Write ``value`` as an expression, or as the end of the name that it stands behind.

    :raises Refused: where no value can stand.
    """
    if state.word and not (state.prev != "." and is_value_keyword(state.word)):
        return _write_name(state, value)
    space = " " if state.word else ""
    undecided = state.undecided
    reader = Reader(state)
    reader.end_word()
    last = reader.tail[-1:]
    if reader.mode == SLASH:
        reader.decide_slash()
        if reader.mode == REGEX or reader.slash:
            raise Refused(
                "A slash before the variable could begin a regular expression.",
                "Assign the value to a constant, and use the constant.",
                placeholder=ANYWHERE,
            )
    reader.settle()
    _expect_value(state, reader)
    reader.begin_operand()
    text = _literal(state, reader, value, trust)
    # What is written has no "<" of its own.
    if (undecided or reader.frames[-1].sink == "selector") and "\\u003C" in text:
        raise _markup_refused("The value could become the beginning of HTML.", _LITERAL)
    if text[:1] == last == "-":
        space = " "
    if text.startswith("{") and reader.prev == "=>":
        text = f"({text})"
    reader.mode, reader.prev, reader.path, reader.tail = CODE, OPERAND, "", ""
    reader.word = "0" if text[-1:].isdigit() else ""
    return space + text, reader.state(state)


def _expect_value(state: JavaScript, reader: Reader) -> None:
    prev = reader.prev
    if not prev and state.kind not in JSON_KINDS and state.kind != "expression":
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
    if state.mode == BEGIN and state.tail:
        prev = "#"
    in_for = prev == ";" and reader.frames[-1].opener in {"(", "j", "k"}
    refusing = {OPERAND, KEYWORD, ";", "}", "#", "@"}
    if prev in refusing and not in_for:
        raise Refused(
            "No value can stand here: the variable would be a statement or a name of its own.",
            f"{_READ_IT} What is JavaScript indeed, pass as SafeJS.",
            placeholder=_LITERAL,
        )


def _write_name(state: JavaScript, value: Value) -> tuple[str, JavaScript]:
    text, word = value.text, state.word
    if isinstance(value.raw, int) and not isinstance(value.raw, bool):
        text = str(int(value.raw))
    if word[0].isdigit():
        whole = _DIGITS.fullmatch(text)
        following = "0"
    else:
        whole = _NAME.fullmatch(text) if word.endswith("_") else _DIGITS.fullmatch(text)
        following = "_"
    if whole is None or (state.kind in JSON_KINDS and following == "_"):
        raise Refused(
            f"The value would continue {word!r}, and is not made of digits "
            "(or, behind an underscore, of letters, digits and underscores).",
            "Put a space or a quote before the variable, or use object[{{ name }}].",
            by_place=False,
            placeholder=_AS_NAME if following == "_" else "0",
        )
    # The name is now the data's: one that means nothing stands for it.
    return text, replace(state, word=spelt("", following))


def _literal(state: JavaScript, reader: Reader, value: Value, trust: Trust) -> str:
    """Write ``value`` as an expression, and move the sum that it is added to."""
    top = reader.frames[-1]
    subject = js_values.subject(value)
    strict = state.kind in JSON_KINDS
    if reader.prev == KEY:
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
    if state.kind in MAPS:
        return js_values.render(subject, strict=True, escape=_judged(trust))
    if top.chain is None:
        return js_values.render(subject, strict=strict)
    if isinstance(subject, str):
        text, chain = _in_chain(top, subject, value, trust)
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
