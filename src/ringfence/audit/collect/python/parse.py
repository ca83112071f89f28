"""Source text -> syntax tree, also where the running Python refuses the syntax.

``ast`` reads what it can: it is written in C, and what Python itself believes. Where it refuses
(Python 2, syntax newer than the running Python, a broken file), well-known forms are first written
the way that ``ast`` knows, line by line. For what is then left, parso says which statements are
wrong: it is the parser that jedi keeps up with every grammar, needs nothing else, and goes on after
an error. These statements are taken out and the rest is read. Lines keep their numbers all along.
"""

from __future__ import annotations

import ast
import re
import warnings
from importlib import import_module
from typing import Any, Final

from ringfence.patterns import later

__all__ = ["Unreadable", "parse"]

_INDENT: Final = r"^([ \t]{0,80})"
#: Forms of other Pythons, by line, and how ``ast`` of any Python reads them.
_FORMS: Final = tuple(
    (later(pattern, re.MULTILINE), replacement)
    for pattern, replacement in (
        # Python 3.14 (PEP 758) and Python 2: `except A, B:`.
        (_INDENT + r"except(\*?)[ \t]+([^\s():#,]+,[^():#\n]{1,200}):", r"\1except\2 (\3):"),
        # Python 2's print, exec and raise statements.
        (_INDENT + r"print[ \t]*>>[ \t]*([^,\n]{1,200}),?", r"\1\2,"),
        (_INDENT + r"print[ \t]+([^=(\s][^\n]{0,500}?)[ \t]*(\\?)$", r"\1(\2)\3"),
        (_INDENT + r"print$", r"\1pass"),
        (
            _INDENT + r"exec[ \t]+([^(\s=.][^\n]{0,300}?)[ \t]+in[ \t]+([^\n]{1,200})$",
            r"\1exec(\2, \3)",
        ),
        (_INDENT + r"exec[ \t]+([^(\s=.][^\n]{0,300})$", r"\1exec(\2)"),
        (_INDENT + r"raise[ \t]+([\w.]{1,100}),[ \t]*([^\n]{1,300})$", r"\1raise \2(\3)"),
        # Python 2's numbers, strings and operator.
        (r"(?<![\w.'\"])0([0-7]{2,6})(?![\w.'\"])", r"0o\1"),
        (r"(?<![\w.'\"])(0[xX][0-9a-fA-F]{1,30}|[0-9]{1,30})[lL](?![\w'\"])", r"\1"),
        (r"(?<![\w'\"])[uU][rR](['\"])", r"r\1"),
        (r"(?<=[\w)\] ])<>(?=[\w( '\"])", "!="),
        # Python 3.14's template strings (PEP 750).
        (r"(?<![\w'\"])(?:[tT])(['\"])", r"f\1"),
    )
)
#: How often a file is read again without the statements that are wrong.
_ATTEMPTS: Final = 8
#: parso reads a hundred thousand characters a second: what is longer is not worth the wait.
_LONGEST_TEXT: Final = 400_000
_LONGEST_LINE: Final = 5_000


#: Python's own parser joins the parts of an imported name one by one, and keeps what it has joined:
#: a name of a hundred thousand parts takes a minute and sixteen gigabytes.
_MOST_PARTS: Final = 2_000
_IMPORTED: Final = re.compile(
    rf"(?:^|[;:])[ \t\f]*(?:import|from)[ \t\f][\w. \t\f]{{{2 * _MOST_PARTS}}}", re.MULTILINE
)


class Unreadable(Exception):  # noqa: N818 - it says what the file is, and is no fault of ours
    """The text is no Python, or too deeply nested; its message says what and where."""


def parse(text: str) -> ast.Module:
    """Return the syntax tree of ``text``.

    :raises Unreadable: if not even a tolerant parser makes something of it.
    """
    if text.count(".") > _MOST_PARTS and _has_endless_name(text):
        raise Unreadable("imports a name of thousands of parts")
    try:
        return _ast(text)
    except SyntaxError as error:
        first = f"syntax error in line {error.lineno}: {error.msg}"
    except (RecursionError, MemoryError):
        raise Unreadable("nested too deeply") from None
    except ValueError as error:
        raise Unreadable(str(error)) from None
    if len(text) > _LONGEST_TEXT or max(map(len, text.split("\n"))) > _LONGEST_LINE:
        raise Unreadable(first)
    try:
        return _repaired(text)
    except (SyntaxError, ValueError):
        raise Unreadable(first) from None
    except (RecursionError, MemoryError):
        raise Unreadable("nested too deeply") from None


def _has_endless_name(text: str) -> bool:
    return _IMPORTED.search(text.replace("\\\n", "")) is not None


def _ast(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def _repaired(text: str) -> ast.Module:
    if "print " in text or "\t" in text:
        # Python 2 counts a tabulator to the next multiple of eight.
        text = "\n".join(_untabbed(line) for line in text.split("\n"))
    for pattern, replacement in _FORMS:
        text = pattern.sub(replacement, text)
    try:
        return _ast(text)
    except SyntaxError as error:
        last = error
    try:
        parso: Any = import_module("parso")
    except ModuleNotFoundError:
        raise last from None
    grammar = parso.load_grammar()
    for _ in range(_ATTEMPTS):
        bad = list(_wrong_lines(grammar, text, last))
        if not bad:
            break
        text = _without(text, bad)
        try:
            return _ast(text)
        except SyntaxError as error:
            last = error
    raise last


def _untabbed(line: str) -> str:
    body = line.lstrip(" \t")
    indent = line[: len(line) - len(body)]
    return indent.expandtabs(8) + body if "\t" in indent else line


def _wrong_lines(grammar: Any, text: str, error: SyntaxError) -> list[tuple[int, int]]:
    """Return the first and last lines of the statements that are wrong."""
    module = grammar.parse(text)
    wrong = [
        (node.start_pos[0], max(node.start_pos[0], _last_line(node)))
        for node in _error_nodes(module)
    ]
    if not wrong and error.lineno:
        leaf = module.get_leaf_for_position((error.lineno, max((error.offset or 1) - 1, 0)), True)  # noqa: FBT003 - parso's own signature
        statement = leaf
        while statement is not None and statement.type not in {
            *("simple_stmt", "funcdef", "classdef", "decorator", "error_node", "error_leaf")
        }:
            statement = statement.parent
        if statement is None or statement.type in {"funcdef", "classdef"}:
            wrong.append((error.lineno, error.lineno))
        else:
            wrong.append((statement.start_pos[0], max(error.lineno, _last_line(statement))))
    return wrong


def _last_line(node: Any) -> int:
    line, column = node.end_pos
    return int(line if column else line - 1)


def _error_nodes(module: Any) -> list[Any]:
    found: list[Any] = []
    waiting = [module]
    while waiting:
        node = waiting.pop()
        if node.type in {"error_node", "error_leaf"}:
            found.append(node)
        else:
            waiting.extend(getattr(node, "children", ()))
    return found


def _without(text: str, wrong: list[tuple[int, int]]) -> str:
    """Put ``pass`` in place of statements, ``if 1:`` in place of the head of a block."""
    lines = text.split("\n")
    for first, last in wrong:
        if first > len(lines):
            continue
        head = lines[first - 1]
        indent = head[: len(head) - len(head.lstrip())]
        block = lines[min(last, len(lines)) - 1].rstrip().endswith(":")
        lines[first - 1] = f"{indent}{'if 1:' if block else 'pass'}"
        for at in range(first, min(last, len(lines))):
            lines[at] = ""
    return "\n".join(lines)
