"""Whether a text after its edits is still what it was, but for what the edits meant to change."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ringfence.audit.collect.templates import lexer
from ringfence.audit.fixes._text import Text
from ringfence.audit.model import Edit

__all__ = ["flaw"]


def flaw(before: Text, after: str, edits: Sequence[Edit]) -> str:
    """Return what is wrong with ``after``, which ``edits`` made of ``before``; "" if nothing is.

    Outside of the lines of the edits, Python's statements are the same ones, as deep as they were;
    outside of the edits a template's tags are.
    """
    new = Text(before.path, after)
    old_spans, new_spans = _spans(before, edits)
    if not before.path.endswith((".py", ".pyw")):
        same = _tags(before, old_spans) == _tags(new, new_spans)
        return "" if same else "other tags of the template would change"
    if before.tree is None:
        return "it is no Python that can be parsed here"
    if new.tree is None:
        return "it would be no Python any more"
    same = _statements(before, old_spans) == _statements(new, new_spans)
    return "" if same else "other statements would change"


class _Span(NamedTuple):
    """Where one side of an edit stands, and what stands on the other side."""

    start: int
    end: int
    other: str


def _spans(before: Text, edits: Sequence[Edit]) -> tuple[list[_Span], list[_Span]]:
    old, new, grown = [], [], 0
    for edit in sorted(edits, key=lambda each: each.start):
        removed = before.text[edit.start : edit.end]
        old.append(_Span(edit.start, edit.end, edit.text))
        start = edit.start + grown
        new.append(_Span(start, start + len(edit.text), removed))
        grown += len(edit.text) - len(removed)
    return old, new


def _tags(text: Text, spans: Sequence[_Span]) -> list[tuple[str, str]]:
    return [
        (token.kind, token.text)
        for token in text.page.tokens
        if token.kind != lexer.TEXT
        and not any(start < token.end and token.start < end for start, end, _ in spans)
    ]


def _statements(text: Text, spans: Sequence[_Span]) -> Counter[tuple[int, str]]:
    assert text.tree is not None
    touched = {line for span in spans for line in _lines(text, span)}
    return Counter(
        (depth, ast.dump(statement))
        for depth, statement in _leaves(text.tree)
        if touched.isdisjoint(range(statement.lineno, (statement.end_lineno or 0) + 1))
    )


def _lines(text: Text, span: _Span) -> range:
    """Return the lines that a side of an edit has a part in."""
    first = text.line_of(span.start)
    if span.start == span.end and span.other.endswith("\n") and text.start_of(first) == span.start:
        return range(0)  # whole lines came or went here
    return range(first, text.line_of(max(span.start, span.end - 1)) + 1)


def _leaves(tree: ast.Module) -> Iterator[tuple[int, ast.stmt]]:
    """Yield the statements that hold no others, with how deep they stand."""
    waiting: list[tuple[int, ast.AST]] = [(0, tree)]
    while waiting:
        depth, node = waiting.pop()
        inside = [
            each
            for each in ast.iter_child_nodes(node)
            if isinstance(each, (ast.stmt, ast.ExceptHandler, ast.match_case))
        ]
        if isinstance(node, ast.stmt) and not inside:
            yield depth, node
        waiting += [(depth + 1, each) for each in inside]
