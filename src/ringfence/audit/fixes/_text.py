"""One file's text with its lines, its syntax tree and its elements, for who makes edits of it."""

from __future__ import annotations

import ast
import warnings
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final, NamedTuple

from ringfence.audit.collect.templates import lexer, paths
from ringfence.audit.collect.templates.elements import Element, Span, blanked, elements
from ringfence.audit.model import Edit

__all__ = ["Page", "Text"]

#: A text of Django's or of Jinja2's that is translated; without an end it is a tag alone.
_TRANSLATED: Final = frozenset({"blocktrans", "blocktranslate", "trans"})
_ENDS: Final = frozenset({"endblocktrans", "endblocktranslate", "endtrans"})


class Page(NamedTuple):
    """A template's tokens, its text with all of them blanked, and its elements.

    What stands in a text that is translated is left out: changed, it would be translated no more.
    ``spans`` are the values of attributes that variables stand in, of any element.
    """

    tokens: Sequence[lexer.Token]
    blank: str
    elements: Sequence[Element]
    spans: Sequence[Span]
    jinja: bool


class Text:
    """A file's text as the audit reads it: its lines end with a line feed."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.lines = text.split("\n")
        self._starts = [0]
        for line in self.lines[:-1]:
            self._starts.append(self._starts[-1] + len(line) + 1)

    def start_of(self, line: int) -> int:
        """Return the offset at which a line begins."""
        return self._starts[line - 1]

    def end_of(self, line: int) -> int:
        """Return the offset at which a line ends, before its line feed."""
        return self._starts[line - 1] + len(self.lines[line - 1])

    def line_of(self, offset: int) -> int:
        """Return the number of the line that an offset is on."""
        return bisect_right(self._starts, offset)

    def edit(self, start: int, end: int, text: str, *, safe: bool = True) -> Edit:
        """Return the edit that puts ``text`` in the place of what stands from start to end."""
        first, last = self.line_of(start), self.line_of(end)
        return Edit(
            self.path,
            start,
            end,
            text,
            first,
            start - self._starts[first - 1] + 1,
            last,
            end - self._starts[last - 1] + 1,
            safe,
        )

    # Python

    @cached_property
    def tree(self) -> ast.Module | None:
        """The module, None if this Python cannot parse it."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(self.text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None

    @cached_property
    def nodes(self) -> Sequence[ast.AST]:
        """All nodes of the module, in no order; none if it cannot be parsed."""
        return list(ast.walk(self.tree)) if self.tree is not None else []

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Return the offsets of a node."""
        return (
            self._at(node.lineno, node.col_offset),
            self._at(node.end_lineno or node.lineno, node.end_col_offset or 0),
        )

    def source(self, node: ast.expr | ast.stmt) -> str:
        """Return the text of a node."""
        start, end = self.span(node)
        return self.text[start:end]

    def _at(self, line: int, column: int) -> int:
        # Python counts a column in the bytes of UTF-8.
        text = self.lines[line - 1]
        if not text.isascii():
            column = len(text.encode()[:column].decode(errors="replace"))
        return self._starts[line - 1] + column

    def assigned(self, name: str) -> Iterator[tuple[ast.stmt, ast.expr]]:
        """Yield the statements that give ``name`` a value by ``=``, wherever, and the value."""
        for node in self.nodes:
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                target = node.targets[0]
            elif isinstance(node, ast.AnnAssign):
                target = node.target
            else:
                continue
            if isinstance(target, ast.Name) and target.id == name and node.value is not None:
                yield node, node.value

    # Templates

    @cached_property
    def page(self) -> Page:
        """The template's tokens and elements."""
        jinja = paths.engine_of(self.path, self.text) == "jinja2"
        tokens = list(lexer.tokens(self.text, jinja=jinja))
        blank = blanked(self.text, tokens)
        spans: list[Span] = []
        found = list(elements(self.text, blank, spans))
        apart = list(_translated(tokens))

        def own(start: int) -> bool:
            return not any(first <= start < last for first, last in apart)

        return Page(
            tokens,
            blank,
            [each for each in found if own(each.start)],
            [each for each in spans if own(each.start)],
            jinja,
        )

    def elements_at(self, line: int) -> list[Element]:
        """Return the elements whose start tag begins on a line."""
        return [each for each in self.page.elements if self.line_of(each.start) == line]


def _translated(tokens: Sequence[lexer.Token]) -> Iterator[tuple[int, int]]:
    """Yield where texts stand that are looked up in a catalogue."""
    start = -1
    for token in tokens:
        if token.name in _TRANSLATED:
            start = token.end
        elif token.name in _ENDS and start >= 0:
            yield start, token.start
            start = -1
