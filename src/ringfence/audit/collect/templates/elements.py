"""The elements that stand in a template's own text, found at one go over all of it.

What the template's language writes there is blanked first, offset by offset (:func:`blanked`), so
that a quote in a tag of Django's does not end an attribute. Elements need no states: of a page's
tags only their attributes are wanted here; what a variable stands in, ``contexts`` tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from ringfence.audit.collect.templates.expressions import listed
from ringfence.audit.collect.templates.lexer import BLOCK, TEXT, VARIABLE, Token
from ringfence.patterns import later
from ringfence.records import record

__all__ = ["Element", "Span", "blanked", "elements"]

#: Stands for each character of something that renders text, and of something that does not.
_RENDERS = "\ue000"
_SILENT = "\ue001"

_CONTROL = listed(
    "if elif else endif for endfor empty block endblock with endwith load spaceless"
    " endspaceless autoescape endautoescape ifequal endifequal ifnotequal endifnotequal"
    " ifchanged endifchanged comment endcomment extends regroup filter endfilter blocktrans"
    " endblocktrans plural set blocktranslate endblocktranslate macro endmacro call endcall"
    " import from verbatim endverbatim raw endraw localize endlocalize localtime endlocaltime"
    " cache endcache language endlanguage do endset pluralize trim"
)

_START = later(r"<(?:!--|[A-Za-z]|/form(?![\w-]))", re.IGNORECASE)
_NAME = later(r"<([A-Za-z][\w:-]*+)")
_TAG = later(r"""(?:[^"'<>]++|"[^"]{0,20000}+"|'[^']{0,20000}+'){0,2000}+>""")
_LONGEST_TAG = 40_000
_ATTRIBUTE = later(
    r"""([^\s"'<>/=\ue000\ue001][^\s"'<>/=]*+)"""
    r"""(?:\s*+=[\s\ue001]*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++)))?+"""
)
_RAW = frozenset(("script", "style", "textarea", "title", "xmp", "iframe", "noscript"))
#: Elements that are always told of; others are where they have what :data:`_TELLING` finds.
_WANTED = listed(
    "script style link a area iframe frame form input button textarea select base object"
    " embed meta img"
)
_TELLING = later(
    r"(?:^|\s)on[a-z]+\s*+=|\sstyle\s*+=|javascript:|srcdoc|(?:v|x|ng-bind)-html", re.IGNORECASE
)
_SKIPPED_INSIDE = frozenset(("script", "style", "textarea", "title", "xmp"))
_MOST_UNCLOSED = 1_000
_LONGEST_CONTENT = 100_000


class Span(NamedTuple):
    """An attribute's value in the text, and what it is."""

    start: int
    end: int
    element: str
    attribute: str


@record
class Element:
    """A start tag: offsets of it, of its content (``script`` and ``style``), its attributes.

    ``form_end`` says that it is the end tag of a form.
    """

    name: str
    start: int
    end: int
    attributes: Mapping[str, str]
    content: tuple[int, int] = (0, 0)
    form_end: bool = False


def blanked(text: str, tokens: Iterable[Token]) -> str:
    """Return ``text`` with all that is the template language's blanked, at the same offsets.

    >>> blanked("<a href='{{ x }}'{% if y %}>", []) == "<a href='{{ x }}'{% if y %}>"
    True
    """
    parts = []
    for token in tokens:
        if token.kind == TEXT:
            parts.append(token.text)
        elif token.kind == VARIABLE or (token.kind == BLOCK and token.name not in _CONTROL):
            parts.append(_RENDERS * (token.end - token.start))
        else:
            parts.append(_SILENT * (token.end - token.start))
    return "".join(parts) if parts else text


def elements(text: str, blank: str, spans: list[Span]) -> Iterator[Element]:
    """Yield the elements that matter; add the attributes that variables stand in to ``spans``.

    ``blank`` is what :func:`blanked` made of ``text``.
    """
    at = unclosed = 0
    last_comment = blank.rfind("-->")
    while match := _START.search(blank, at):
        start = match.start()
        if match[0] == "<!--":
            # One that is not closed may hold what matters, if a tag of Django's closes it.
            at = start + 4 if start >= last_comment else blank.find("-->", start + 4) + 3
            continue
        if match[0][1] == "/":
            at = match.end()
            yield Element("form", start, at, {}, form_end=True)
            continue
        named = _NAME.match(blank, start)
        assert named is not None
        name = named[1].lower()
        tag = _TAG.match(blank, named.end(), start + _LONGEST_TAG)
        if tag is None:
            at = named.end()
            unclosed += 1
            if unclosed > _MOST_UNCLOSED:
                return
            continue
        at = tag.end()
        begin, end = named.end(), at - 1
        inside = blank[begin:end]
        has_variable = _RENDERS in inside
        wanted = name in _WANTED or _TELLING.search(inside) is not None
        attributes: dict[str, str] = {}
        if wanted or has_variable:
            attributes = _attributes(text, inside, begin, name, spans)
        content = (0, 0)
        if name in _SKIPPED_INSIDE:
            stop = _end_of(blank, name, at)
            content, at = (at, stop), stop
        if wanted:
            yield Element(name, start, tag.end(), attributes, content)


def _end_of(blank: str, name: str, at: int) -> int:
    match = _ENDS[name].search(blank, at)
    return len(blank) if match is None else match.start()


_ENDS = {name: later(rf"</{name}(?![\w-])", re.IGNORECASE) for name in _SKIPPED_INSIDE}


def _attributes(
    text: str, inside: str, begin: int, element: str, spans: list[Span]
) -> dict[str, str]:
    found: dict[str, str] = {}
    for match in _ATTRIBUTE.finditer(inside):
        name = match[1].lower()
        group = match.lastindex or 1
        if group == 1:
            found.setdefault(name, "")
            continue
        start, end = match.span(group)
        value = match[group]
        if _RENDERS in value or _SILENT in value:
            if _RENDERS in value:
                spans.append(Span(begin + start, begin + end, element, name))
            value = _as_written(text, value, begin + start)
        found.setdefault(name, value)
    return found


def _as_written(text: str, value: str, start: int) -> str:
    """Return the value with its variables, without what only decides (``{% if %}``)."""
    if _SILENT not in value:
        return text[start : start + len(value)]
    return "".join(
        text[start + index] if char == _RENDERS else char
        for index, char in enumerate(value)
        if char != _SILENT
    )
