"""How a value is written into HTML, whatever the state.

What HTML itself decides stands here, and of names and attributes in ``html_names.py``; a value
inside another language is written by that one and encoded here for where it stands.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from ringfence.rings.escaping.charrefs import decode, split_unfinished
from ringfence.rings.escaping.css import Css
from ringfence.rings.escaping.html_names import (
    write_attribute_name,
    write_attributes,
    write_tag_name,
)
from ringfence.rings.escaping.html_states import (
    BETWEEN,
    CONTENT,
    QUOTED,
    ROWS,
    TEXT,
    UNQUOTED,
    UNQUOTED_VALUE,
)
from ringfence.rings.escaping.html_vouched import vouch
from ringfence.rings.escaping.js import JavaScript
from ringfence.rings.escaping.js_tokens import STRINGS
from ringfence.rings.escaping.language import REFUSED, Language, Refused, Trust, Value
from ringfence.rings.escaping.schemes import decode_references

if TYPE_CHECKING:
    from ringfence.rings.escaping.html import Markup

__all__ = ["write"]

#: What would end a value without quotes, or is an error in one (section 13.2.5.38).
_UNQUOTED_ESCAPES = {ord(char): f"&#{ord(char)};" for char in "\t\n\f\r =`"}
#: What a bracket is escaped in: strings and addresses.
_CSS_LITERALS = frozenset(('"', "'", "url(", "url"))
#: States of a comment or a section that an end may follow, in parts.
_BEFORE_END = frozenset(
    {"comment end dash", "comment end", "comment end bang"}
    | {"CDATA section bracket", "CDATA section end"}
)
_MARKUP_ESCAPES = {ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;", ord("'"): "&#x27;"}


def write(state: Markup, value: Value, trust: Trust) -> tuple[str, Markup]:
    """Return ``value`` as text for where ``state`` is, and the state behind it.

    :raises Refused: where no text would be safe.
    """
    if state.content is not None and state.at in CONTENT:
        return _write_content(state, value, trust)
    return _WRITERS.get(state.at, _refuse)(state, value, trust)


def _refuse(state: Markup, value: Value, trust: Trust) -> tuple[str, Markup]:
    raise Refused(
        "A variable cannot stand here: the browser is in the middle of a token "
        f"({state.at} state).",
        "Move the variable into text or into a quoted attribute.",
    )


def _write_text(state: Markup, value: Value, trust: Trust) -> tuple[str, Markup]:
    if not value.vouched:
        return html.escape(value.text), state
    if state.at == "data":
        return vouch(state, value.text)
    return value.text.translate(_MARKUP_ESCAPES), state


def _write_unquoted(state: Markup, value: Value, trust: Trust) -> tuple[str, Markup]:
    filled = state.at == UNQUOTED_VALUE and state.filled
    try:
        text, after = _write_value(state, value, trust)
    except Refused as refusal:
        refusal.placeholder = refusal.placeholder.translate(_UNQUOTED_ESCAPES)
        raise
    text = text.translate(_UNQUOTED_ESCAPES)
    # An empty value leaves the tokenizer waiting for one: the reader minds it.
    return text, replace(after, at=UNQUOTED_VALUE, filled=filled or bool(text))


def _write_content(state: Markup, value: Value, trust: Trust) -> tuple[str, Markup]:
    content = state.content
    assert content is not None
    unfinished = state.buffer
    if unfinished:
        content = content.feed(decode(unfinished, attribute=False))
        state = replace(state, content=content, buffer="")
    text, after = content.write(value, trust)
    if state.foreign and state.at == "data":
        # Foreign content has no raw text: references are resolved before the language reads it.
        text = _behind_reference(text) if unfinished else html.escape(text)
    elif text and state.at.startswith("CDATA"):
        text = _within_cdata(content, text)
        state = replace(state, at="CDATA section")
    # A template for a script is markup in raw text: its own escaping holds, and nothing in it can
    # end the element, for it has no "<".
    return text, state if after == content else replace(state, content=after)


def _within_cdata(content: Language, text: str) -> str:
    """Return ``text`` with no bracket that could be one of the section's end."""
    if isinstance(content, JavaScript) and content.mode in STRINGS:
        return text.replace("]", "\\u005D")
    if isinstance(content, Css) and content.lexeme in _CSS_LITERALS:
        return text.replace("]", "\\5d ")
    if "]]>" in text:
        raise Refused(
            "A value holds ]]>, which would end the CDATA section it stands in.",
            "Part the brackets with a blank.",
            by_place=False,
            placeholder=f'"{REFUSED}"',
        )
    before = " " if text.startswith(("]", ">")) else ""
    return before + text + (" " if text.endswith("]") else "")


