"""What is done with a string of a settings file when it is its turn.

The line is still the same one by then, and what stands behind it is not: each function finds its
place again in the text as it is, and returns the edits.
"""

from __future__ import annotations

import ast

from ringfence.audit.fixes._text import Text
from ringfence.audit.model import Edit, Place
from ringfence.audit.moving.bench import HandError
from ringfence.audit.moving.lists import Holder, behind_first, put_before, renamed, taken_out

__all__ = ["put", "rename", "shift", "stand_in", "take", "write_engine", "write_frames"]


def _again(text: Text, value: str, at: tuple[int, int]) -> Holder:
    for node in text.nodes:
        if not isinstance(node, ast.Constant) or node.value != value:
            continue
        if (node.lineno, node.col_offset) == at:
            return Holder(text, node)
    raise HandError(Place(text.path, at[0]), "it was changed together with something else")


def take(text: Text, at: tuple[int, int], *, value: str) -> list[Edit]:
    """Take a string away."""
    return taken_out(_again(text, value, at))


def rename(text: Text, at: tuple[int, int], *, value: str, name: str) -> list[Edit]:
    """Write another string in its place."""
    node = _again(text, value, at).node
    assert isinstance(node, ast.Constant)
    return renamed(text, node, name)


def stand_in(text: Text, at: tuple[int, int], *, value: str, name: str) -> list[Edit]:
    """Write another entry in its place; a comment behind it was about the one that goes."""
    edits = rename(text, at, value=value, name=name)
    _, end = text.span(_again(text, value, at).node)
    last = text.end_of(text.line_of(end))
    rest = text.text[end:last]
    kept = rest[: len(rest) - len(rest.lstrip(", \t"))].rstrip()
    if rest.lstrip(", \t").startswith("#"):
        edits.append(text.edit(end + len(kept), last, "", safe=False))
    return edits


def write_engine(
    text: Text, at: tuple[int, int], *, value: str, new: str, alias: str
) -> list[Edit]:
    """Write another backend, and the name that the engine had by the old one."""
    holder = _again(text, value, at)
    display = holder.parent
    if not alias:
        return rename(text, at, value=value, name=new)
    if not isinstance(display, ast.Dict):
        raise holder.fail(
            f'without "NAME": "{alias}" beside it the engine would be called by another name'
        )
    start, end = text.span(holder.node)
    index = display.values.index(holder.node)
    key = display.keys[index]
    before = text.text[text.start_of(holder.node.lineno) : text.span(key or holder.node)[0]]
    gap = " " if before.strip() else f"\n{before}"
    quote = text.text[start]
    name = f",{gap}{quote}NAME{quote}: {quote}{alias}{quote}"
    return [text.edit(start, end, f"{quote}{new}{quote}{name}", safe=False)]


def put(text: Text, at: tuple[int, int], *, value: str, name: str) -> list[Edit]:
    """Put another string before it."""
    return put_before(_again(text, value, at), name)


def shift(text: Text, at: tuple[int, int], *, value: str) -> list[Edit]:
    """Let a statement put its strings behind the first one."""
    for statement in text.nodes:
        if isinstance(statement, ast.stmt) and (statement.lineno, statement.col_offset) == at:
            for node in ast.walk(statement):
                if isinstance(node, ast.Constant) and node.value == value:
                    return behind_first(text, Holder(text, node))
    raise HandError(Place(text.path, at[0]), "it was changed together with something else")


def write_frames(
    text: Text, _at: tuple[int, int], *, indent: int, line: int, quote: str
) -> list[Edit]:
    """Write ``X_FRAME_OPTIONS`` below a line."""
    margin = " " * indent
    new = (
        f"{margin}# Django's default: ringfence's would let the site frame its own pages.\n"
        f"{margin}X_FRAME_OPTIONS = {quote}DENY{quote}\n"
    )
    if line < len(text.lines):
        start = text.start_of(line + 1)
        return [text.edit(start, start, new, safe=False)]
    end = len(text.text)
    return [text.edit(end, end, f"\n{new}", safe=False)]
