"""A string in a list of settings: taken out, renamed, put before another, or behind the fence.

Each function is given the string's node and returns edits; where the list is not written in a way
that is known to be safe to change, it says so.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from ringfence.audit.fixes._lists import added, removed
from ringfence.audit.fixes._text import Text
from ringfence.audit.model import Edit, Place
from ringfence.audit.moving.bench import HandError, parents

__all__ = ["Holder", "behind_first", "put_before", "renamed", "taken_out"]

_Display = ast.List | ast.Tuple | ast.Set
#: Methods that put a string into a list.
_PUTS = ("append", "insert")


class Holder:
    """What holds a string: its display or call, and the statement that this is a part of."""

    def __init__(self, text: Text, node: ast.expr) -> None:
        self.text = text
        self.node = node
        self.above = parents(text)
        self.parent = self.above.get(id(node))

    @property
    def place(self) -> Place:
        """Where the string stands."""
        line = self.text.lines[self.node.lineno - 1].strip()[:200]
        return Place(self.text.path, self.node.lineno, self.node.end_lineno or 0, text=line)

    @property
    def display(self) -> _Display | None:
        """The list, tuple or set that the string is an entry of."""
        return self.parent if isinstance(self.parent, _Display) else None

    @property
    def method(self) -> str:
        """The name of the method that the string is an argument of, "" if it is of none."""
        call = self.parent
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
            return call.func.attr
        return ""

    @property
    def statement(self) -> ast.stmt:
        """The innermost statement around the string."""
        node: ast.AST = self.node
        while not isinstance(node, ast.stmt):
            node = self.above[id(node)]
        return node

    @property
    def is_root(self) -> bool:
        """Whether the list begins with this display: nothing that was there before is in it."""
        statement = self.statement
        if self.display is None or not isinstance(statement, ast.Assign | ast.AnnAssign):
            return False
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        names = {each.id for each in targets if isinstance(each, ast.Name)}
        if not names or statement.value is None:
            return False
        return not any(
            (isinstance(each, ast.Name) and each.id in names)
            or (isinstance(each, ast.Attribute) and each.attr in names)
            for each in ast.walk(statement.value)
        )

    def fail(self, why: str) -> HandError:
        """Return the error that says why the string cannot be changed."""
        return HandError(self.place, why)


def renamed(text: Text, node: ast.Constant, name: str) -> list[Edit]:
    """Return the edit that writes another string in the same quotes."""
    start, end = text.span(node)
    return [text.edit(start + 1, end - 1, name, safe=False)]


def put_before(holder: Holder, name: str) -> list[Edit]:
    """Return the edit that puts a string before the one that is held."""
    display = holder.display
    if not isinstance(display, ast.List | ast.Tuple):
        raise holder.fail("what comes first here is no entry of a list that is written out")
    return added(holder.text, display, _index(display, holder.node), name, safe=False)


def taken_out(holder: Holder) -> list[Edit]:
    """Return the edits that take the string away, with the statement that only puts it there."""
    text, display = holder.text, holder.display
    if display is None:
        if holder.method in (*_PUTS, "remove") and _is_statement(holder):
            return _dropped(holder)
        raise holder.fail("it is put there by code that would have to be written anew")
    if len(display.elts) > 1:
        edits = _out_of(holder, display)
        if not edits:
            raise holder.fail("a comment beside it would get lost")
        return edits
    around = holder.above.get(id(display))
    if isinstance(around, ast.AugAssign):
        return _dropped(holder)
    if isinstance(around, ast.Call) and around.args == [display] and _is_statement(holder):
        return _dropped(holder)
    if isinstance(around, ast.BinOp) and isinstance(around.op, ast.Add):
        # Nothing is left to be added to the other one.
        other = around.right if around.left is display else around.left
        start, end = text.span(around)
        first, last = text.span(other)
        if "#" in text.text[start:first] + text.text[last:end]:
            raise holder.fail("a comment beside it would get lost")
        return [text.edit(start, first, "", safe=False), text.edit(last, end, "", safe=False)]
    edits = _out_of(holder, display)
    if not edits or isinstance(display, ast.Set):
        raise holder.fail("nothing would be left of what it stands in")
    return edits


def behind_first(text: Text, holder: Holder) -> list[Edit]:
    """Return the edits after which a statement puts its strings behind a list's first entry.

    ``X.insert(0, "a")`` becomes ``X.insert(1, "a")``; ``["a"] + X`` and ``["a", *X]`` put theirs
    between the first entry and the others.
    """
    call = holder.parent
    if holder.method == "insert" and _is_statement(holder) and isinstance(call, ast.Call):
        index = call.args[0]
        if isinstance(index, ast.Constant) and index.value == 0 and len(call.args) == 2:
            return [text.edit(*text.span(index), "1", safe=False)]
    display = holder.display
    if display is not None:
        around = holder.above.get(id(display))
        if isinstance(around, ast.BinOp) and around.left is display and _is_name(around.right):
            name = text.source(around.right)
            start, _ = text.span(around)
            _, end = text.span(around.right)
            return [
                text.edit(start, start, f"{name}[:1] + ", safe=False),
                text.edit(end, end, "[1:]", safe=False),
            ]
        stars = [each for each in display.elts if isinstance(each, ast.Starred)]
        if stars and _is_name(stars[0].value) and isinstance(display.elts[0], ast.Constant):
            name = text.source(stars[0].value)
            _, end = text.span(stars[0])
            start, _ = text.span(display.elts[0])
            return [
                text.edit(start, start, f"*{name}[:1], ", safe=False),
                text.edit(end, end, "[1:]", safe=False),
            ]
    raise holder.fail("it is put before ringfence's middleware, which has to come first")


def _is_name(node: ast.expr) -> bool:
    if isinstance(node, ast.Attribute):
        return _is_name(node.value)
    return isinstance(node, ast.Name)


def _index(display: _Display, node: ast.expr) -> int:
    return next(index for index, each in enumerate(display.elts) if each is node)


def _is_statement(holder: Holder) -> bool:
    """Whether the statement is nothing but the call of a list's method."""
    statement = holder.statement
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Call)
        and (statement.value is holder.parent or holder.display in statement.value.args)
    )