def _behind_reference(text: str) -> str:
    """Return ``text`` encoded so that it does not go on with a reference that was begun."""
    if text[:1].isalnum() or text[:1] in ("#", ";"):
        return f"&#{ord(text[0])};{html.escape(text[1:])}"
    return html.escape(text)


def _write_value(state: Markup, value: Value, trust: Trust) -> tuple[str, Markup]:
    inner = state.value
    if state.text is not None:
        state = replace(state, text=None)
    if inner is None:
        if value.vouched:
            return value.text.translate(_MARKUP_ESCAPES), state
        return html.escape(value.text), state
    after: Language
    if state.buffer:
        # "&#11" before the variable: the value's first character must not go on with it.
        inner = inner.feed(decode(state.buffer, attribute=True))
        text, after = _write_inside(inner, value, trust)
        return _behind_reference(text), replace(state, value=after, buffer="")
    text, after = _write_inside(inner, value, trust)
    if (
        value.vouched
        # Not HTML in HTML.
        and type(inner) is not type(state)
        and text == decode_references(value.text)
        # "&#11" at its end would be read on with what follows.
        and not split_unfinished(value.text)[1]
    ):
        # Markup says "&amp;" already: as it is, but for what would end the attribute.
        encoded = value.text.translate(_MARKUP_ESCAPES)
    else:
        encoded = html.escape(text)
    return encoded, state if after == inner else replace(state, value=after)


def _write_inside(inner: Language, value: Value, trust: Trust) -> tuple[str, Language]:
    try:
        return inner.write(value, trust)
    except Refused as refusal:
        # What stands in its stead stands in an attribute as well.
        refusal.placeholder = html.escape(refusal.placeholder)
        raise


def _write_comment(state: Markup, value: Value, trust: Trust) -> tuple[str, Markup]:
    # References are not resolved here, so an escaped ">" ends nothing. The dashes that would let
    # a ">" of the template's end the comment early are parted.
    if state.xml and state.at.startswith("CDATA") and value.vouched:
        # A feed's markup as text: nothing but the section's end means anything here.
        parted = value.text.replace("]]>", "]]]]><![CDATA[>")
        return parted + (" " if parted.endswith("]") else ""), state
    text = html.escape(value.text)
    if state.at == "bogus comment" and state.buffer == "?":
        # Readers differ about "<?": a comment, or an instruction of the name that follows.
        raise Refused(
            "A variable may not name a processing instruction.",
            "Write what follows '<?' in the template, up to a blank.",
        )
    if state.at == "bogus comment":
        return text, state
    if not text and (state.at.startswith("comment start") or state.at in _BEFORE_END):
        # What stands before an empty value and behind it must not meet and end the comment.
        return " ", state.feed(" ")
    mark = "]" if state.at.startswith("CDATA") else "-"
    text = text.replace(mark + mark, f"{mark} {mark} ")
    if text[:1] in (mark, "!", ">"):
        text = " " + text
    if text.endswith((mark, "!")):
        text += " "
    return text, state.feed(text)


#: What writes a value, by the tokenizer's state; a state that is missing is within a token.
_WRITERS: dict[str, Callable[[Markup, Value, Trust], tuple[str, Markup]]] = {
    **dict.fromkeys(TEXT, _write_text),
    **dict.fromkeys(QUOTED, _write_value),
    **dict.fromkeys(UNQUOTED, _write_unquoted),
    **dict.fromkeys(BETWEEN, write_attributes),
    **dict.fromkeys(("tag open", "end tag open", "tag name"), write_tag_name),
    "attribute name": write_attribute_name,
    **{
        name: _write_comment
        for name in ROWS
        if name.startswith(("comment", "bogus comment", "CDATA section"))
        and "less-than" not in name
    },
}
