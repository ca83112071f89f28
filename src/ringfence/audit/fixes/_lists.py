"""Displays of Python, a list's entries and a dictionary's: changed with their layout kept."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from ringfence.audit.fixes._text import Text
from ringfence.audit.model import Edit

__all__ = ["List", "added", "entries", "index_of", "item_removed", "moved", "removed"]

List = ast.List | ast.Tuple


def entries(node: ast.expr | None) -> list[str]:
    """Return a display's strings; "" for each entry that is none."""
    if not isinstance(node, List):
        return []
    return [
        each.value if isinstance(each, ast.Constant) and isinstance(each.value, str) else ""
        for each in node.elts
    ]


def index_of(node: ast.expr | None, *names: str) -> int:
    """Return where the first of the strings stands in a display, -1 if none does."""
    found = [index for index, each in enumerate(entries(node)) if each in names]
    return found[0] if found else -1


def _quoted(text: Text, node: List, value: str) -> str:
    """Return ``value`` as a literal, in the quotes that the display's entries have."""
    for each in node.elts:
        source = text.source(each)
        if source[:1] in ("'", '"'):
            return f"{source[0]}{value}{source[0]}"
    return f'"{value}"'


def added(text: Text, node: List, at: int, value: str, *, safe: bool) -> list[Edit]:
    """Return the edit that puts a string before the entry ``at``, or behind the last one."""
    literal = _quoted(text, node, value)
    if at < len(node.elts):
        start, _ = text.span(node.elts[at])
        return [text.edit(start, start, f"{literal},{_gap(text, node, at)}", safe=safe)]
    if not node.elts:
        start, end = text.span(node)
        if text.text[start : start + 1] not in "[(" or text.text[start + 1 : end - 1].strip():
            return []
        literal += "," if isinstance(node, ast.Tuple) else ""
        return [text.edit(start + 1, start + 1, literal, safe=safe)]
    end = text.span(node.elts[-1])[1]
    gap = _gap(text, node, len(node.elts) - 1)
    comma = _comma(text, end)
    if comma:
        new = f"{gap}{literal}," if "\n" in gap else f"{gap}{literal}"
        return [text.edit(comma, comma, new, safe=safe)]
    return [text.edit(end, end, f",{gap}{literal}", safe=safe)]


def removed(text: Text, node: List, at: int, *, safe: bool) -> list[Edit]:
    """Return the edit that takes an entry away, with its line and comment if it stands alone."""
    return _cut(text, [text.span(each) for each in node.elts], at, safe=safe)


def moved(text: Text, node: List, here: int, there: int, *, safe: bool) -> list[Edit]:
    """Return the edits that move an entry up: as a line with its comment, if it stands alone."""
    gone = removed(text, node, here, safe=safe)
    if not gone:
        return []
    line = text.text[gone[0].start : gone[0].end]
    at = text.start_of(text.line_of(text.span(node.elts[there])[0]))
    alone = not text.text[at : text.span(node.elts[there])[0]].strip()
    if line.endswith("\n") and gone[0].column == 1 and alone:
        return [*gone, text.edit(at, at, line, safe=safe)]
    return [*gone, *added(text, node, there, entries(node)[here], safe=safe)]


def item_removed(text: Text, node: ast.Dict, at: int, *, safe: bool) -> list[Edit]:
    """Return the edit that takes a dictionary's item away."""
    spans = []
    for key, value in zip(node.keys, node.values, strict=True):
        start, end = text.span(value)
        spans.append((text.span(key)[0] if key is not None else start, end))
    return _cut(text, spans, at, safe=safe)


def _cut(text: Text, spans: Sequence[tuple[int, int]], at: int, *, safe: bool) -> list[Edit]:
    start, end = spans[at]
    first, last = text.line_of(start), text.line_of(end)
    before = text.text[text.start_of(first) : start]
    comma = _comma(text, end)
    behind = text.text[comma or end : text.end_of(last)].strip()
    if not before.strip() and comma and (not behind or behind.startswith("#")):
        return [text.edit(text.start_of(first), text.end_of(last) + 1, "", safe=safe)]
    if at + 1 < len(spans):
        end = spans[at + 1][0]
    elif at:
        start = spans[at - 1][1]
    else:
        end = comma or end
    # A comment in between would go, too.
    return [] if "#" in text.text[start:end] else [text.edit(start, end, "", safe=safe)]


def _gap(text: Text, node: List, at: int) -> str:
    """Return what stands between an entry and the one before it: a blank, or a line's beginning."""
    line = text.line_of(text.span(node.elts[at])[0])
    before = text.text[text.start_of(line) : text.span(node.elts[at])[0]]
    return " " if before.strip() else f"\n{before}"


def _comma(text: Text, end: int) -> int:
    """Return the offset behind the comma that follows an entry, 0 if none does."""
    rest = text.text[end : end + 200]
    stripped = rest.lstrip(" \t")
    return end + len(rest) - len(stripped) + 1 if stripped.startswith(",") else 0
