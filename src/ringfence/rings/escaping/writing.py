"""How a value is written into HTML, whatever the state: text, attribute, name, comment.

What HTML itself decides stands here; a value inside another language is written by that one and
encoded here for where it stands.
"""

from __future__ import annotations

import functools
import html
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ringfence.rings.escaping import attributes
from ringfence.rings.escaping.charrefs import decode, split_unfinished
from ringfence.rings.escaping.html import Markup, Tag, language, may_be_supplied
from ringfence.rings.escaping.language import REFUSED, Language, Refused, Trust, Value
from ringfence.rings.escaping.schemes import decode_references
from ringfence.rings.escaping.typed import Rendered

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["COMPLETE", "context", "expecting", "vouch", "write"]

_TEXT = frozenset(("data", "RCDATA", "RAWTEXT", "PLAINTEXT"))
_QUOTED = frozenset(("attribute value (double-quoted)", "attribute value (single-quoted)"))
_UNQUOTED = frozenset(("before attribute value", "attribute value (unquoted)"))
_BETWEEN = frozenset(
    (
        "before attribute name",
        "after attribute name",
        "after attribute value (quoted)",
        "self-closing start tag",
    )
)
_CONTENT = frozenset(("script data", "script data escaped", "RAWTEXT", "data", "CDATA section"))

#: What would end a value without quotes, or is an error in one (section 13.2.5.38).
_UNQUOTED_ESCAPES = {ord(char): f"&#{ord(char)};" for char in "\t\n\f\r =`"}
_MARKUP_ESCAPES = {ord("<"): "&lt;", ord(">"): "&gt;", ord('"'): "&quot;", ord("'"): "&#x27;"}

_BLANKS = tuple("\t\n\f\r ")

_TAG_NAME_PART = re.compile(r"[A-Za-z0-9]*")
_NAME_PART = re.compile(r"[\w.:-]*", re.ASCII)
#: HTML's white space, which is less than Python's.
_WS = r"[ \t\n\f\r]"
_ATTRIBUTE = re.compile(
    rf"{_WS}*+([A-Za-z_:@][\w:.@-]*+)"
    rf"(?:{_WS}*+={_WS}*+(?:\"([^\"]*+)\"|'([^']*+)'|([\w:./#?%+,;@!*()&~$-]++)))?(?={_WS}|/|$)",
    re.ASCII,
)

