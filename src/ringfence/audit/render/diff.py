"""A unified diff of what is to be changed, for people: nothing in it commands, no secret is shown.

It is made of the changes themselves, so that a file of any length costs no more than they do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from ringfence.audit.drafts import Change, Draft
from ringfence.audit.render.plain import harmless, redacted

__all__ = ["render"]

#: Lines that are shown around what changes.
_AROUND: Final = 3
_GREEN, _RED, _CYAN, _BOLD, _OFF = "\x1b[32m", "\x1b[31m", "\x1b[36m", "\x1b[1m", "\x1b[0m"


class _Block(NamedTuple):
    """Lines of the old text, by index, end exclusive, and what they become."""

    first: int
    last: int
    new: Sequence[str]


def render(drafts: Sequence[Draft], *, colour: bool = False) -> str:
    """Return the diff of all drafts, each line safe to print."""
    lines = (line for draft in drafts for line in _file(draft))
    return "".join(f"{_painted(line) if colour else line}\n" for line in lines)


def _painted(line: str) -> str:
    style = {"+": _GREEN, "-": _RED, "@": _CYAN}.get(line[:1], "")
    style = _BOLD if line.startswith(("+++ ", "--- ")) else style
    return f"{style}{line}{_OFF}" if style else line


def _file(draft: Draft) -> Iterator[str]:
    path = harmless(draft.original.path)
    yield f"--- a/{path}"
    yield f"+++ b/{path}"
    text = draft.original.text
    old = text.split("\n")
    # What ends with a line feed has no further line.
    count = len(old) - text.endswith("\n")
    grown = 0
    for hunk in _hunks(_blocks(text, draft.changes)):
        first = max(0, hunk[0].first - _AROUND)
        last = min(count, hunk[-1].last + _AROUND)
        lines, gain = _lines(old, hunk, first, last)
        before, after = last - first, last - first + gain
        yield f"@@ -{_range(first, before)} +{_range(first + grown, after)} @@"
        yield from lines
        grown += gain


def _range(first: int, count: int) -> str:
    at = first + 1 if count else first
    return f"{at}" if count == 1 else f"{at},{count}"


def _lines(
    old: Sequence[str], hunk: Sequence[_Block], first: int, last: int
) -> tuple[list[str], int]:
    lines: list[str] = []
    gain, at = 0, first
    for block in hunk:
        lines += [" " + _shown(line) for line in old[at : block.first]]
        lines += ["-" + _shown(line) for line in old[block.first : block.last]]
        lines += ["+" + _shown(line) for line in block.new]
        gain += len(block.new) - (block.last - block.first)
        at = block.last
    return lines + [" " + _shown(line) for line in old[at:last]], gain


def _shown(line: str) -> str:
    return "\t".join(map(harmless, redacted(line).split("\t")))


def _blocks(text: str, changes: Sequence[Change]) -> Iterator[_Block]:
    """Yield the lines that change: those of changes on one line together."""
    groups: list[list[Change]] = []
    until = -1
    for change in changes:
        if change.start <= until:
            groups[-1].append(change)
        else:
            groups.append([change])
        until = _line_end(text, change.end)
    at = line = 0
    for group in groups:
        start = text.rfind("\n", 0, group[0].start) + 1
        end = _line_end(text, group[-1].end)
        line += text.count("\n", at, start)
        at = start
        old, new = text[start:end].split("\n"), _made(text, start, end, group).split("\n")
        yield _trimmed(line, old, new)


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _made(text: str, start: int, end: int, group: Sequence[Change]) -> str:
    parts, done = [], start
    for change in group:
        parts += [text[done : change.start], change.text]
        done = change.end
    return "".join(parts) + text[done:end]


def _trimmed(line: int, old: Sequence[str], new: Sequence[str]) -> _Block:
    same = 0
    while same < min(len(old), len(new)) and old[same] == new[same]:
        same += 1
    ends = 0
    while ends < min(len(old), len(new)) - same and old[-1 - ends] == new[-1 - ends]:
        ends += 1
    return _Block(line + same, line + len(old) - ends, new[same : len(new) - ends])


def _hunks(blocks: Iterator[_Block]) -> Iterator[list[_Block]]:
    hunk: list[_Block] = []
    for each in blocks:
        block = each
        if hunk and block.first - hunk[-1].last > 2 * _AROUND:
            yield hunk
            hunk = []
        if hunk and block.first == hunk[-1].last:
            before = hunk.pop()
            block = _Block(before.first, block.last, [*before.new, *block.new])
        hunk.append(block)
    if hunk:
        yield hunk