def _out_of(holder: Holder, display: _Display) -> list[Edit]:
    text, at = holder.text, _index(display, holder.node)
    edits = removed(text, display, at, safe=False)  # type: ignore[arg-type]  # a set has entries, too
    left = [each for each in display.elts if each is not holder.node]
    if isinstance(display, ast.Tuple) and len(left) == 1 and edits:
        # One entry in parentheses is a tuple by its comma only.
        _, end = text.span(left[0])
        _, last = text.span(display)
        rest = text.text[end:last]
        kept = _kept(rest, end, edits)
        if "," not in kept:
            edits = _with_comma(text, edits, end)
    return edits


def _kept(rest: str, at: int, edits: Sequence[Edit]) -> str:
    return "".join(
        char
        for offset, char in enumerate(rest, at)
        if not any(each.start <= offset < each.end for each in edits)
    )


def _with_comma(text: Text, edits: Sequence[Edit], end: int) -> list[Edit]:
    together = [each for each in edits if each.start != end]
    for each in edits:
        if each.start == end:
            return [*together, text.edit(end, each.end, ",", safe=False)]
    return [*edits, text.edit(end, end, ",", safe=False)]


def _dropped(holder: Holder) -> list[Edit]:
    """Return the edit that takes the whole statement away, with its lines."""
    text, statement = holder.text, holder.statement
    start, end = text.span(statement)
    first = text.start_of(statement.lineno)
    last = text.end_of(statement.end_lineno or statement.lineno)
    behind = text.text[end:last].strip()
    if text.text[first:start].strip() or not (not behind or behind.startswith("#")):
        raise holder.fail("more than one statement stands on its line")
    if any(block == [statement] for block in _blocks(text)):
        return [text.edit(start, end, "pass", safe=False)]
    return [text.edit(first, min(last + 1, len(text.text)), "", safe=False)]


def _blocks(text: Text) -> Iterator[list[ast.stmt]]:
    for node in text.nodes:
        if not isinstance(node, ast.Module):
            for name in ("body", "orelse", "finalbody"):
                block = getattr(node, name, None)
                if isinstance(block, list):
                    yield block