#: Text whose every tag is complete and opens no other state: the usual case of vouched markup.
_ATTRIBUTES = (
    # Behind a quote a name may begin at once.
    rf"(?:(?:{_WS}++|(?<=[\"']))[A-Za-z_:@][\w:.@-]*+"
    r"(?:=(?:\"[^\"]*+\"|'[^']*+'|[\w:./#?%+,;@!*()&~$-]++))?+)*+"
)
# Element names by their first letter. Left out: raw text, foreign content, and elements in which,
# or by which, a browser may read tags otherwise than they stand there.
_COMMON = (
    r"(?i:[a-eghj-loqru-wyz]|f(?!rame)|i(?!frame\b)|t(?!extarea\b|itle\b|emplate\b)"
    r"|s(?!cript\b|tyle\b|vg\b|elect\b)|p(?!laintext\b)|m(?!ath\b)"
    r"|n(?!oembed\b|oframes\b|oscript\b))[A-Za-z0-9-]*+"
)
#: Text; a "<" that no reader takes for a tag's.
_PLAIN_TEXT = r"[^<]++|<(?![A-Za-z/!?]|\Z)"
_RAW = "".join(
    rf"|<{name}{_ATTRIBUTES}{_WS}*+>(?:{_PLAIN_TEXT})*+</{name}{_WS}*+>"
    for name in ("script", "style", "textarea", "title")
)
_SELECT = (
    rf"<select{_ATTRIBUTES}{_WS}*+>"
    rf"(?:{_PLAIN_TEXT}|</?(?:option|optgroup){_ATTRIBUTES}{_WS}*+>)*+</select{_WS}*+>"
)
# The elements of icons. None of them ends foreign content, or is read otherwise outside of it.
_DRAWING = (
    "a|animate|animateTransform|circle|clipPath|defs|ellipse|feBlend|feColorMatrix|feFlood|filter"
    "|feGaussianBlur|feOffset|g|line|linearGradient|marker|mask|path|pattern|polygon|polyline"
    "|radialGradient|rect|stop|symbol|text|tspan|use"
)
_DRAWN = (
    rf"{_PLAIN_TEXT}|</?(?:{_DRAWING}){_ATTRIBUTES}{_WS}*+/?+>"
    rf"|<title{_ATTRIBUTES}{_WS}*+>[^<]*+</title>|<desc{_ATTRIBUTES}{_WS}*+>[^<]*+</desc>"
    rf"|<style{_ATTRIBUTES}{_WS}*+>[^<]*+</style>"
)
_SVG = rf"<svg{_ATTRIBUTES}{_WS}*+>(?:{_DRAWN})*+</svg{_WS}*+>"
_WHOLE = (
    rf"{_PLAIN_TEXT}|<(?:{_COMMON}){_ATTRIBUTES}{_WS}*+/?+>|</(?:{_COMMON}){_WS}*+>"
    # The first ">" of a comment ends it, by whatever rules it is read.
    rf"|{_SVG}|{_SELECT}{_RAW}|<!--(?!-?>)(?:[^>-]|-(?!-))*+-->"
)
# Whatever it holds, </template> ends it: by the rules of "in head" in every mode (13.2.6.4.4).
_BEGIN, _END = rf"<template{_ATTRIBUTES}{_WS}*+>", rf"</template{_WS}*+>"
_HELD = rf"{_WHOLE}|{_BEGIN}(?:{_WHOLE})*+{_END}"
COMPLETE = re.compile(rf"(?:{_WHOLE}|{_BEGIN}(?:{_HELD})*+{_END})*+", re.ASCII)
#: The same inside an <svg> of the template.
_COMPLETE_DRAWING = re.compile(rf"(?:{_DRAWN}|<!--(?!-?>)[^<>-]*+-->)*+", re.ASCII)

#: Elements that change how a browser reads what is in them; markup that leaves one open is closed.
_CHANGING = ("noscript", "select", "template", "frameset", "svg", "math")
_OPENING = re.compile("<(" + "|".join(_CHANGING) + ")", re.IGNORECASE)
_DRAWING_WHOLE = re.compile(_SVG, re.ASCII)
_MOST_OPENED = 64
#: Wherever a browser may be behind it: it is text again, and no tag of ours has been begun.
#: In text these are two comments; in a tag, a value or a comment they end it.
_BARRIER = "<!--'--><!--\"-->"


def context(state: Markup) -> str:
    """Return what a variable stands in, in the words of the documentation."""
    inner = state.value if state.value is not None else state.content
    if state.at in _QUOTED or state.at in _UNQUOTED:
        place = "attribute" if state.at in _QUOTED else "unquoted attribute"
        if inner is None:
            return f"HTML {place}"
        return f"{inner.context} in {'an' if place[0] in 'aeiou' else 'a'} {place}".replace(
            "a attribute", "an attribute"
        )
    if state.content is not None and state.at in _CONTENT:
        return state.content.context
    if state.at == "data":
        return "HTML text"
    if state.at in _TEXT:
        return f"text of <{state.element}>" if state.element else "plain text"
    if state.at in _BETWEEN:
        return "HTML attributes"
    if state.at == "attribute name":
        return "HTML attribute name"
    if state.at in ("tag open", "end tag open", "tag name"):
        return "HTML tag name"
    if "comment" in state.at:
        return "HTML comment"
    if state.at == "CDATA section":
        return "CDATA section"
    return f"HTML ({state.at} state)"


