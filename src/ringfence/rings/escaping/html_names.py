"""What a variable writes inside of a tag: a part of a name, or whole attributes.

Django's ``flatatt()`` and the like write whole attributes; a variable that nobody vouches for may
bring one, if it is harmless.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ringfence.rings.escaping import attributes
from ringfence.rings.escaping.charrefs import decode
from ringfence.rings.escaping.html_inner import language
from ringfence.rings.escaping.html_states import BLANKS, WS
from ringfence.rings.escaping.html_tags import LONGEST_NAME, Tag, kind_of, may_be_supplied
from ringfence.rings.escaping.language import REFUSED, Refused, Trust, Value

if TYPE_CHECKING:
    from ringfence.rings.escaping.html import Markup

__all__ = ["write_attribute_name", "write_attributes", "write_tag_name"]

_TAG_NAME_PART = re.compile(r"[A-Za-z0-9]*")
_NAME_PART = re.compile(r"[\w.:-]*", re.ASCII)
_ATTRIBUTE = re.compile(
    rf"{WS}*+([A-Za-z_:@][\w:.@-]*+)"
    rf"(?:{WS}*+={WS}*+(?:\"([^\"]*+)\"|'([^']*+)'|([\w:./#?%+,;@!*()&~$-]++)))?(?={WS}|/|$)",
    re.ASCII,
)
_ONE_ATTRIBUTE = re.compile(rf"{WS}*+([A-Za-z_][\w:.-]*+)(=[\w:./#?%+,;@-]++)?{WS}*+", re.ASCII)

#: Attributes that are text and yet decide what their element does.
_DECIDING = frozenset(
    {"as", "blocking", "charset", "crossorigin", "download", "enctype", "for", "form", "headers"}
    | {"formenctype", "formmethod", "formnovalidate", "formtarget", "integrity", "kind", "language"}
    | {"list", "method", "name", "nonce", "novalidate", "popovertarget", "referrerpolicy", "rel"}
    | {"rev", "slot", "target", "type", "usemap"}
)
#: Values of attributes that mean something here, whoever wrote them.
_TELLING: frozenset[str | None] = frozenset(
    {None, "", "post", "get", "_blank", "_self", "refresh", "stylesheet", "icon", "preload"}
    | {"style", "modulepreload", "canonical", "alternate", "noopener", "noreferrer", "script"}
    | {"module", "importmap", "text/javascript", "application/json", "text/css", "text"}
    | {"checkbox", "radio", "hidden", "submit", "button", "csrfmiddlewaretoken"}
)


# Parts of a name


def write_tag_name(state: Markup, value: Value, trust: Trust) -> tuple[str, Markup]:
    """Write the name of an element, or a part of it."""
    if state.at == "tag name" and _ends_name(state, value):
        return _write_behind_name(state, value, trust)
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


def write_attribute_name(state: Markup, value: Value, trust: Trust) -> tuple[str, Markup]:
    """Write a part of an attribute's name."""
    if value.vouched and _ends_name(state, value):
        return _write_behind_name(state, value, trust)
    name = state.attribute + value.text.lower()
    if not _NAME_PART.fullmatch(value.text):
        raise Refused(
            "A part of an attribute's name may only hold letters, digits and . : _ -",
            "Write the name in the template, and let the variable be the attribute's value.",
            by_place=False,
        )
    if not value.text:
        return "", state
    return value.text, replace(state, attribute=name[:LONGEST_NAME], attribute_volatile=True)


def _ends_name(state: Markup, value: Value) -> bool:
    """Whether the value begins behind the name, and that may end though a variable is part of it.

    ``<input{{ attrs }}>``: what ``flatatt()`` makes begins with a blank, which ends the name.
    """
    if not value.text.startswith(BLANKS):
        return False
    tag = state.tag or Tag()
    if state.at == "tag name":
        return not tag.volatile or tag.name in attributes.HARMLESS_ELEMENTS
    return not state.attribute_volatile or may_be_supplied(tag, state.attribute)


def _write_behind_name(state: Markup, value: Value, trust: Trust) -> tuple[str, Markup]:
    blank, rest = value.text[:1], value.text[1:]
    text, after = write_attributes(state.feed(blank), replace(value, text=rest), trust)
    return blank + text, after


# Whole attributes


def write_attributes(state: Markup, value: Value, trust: Trust) -> tuple[str, Markup]:
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
    if len(text) <= _REMEMBERED:
        known = _texts(state, text)
        if known is not None:
            return known
    tag = state.tag
    parts = []
    for source, name, given in _attributes(text):
        parts.append(source if _may_stand(state, tag, name, given, trust) else " " + REFUSED)
    joined = "".join(parts)
    return joined, _named(state.feed(joined))


#: Longer attributes are not kept in memory.
_REMEMBERED = 200


@functools.lru_cache(maxsize=1024)
def _texts(state: Markup, text: str) -> tuple[str, Markup] | None:
    """Return what becomes of attributes that hold text only, whomever the site trusts."""
    tag = state.tag
    parts = []
    for source, name, _ in _attributes(text):
        shown = name != "style" and may_be_supplied(tag, name) and kind_of(tag, name) is None
        if name and not shown:
            return None
        parts.append(source)
    joined = "".join(parts)
    return joined, _named(state.feed(joined))


def _write_attribute(state: Markup, text: str) -> tuple[str, Markup]:
    """Write what nobody vouches for: one attribute, that is text, or one's name."""
    match = _ONE_ATTRIBUTE.fullmatch(text)
    if match is not None and not (state.joined and match[0] != match[1]):
        name = match[1].lower()
        tag = state.tag
        if match[2] is None:
            harmless = may_be_supplied(tag, name)
        else:
            harmless = (
                name not in _DECIDING
                and kind_of(tag, name) is None
                and attributes.harmless_name(name)
            )
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
        inner = language(kind_of(tag, name), state.depth)
    if inner is None or given is None:
        return True
    decoded = decode(given, attribute=True)
    try:
        text, _ = inner.write(Value(decoded, decoded), trust)
    except Refused:
        return False
    return text == decoded
