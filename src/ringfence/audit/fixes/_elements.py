"""Attributes of a start tag by their offsets: what a template's facts do not keep."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from ringfence.audit.collect.templates.elements import Element
from ringfence.audit.fixes._text import Text

__all__ = ["Attribute", "attributes", "end_of_name", "simple"]

#: Characters that stand for a tag of the template's language.
_TAG: Final = "\ue000\ue001"
_NAME: Final = re.compile(r"<[A-Za-z][\w:-]*+")
_ATTRIBUTE: Final = re.compile(
    r"""([^\s"'<>/=\ue000\ue001][^\s"'<>/=]*+)"""
    r"""(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++)))?+"""
)


class Attribute(NamedTuple):
    """An attribute: its name, its value as written, and the value's offsets within its quotes."""

    name: str
    value: str
    start: int
    end: int
    quote: str


def attributes(text: Text, element: Element) -> Iterator[Attribute]:
    """Yield the attributes of an element's start tag."""
    begin = end_of_name(text, element)
    for match in _ATTRIBUTE.finditer(text.page.blank, begin, element.end - 1):
        group = match.lastindex or 1
        start, end = match.span(group) if group > 1 else (match.end(), match.end())
        quote = {2: '"', 3: "'"}.get(group, "")
        yield Attribute(match[1].lower(), text.text[start:end], start, end, quote)


def end_of_name(text: Text, element: Element) -> int:
    """Return where the attributes of an element begin."""
    match = _NAME.match(text.page.blank, element.start)
    return match.end() if match is not None else element.start


def simple(text: Text, element: Element) -> bool:
    """Whether the start tag is all text: no tag of the template's decides which attributes it has.

    Variables within quotes do not.
    """
    begin = end_of_name(text, element)
    rest = _ATTRIBUTE.sub("", text.page.blank[begin : element.end])
    return not any(char in rest for char in _TAG)