def write(  # noqa: C901 -- a branch for each kind of place
    state: Markup, value: Value, trust: Trust
) -> tuple[str, Markup]:
    """Return ``value`` as text for where ``state`` is, and the state behind it.

    :raises Refused: where no text would be safe.
    """
    at = state.at
    if state.content is not None and at in _CONTENT:
        return _write_content(state, value, trust)
    if at in _TEXT:
        if not value.vouched:
            return html.escape(value.text), state
        if at == "data":
            return vouch(state, value.text)
        return value.text.translate(_MARKUP_ESCAPES), state
    if at in _QUOTED:
        return _write_value(state, value, trust)
    if at in _UNQUOTED:
        filled = state.at == "attribute value (unquoted)" and state.filled
        try:
            text, after = _write_value(state, value, trust)
        except Refused as refusal:
            refusal.placeholder = refusal.placeholder.translate(_UNQUOTED_ESCAPES)
            raise
        text = text.translate(_UNQUOTED_ESCAPES)
        # An empty value leaves the tokenizer waiting for one: the reader minds it.
        filled = filled or bool(text)
        return text, replace(after, at="attribute value (unquoted)", filled=filled)
    if at in _BETWEEN:
        return _write_attributes(state, value, trust)
    if (
        (at == "tag name" or (at == "attribute name" and value.vouched))
        and value.text[:1] in _BLANKS
        and _may_end(state)
    ):
        # <input{{ attrs }}>: what flatatt() makes begins with a blank, which ends the name.
        blank, rest = value.text[:1], value.text[1:]
        text, after = _write_attributes(state.feed(blank), replace(value, text=rest), trust)
        return blank + text, after
    if at == "attribute name":
        return _write_name_part(state, value)
    if at in ("tag open", "end tag open", "tag name"):
        return _write_tag_name(state, value)
    if at.startswith(("comment", "bogus comment", "CDATA section")) and "less-than" not in at:
        return _write_comment(state, value)
    raise Refused(
        f"A variable cannot stand here: the browser is in the middle of a token ({at} state).",
        "Move the variable into text or into a quoted attribute.",
    )


def _may_end(state: Markup) -> bool:
    """Whether the name that is being read may end here, though a variable had a part in it."""
    tag = state.tag or Tag()
    if state.at == "tag name":
        return not tag.volatile or tag.name in attributes.HARMLESS_ELEMENTS
    return not state.attribute_volatile or may_be_supplied(tag, state.attribute)


