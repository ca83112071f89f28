"""A template's text to facts."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from functools import partial
from operator import itemgetter
from typing import Final

from ringfence.audit.collect import scripts
from ringfence.audit.collect.lines import Lines
from ringfence.audit.collect.templates import paths
from ringfence.audit.collect.templates.elements import Element, Span, blanked, elements
from ringfence.audit.collect.templates.foreign import reason_to_skip
from ringfence.audit.collect.templates.lexer import COMMENT, Token, tokens
from ringfence.audit.collect.templates.walk import Walk
from ringfence.audit.collect.tree import is_test as is_path_of_test
from ringfence.audit.model import Flow, Form, Markup, Place, Skipped, TemplateFacts
from ringfence.records import record

__all__ = ["LARGEST", "Standing", "read_template"]

#: A longer template is not read.
LARGEST: Final = 5_000_000

_ACCEPT = re.compile(r"ringfence:\s*+accept\s++([A-Z]+\d+)\b[\s:—-]*+(.*+)", re.DOTALL)
_TAG = re.compile(r"<[A-Za-z!/]")
_TEXT_MAIL = re.compile(r"mail|subject|notification|message|sms|text|notice", re.IGNORECASE)
_LONGEST_CONTENT = 100_000
_LONGEST_SCRIPT = 400_000
#: Types of elements that hold data, or a text that a library takes.
_NO_SCRIPTS = ("json", "template", "html", "plain", "importmap", "speculationrules", "glsl")
#: A browser takes one form within another for none; branches of the template may each begin one.
_MOST_OPEN_FORMS = 16
_FIELDS = frozenset(("input", "button", "textarea", "select"))
_OFFSET = itemgetter(0)
_NOT_MARKUP = _FIELDS | {"form"}


@record
class Standing:
    """Where a template stands in others: texts that lead there, for it and for its blocks."""

    opens: str = ""
    blocks: Mapping[str, str] = field(default_factory=dict)


def read_template(
    path: str, text: str, *, standing: Standing | None = None, is_test: bool | None = None
) -> TemplateFacts | Skipped:
    """Return what is known of the template at ``path``, or why it was not read.

    >>> facts = read_template("shop/templates/shop/a.html", "<p>{{ name|safe }}</p>")
    >>> facts.names, [(each.expression, each.escaped) for each in facts.variables]
    (('shop/a.html',), [('name', False)])
    """
    if len(text) > LARGEST:
        return Skipped(path, f"longer than {LARGEST:,} characters")
    reason = reason_to_skip(path, text)
    if reason:
        return Skipped(path, reason)
    try:
        return _read(path, text, standing or Standing(), is_test=is_test)
    except RecursionError:
        return Skipped(path, "nested too deeply")


def _read(path: str, text: str, standing: Standing, *, is_test: bool | None) -> TemplateFacts:
    engine = paths.engine_of(path, text)
    lines = Lines(path, text)
    found = list(tokens(text, jinja=engine == "jinja2"))
    blank = blanked(text, found)
    spans: list[Span] = []
    tags = list(elements(text, blank, spans))
    walk = Walk(
        path if _TAG.search(blank) or not _TEXT_MAIL.search(path) else path + ".txt",
        jinja=engine == "jinja2",
        place=lines.place,
        spans=spans,
        opens=standing.opens,
        blocks=standing.blocks,
    )
    walk.go(found)
    own = path.lower().endswith((".js", ".mjs"))
    return TemplateFacts(
        path=path,
        engine=engine,
        names=paths.names_of(path),
        variables=tuple(walk.variables),
        forms=tuple(_forms(tags, walk, lines)) if not walk.plain else (),
        markup=tuple(_markup(tags, text, lines)) if not walk.plain else (),
        extends=tuple(walk.extends),
        includes=tuple(dict.fromkeys(name for _, name in walk.includes if name[0] not in "?%")),
        lines=len(lines.starts) - text.endswith("\n"),
        is_test=is_path_of_test(tuple(path.split("/"))) if is_test is None else is_test,
        accepted=_accepted(found, lines),
        blocks=walk.blocks,
        opens=walk.opens,
        tokens=frozenset(
            [scope for _, scope in walk.tokens]
            + ["?" for _, name in walk.includes if name[0] in "?%"][:1]
        ),
        flows=tuple(
            _flows([(0, len(text))] if own else _scripts(tags), text, blank, lines, engine)
        ),
    )


def _scripts(tags: Sequence[Element]) -> list[tuple[int, int]]:
    """Return where scripts stand that are run."""
    return [
        tag.content
        for tag in tags
        if tag.name == "script"
        and "src" not in tag.attributes
        and not any(word in tag.attributes.get("type", "").lower() for word in _NO_SCRIPTS)
    ]


def _flows(
    places: Sequence[tuple[int, int]], text: str, blank: str, lines: Lines, engine: str
) -> Iterator[Flow]:
    for start, end in places:
        if end - start <= _LONGEST_SCRIPT:
            yield from scripts.flows(
                blank[start:end],
                partial(_placed, lines, start),
                original=text[start:end],
                jinja=engine == "jinja2",
            )


def _placed(lines: Lines, start: int, offset: int) -> Place:
    return lines.place(start + offset)


def _markup(tags: Sequence[Element], text: str, lines: Lines) -> list[Markup]:
    return [
        Markup(
            tag.name,
            tag.attributes,
            lines.place(tag.start),
            text[tag.content[0] : min(tag.content[1], tag.content[0] + _LONGEST_CONTENT)],
        )
        for tag in tags
        if (not tag.form_end and tag.name not in _NOT_MARKUP)
        or any(name.startswith("on") or name == "style" for name in tag.attributes)
    ]


def _forms(tags: Sequence[Element], walk: Walk, lines: Lines) -> list[Form]:
    found: list[Form] = []
    open_forms: list[Element] = []
    fields: list[tuple[int, str]] = []

    def close(end: int) -> None:
        found.extend(_form(tag, end, fields, walk, lines) for tag in open_forms)
        open_forms.clear()

    for tag in tags:
        if tag.form_end:
            close(tag.end)
        elif tag.name == "form":
            if len(open_forms) < _MOST_OPEN_FORMS:
                open_forms.append(tag)
        elif tag.name in _FIELDS:
            kind = tag.attributes.get("type", "").lower() or tag.name
            fields.append((tag.start, kind))
    close(len(lines.text))
    return sorted(found, key=lambda form: form.place.line)


def _form(
    tag: Element, end: int, fields: Sequence[tuple[int, str]], walk: Walk, lines: Lines
) -> Form:
    def inside(pairs: Sequence[tuple[int, str]]) -> tuple[str, ...]:
        """Return the names between here and the form's end, of ``pairs`` by their offset."""
        first = bisect_right(pairs, tag.start, key=_OFFSET)
        last = bisect_left(pairs, end, key=_OFFSET)
        return tuple(dict.fromkeys(name for _, name in pairs[first:last]))

    before = bisect_left(walk.block_offsets, tag.start, key=_OFFSET)
    scope = walk.block_offsets[before - 1][1] if before else ""
    attributes = tag.attributes
    return Form(
        method=attributes.get("method", "get").strip().lower() or "get",
        action=attributes.get("action", ""),
        has_token=bisect_right(walk.tokens, tag.start, key=_OFFSET)
        < bisect_left(walk.tokens, end, key=_OFFSET),
        includes=inside(walk.includes),
        place=lines.place(tag.start, scope, end),
        fields=inside(fields),
        blocks=inside(walk.block_offsets),
        attributes=attributes,
    )


def _accepted(found: Sequence[Token], lines: Lines) -> Mapping[int, tuple[tuple[str, str], ...]]:
    accepted: dict[int, list[tuple[str, str]]] = {}
    for token in found:
        if token.kind == COMMENT and "ringfence" in token.text:
            match = _ACCEPT.search(token.text)
            if match is not None:
                line = lines.place(token.start).line
                row = (match[1], " ".join(match[2].split()))
                accepted.setdefault(line, []).append(row)
    return {line: tuple(rows) for line, rows in accepted.items()}
