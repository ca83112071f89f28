"""Attributes of template text: quotes, ``rel``, ``https``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from ringfence.audit.fixes import Fix
from ringfence.audit.fixes._elements import attributes, simple
from ringfence.audit.fixes._text import Text
from ringfence.audit.model import Edit, Finding

__all__ = ["FIXES"]

#: A value without quotes of which it is certain where it ends: variables, and what needs no quotes.
_PLAIN: Final = re.compile(r"(?:\{\{[^\n{}<>]{0,200}?\}\}|[\w./:#?&;%+,-])++")
_BEHIND: Final = (" ", "\n", ">", "\t")
_NEW_WINDOW: Final = ("a", "area", "form")
#: The elements that load, and which of their attributes says what.
_LOADED: Final = {
    **dict.fromkeys(("script", "iframe", "frame", "embed"), "src"),
    "object": "data",
    "link": "href",
}


def _quoted(text: Text, finding: Finding) -> Iterable[Edit]:
    line = finding.hit.place.line
    for start, end, *_ in text.page.spans:
        if text.line_of(start) != line or text.text[start - 1] in "\"'":
            continue
        # What comes behind it begins a new attribute, or ends the tag.
        if _PLAIN.fullmatch(text.text, start, end) and text.text[end : end + 1] in _BEHIND:
            yield text.edit(start, start, '"')
            yield text.edit(end, end, '"')


def _rel(text: Text, finding: Finding) -> Iterable[Edit]:
    for element in text.elements_at(finding.hit.place.line):
        if element.name not in _NEW_WINDOW or not simple(text, element):
            continue
        found = {each.name: each for each in attributes(text, element)}
        target, rel = found.get("target"), found.get("rel")
        if target is None or target.value.lower() != "_blank" or not target.quote:
            continue
        if rel is None:
            at = target.end + 1
            yield text.edit(at, at, f" rel={target.quote}noopener{target.quote}")
        elif rel.quote and "opener" not in rel.value and "noreferrer" not in rel.value:
            space = " " if rel.value and not rel.value.endswith(" ") else ""
            yield text.edit(rel.end, rel.end, f"{space}noopener")


def _https(text: Text, finding: Finding) -> Iterable[Edit]:
    for element in text.elements_at(finding.hit.place.line):
        for attribute in attributes(text, element):
            if attribute.name != _LOADED.get(element.name):
                continue
            value = attribute.value
            at = attribute.start + len(value) - len(value.lstrip())
            if text.text[at : at + 7].lower() == "http://":
                yield text.edit(at + 4, at + 4, "s", safe=False)


FIXES = (
    Fix("XSS408", "puts the attribute's value in quotes", _quoted),
    Fix("INFO481", 'adds rel="noopener"', _rel),
    Fix("TLS481", "loads it over https", _https),
)