def _write_content(state: Markup, value: Value, trust: Trust) -> tuple[str, Markup]:
    content = state.content
    assert content is not None
    text, after = content.write(value, trust)
    if state.foreign and state.at == "data":
        # Foreign content has no raw text: references are resolved before the language reads it.
        text = html.escape(text)
    elif isinstance(content, Markup):
        # A template for a script is markup in raw text: its own escaping holds, and nothing in
        # it can end the element, for it has no "<".
        pass
    return text, state if after == content else replace(state, content=after)


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
        encoded = html.escape(text)
        if text[:1].isalnum() or text[:1] in ("#", ";"):
            encoded = f"&#{ord(text[0])};{html.escape(text[1:])}"
        return encoded, replace(state, value=after, buffer="")
    text, after = _write_inside(inner, value, trust)
    if (
        value.vouched
        and not isinstance(inner, Markup)
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


def _write_comment(state: Markup, value: Value) -> tuple[str, Markup]:
    # References are not resolved here, so an escaped ">" ends nothing. The dashes that would let
    # a ">" of the template's end the comment early are parted.
    if state.xml and state.at.startswith("CDATA") and value.vouched:
        # A feed's markup as text: nothing but the section's end means anything here.
        parted = value.text.replace("]]>", "]]]]><![CDATA[>")
        return parted + (" " if parted.endswith("]") else ""), state
    text = html.escape(value.text)
    if state.at == "bogus comment":
        return text, state
    mark = "]" if state.at.startswith("CDATA") else "-"
    text = text.replace(mark + mark, f"{mark} {mark} ")
    if text[:1] in (mark, "!", ">"):
        text = " " + text
    if text.endswith((mark, "!")):
        text += " "
    return text, state.feed(text)


# Names


def _write_tag_name(state: Markup, value: Value) -> tuple[str, Markup]:
    tag = state.tag or Tag(end=state.at == "end tag open")
    name = tag.name + value.text.lower()
    if not value.text and tag.name:
        return "", state
    if (
        not name
        or not _TAG_NAME_PART.fullmatch(value.text)
        or not name[0].isalpha()
        or not any(known.startswith(name) for known in attributes.HARMLESS_ELEMENTS)
    ):
        raise Refused(
            "A variable may only name an element that does no more than arrange text.",
            "Write the element's name in the template, or choose between names with {% if %}.",
            by_place=False,
        )
    return value.text, replace(state, at="tag name", tag=replace(tag, name=name, volatile=True))


def _write_name_part(state: Markup, value: Value) -> tuple[str, Markup]:
    name = state.attribute + value.text.lower()
    if not _NAME_PART.fullmatch(value.text):
        raise Refused(
            "A part of an attribute's name may only hold letters, digits and . : _ -",
            "Write the name in the template, and let the variable be the attribute's value.",
            by_place=False,
        )
    if not value.text:
        return "", state
    return value.text, replace(state, attribute=name[:64], attribute_volatile=True)


def _write_attributes(state: Markup, value: Value, trust: Trust) -> tuple[str, Markup]:
    """Write whole attributes: ``<input {{ attrs }}>``.

    Each must be complete, have a harmless name, and a value that could stand there by itself.
    What is vouched for may have quotes: Django's ``flatatt`` and the like write it.
    """
    text = value.text
    if not text.strip("\t\n\f\r "):
        return text, state.feed(text)
    if not value.vouched:
        return _write_attribute(state, text)
    if state.at == "after attribute name" and text.lstrip("\t\n\f\r ").startswith("="):
        raise Refused(
            "A variable may not begin with the '=' between a name and its value.",
            'Write name="{{ value }}" in the template.',
            by_place=False,
        )
    tag = state.tag
    parts = []
    for source, name, given in _attributes(text):
        parts.append(source if _may_stand(state, tag, name, given, trust) else " " + REFUSED)
    joined = "".join(parts)
    return joined, _named(state.feed(joined))


def _write_attribute(state: Markup, text: str) -> tuple[str, Markup]:
    """Write what nobody vouches for: one attribute, that is text, or one's name."""
    match = _ONE_ATTRIBUTE.fullmatch(text)
    if match is not None and not (state.joined and match[0] != match[1]):
        name = match[1].lower()
        tag = state.tag
        kind = attributes.language_of(tag.name if tag else "", name, known=tag.known if tag else {})
        if match[2] is None:
            harmless = may_be_supplied(tag, name)
        else:
            harmless = kind is None and attributes.harmless_name(name) and name not in _DECIDING
        if harmless:
            return text, _named(state.feed(text))
    raise Refused(
        "What a variable may bring here is one attribute: a harmless name, and after '=' a value "
        "that needs no quotes.",
        'Write the attribute in the template, name="{{ value }}", or make the attributes with '
        "django.forms.utils.flatatt().",
        by_place=False,
    )


def _named(after: Markup) -> Markup:
    """Return the state without what only data said, of which there is no end."""
    tag = after.tag
    if tag is not None and any(value not in _TELLING for _, value in tag.attributes):
        attributes_ = tuple(
            (name, value if value in _TELLING else None) for name, value in tag.attributes
        )
        after = replace(after, tag=replace(tag, attributes=attributes_))
    # The template may go on with the name: then it is data's.
    if after.at in ("attribute name", "after attribute name"):
        return replace(after, attribute_volatile=True, joined=False)
    return replace(after, joined=False) if after.joined else after


#: Values of attributes that mean something here, whoever wrote them.
_TELLING: frozenset[str | None] = frozenset(
    (
        None,
        "",
        "post",
        "get",
        "_blank",
        "_self",
        "refresh",
        "stylesheet",
        "icon",
        "preload",
        "style",
        "modulepreload",
        "canonical",
        "alternate",
        "noopener",
        "noreferrer",
        "script",
        "module",
        "importmap",
        "text/javascript",
        "application/json",
        "text",
        "checkbox",
        "radio",
        "hidden",
        "submit",
        "button",
        "text/css",
        "csrfmiddlewaretoken",
    )
)


_ONE_ATTRIBUTE = re.compile(rf"{_WS}*+([A-Za-z_][\w:.-]*+)(=[\w:./#?%+,;@-]++)?{_WS}*+", re.ASCII)

#: Attributes that are text and yet decide what their element does.
_DECIDING = frozenset(
    (
        "as",
        "blocking",
        "charset",
        "crossorigin",
        "download",
        "enctype",
        "for",
        "form",
        "formenctype",
        "formmethod",
        "formnovalidate",
        "formtarget",
        "headers",
        "integrity",
        "kind",
        "language",
        "list",
        "method",
        "name",
        "nonce",
        "novalidate",
        "popovertarget",
        "referrerpolicy",
        "rel",
        "rev",
        "slot",
        "target",
        "type",
        "usemap",
    )
)


def _attributes(text: str) -> Iterator[tuple[str, str, str | None]]:
    at = 0
    while at < len(text):
        match = _ATTRIBUTE.match(text, at)
        if match is None:
            if not text[at:].strip(" \t\r\n\f/"):
                yield text[at:].replace("/", " "), "", None
                return
            raise Refused(
                'Attributes from a variable must be complete: name="value".',
                "Write the attributes in the template, or make them with "
                "django.forms.utils.flatatt().",
                by_place=False,
            )
        given = next((group for group in match.groups()[1:] if group is not None), None)
        yield match[0], match[1].lower(), given
        at = match.end()
        if text[at : at + 1] == "/":
            at += 1


def _may_stand(state: Markup, tag: Tag | None, name: str, given: str | None, trust: Trust) -> bool:
    if not name:
        return True
    if name == "style" and given is not None:
        inner = language("style")
    elif not may_be_supplied(tag, name):
        return False
    else:
        kind = attributes.language_of(tag.name if tag else "", name, known=tag.known if tag else {})
        inner = language(kind, state.depth)
    if inner is None or given is None:
        return True
    decoded = decode(given, attribute=True)
    try:
        text, _ = inner.write(Value(decoded, decoded), trust)
    except Refused:
        return False
    return text == decoded


# Markup a developer answers for


def vouch(state: Markup, text: str) -> tuple[str, Markup]:
    """Return vouched markup and the state behind it: the text state, by force if need be.

    ``state`` is the text state. Whatever the markup leaves open is closed, so that it cannot
    reach into the template's own tags.
    """
    if "<" not in text:
        return text, state
    if type(text) is Rendered and not state.foreign:
        return text, state
    complete = COMPLETE if not state.foreign else _COMPLETE_DRAWING
    if complete.fullmatch(text) and state.foreign[-1:] in ((), ("svg",)):
        return text, state
    if len(text) > _LONGEST:
        raise Refused(
            "This markup is too long to be read tag by tag, and it is not plainly complete.",
            "Close its tags, and quote its attributes, before it is marked safe.",
            by_place=False,
        )
    return _closed_again(state, text) if len(text) <= _REMEMBERED else _closed(state, text)


#: As much odd markup as is read in about a second.
_LONGEST = 500_000


#: Longer markup is not kept in memory.
_REMEMBERED = 4096


@functools.lru_cache(maxsize=512)
def _closed_again(state: Markup, text: str) -> tuple[str, Markup]:
    return _closed(state, text)


def _closed(state: Markup, text: str) -> tuple[str, Markup]:
    """Return ``text`` closed: by what it left open, and so that no browser is left in a tag.

    What a browser makes of odd markup depends on the whole tree, which is not known here. So
    markup that is not plainly complete is followed by end tags and by a barrier.
    """
    after = state.feed(text)
    closed = text
    for _ in range(6):
        closer = _closer(after)
        if not closer:
            break
        if closer[0] == "\b":
            closed = closed[: closed.rfind("<")] + "&lt;" + closed[closed.rfind("<") + 1 :]
            after = state.feed(closed)
            continue
        closed += closer
        after = after.feed(closer)
    else:
        raise _cannot_be_closed()
    if _only_text(closed):
        return closed, state
    # A drawing that ends is left open by no reading of what is around it.
    opened = [match[1].lower() for match in _OPENING.finditer(_DRAWING_WHOLE.sub(" ", text))]
    if len(opened) > _MOST_OPENED:
        raise _cannot_be_closed()
    ends = "".join(f"</{name}>" for name in reversed(opened))
    return closed + _BARRIER + ends, state


def _only_text(markup: str) -> bool:
    return COMPLETE.fullmatch(markup) is not None


def _cannot_be_closed() -> Refused:
    return Refused(
        "This markup ends inside a token, or so many elements, that it cannot be closed.",
        "Complete the markup before it is marked safe.",
        by_place=False,
    )


def _closer(state: Markup) -> str:
    at = state.at
    if at == "data":
        return ""
    if at in ("tag open", "end tag open", "markup declaration open"):
        return "\b"
    if state.element and at in ("script data", "RAWTEXT", "RCDATA"):
        return f"</{state.element}>"
    if at.startswith(("script data escaped", "script data double escaped")):
        return "-->"
    if at.startswith(("script data", "RAWTEXT", "RCDATA")):
        return "\n"
    if at == "attribute value (double-quoted)":
        return '">'
    if at == "attribute value (single-quoted)":
        return "'>"
    if at.startswith("comment"):
        return "-->"
    if at.startswith("CDATA"):
        return "]]>"
    if at == "PLAINTEXT":
        raise Refused(
            "<plaintext> has no end: the rest of the page would be text.",
            "Use <pre>.",
            by_place=False,
        )
    return ">"


# What the text behind the variable tells


def expecting(state: Markup, following: str) -> Markup:
    """Return ``state`` in the knowledge of the literal text that follows the variable.

    A string in a script may turn out to hold markup, and a ``rel`` or ``http-equiv`` behind the
    variable decides what it is.
    """
    if state.at in _BETWEEN:
        joined = following[:1] not in ("", ">", "/", *_BLANKS)
        return replace(state, joined=True) if joined else state
    inner = state.value if state.value is not None else state.content
    look = getattr(inner, "expecting", None)
    if look is not None:
        text = following
        if state.value is not None and state.at in _QUOTED:
            quote = '"' if "double" in state.at else "'"
            text = decode(text.partition(quote)[0], attribute=True)
        elif state.element:
            # Nothing behind the end tag is the element's; case is not worth a search of its own.
            text = text.partition("</" + state.element)[0]
        changed = look(text)
        if changed is not inner:
            field = "value" if state.value is not None else "content"
            return replace(state, **{field: changed})
        return state
    tag = state.tag
    if tag is None or tag.name not in ("link", "meta", "param") or state.value is None:
        return state
    _, marks = replace(state, value=None, kind=None).scan(following)
    whole = next((mark.data for mark in marks if mark.kind == "tag"), None)
    if whole is None or state.attribute not in ("href", "content", "value"):
        return state
    kind = attributes.language_of(tag.name, state.attribute, known={**whole.known, **tag.known})
    fresh = language(state.kind, state.depth)
    if kind == state.kind or state.value != fresh:
        return state
    return replace(state, kind=kind, value=language(kind, state.depth))
