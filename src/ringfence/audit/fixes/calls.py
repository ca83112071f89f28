"""Calls that have a safe namesake, or one argument too many or too few."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Final

from ringfence.audit.fixes import Fix
from ringfence.audit.fixes._calls import call_at, dotted
from ringfence.audit.fixes._text import Text
from ringfence.audit.model import Edit, Finding

__all__ = ["FIXES"]

_RANDOM: Final = ("choice", "choices", "randint", "random", "sample", "randrange")
_LOADS: Final = {
    "load": "safe_load",
    "unsafe_load": "safe_load",
    "load_all": "safe_load_all",
    "unsafe_load_all": "safe_load_all",
}
_SENDS: Final = (
    *("get", "post", "put", "patch", "delete", "head", "options", "request", "stream"),
    *("Client", "AsyncClient", "Session"),
)


def _random(text: Text, finding: Finding) -> Iterable[Edit]:
    call = call_at(text, finding, *_RANDOM)
    if call is not None and isinstance(call.func, ast.Attribute):
        module = call.func.value
        # The class has the functions of the module, fed by the system.
        if isinstance(module, ast.Name) and module.id == "random" and _imports(text, "random"):
            _, end = text.span(module)
            yield text.edit(end, end, ".SystemRandom()")


def _yaml(text: Text, finding: Finding) -> Iterable[Edit]:
    call = call_at(text, finding, *_LOADS)
    if call is None or not isinstance(call.func, ast.Attribute):
        return
    name, rest = call.func.attr, [*call.args[1:], *(each.value for each in call.keywords)]
    if dotted(call.func) != f"yaml.{name}" or len(call.args) != 1 or len(rest) > 1:
        return
    if rest and not (call.keywords and call.keywords[0].arg == "Loader"):
        return
    _, end = text.span(call.func)
    yield text.edit(end - len(name), end, _LOADS[name], safe=False)
    if rest:
        _, first = text.span(call.args[0])
        _, last = text.span(rest[0])
        if "#" not in text.text[first:last]:
            yield text.edit(first, last, "", safe=False)


def _verify(text: Text, finding: Finding) -> Iterable[Edit]:
    call = call_at(text, finding, *_SENDS)
    if call is None:
        return
    for keyword in call.keywords:
        value = keyword.value
        if keyword.arg == "verify" and isinstance(value, ast.Constant) and value.value is False:
            yield text.edit(*text.span(value), "True", safe=False)


def _filter(text: Text, finding: Finding) -> Iterable[Edit]:
    call = call_at(text, finding, "extractall")
    if call is None or not call.args or call.keywords or isinstance(call.args[-1], ast.Starred):
        return
    _, end = text.span(call.args[-1])
    yield text.edit(end, end, ', filter="data"', safe=False)


def _debugger(text: Text, finding: Finding) -> Iterable[Edit]:
    call = call_at(text, finding, "breakpoint", "set_trace")
    for node in text.nodes if call is not None else ():
        if isinstance(node, ast.Expr) and node.value is call and node.lineno == node.end_lineno:
            line = text.lines[node.lineno - 1]
            alone = line.strip() == text.source(node)
            start, end = text.span(node)
            # A block that holds nothing else needs something in it.
            if alone and _has_company(text, node) and text.end_of(node.lineno) < len(text.text):
                first = text.start_of(node.lineno)
                yield text.edit(first, text.end_of(node.lineno) + 1, "", safe=False)
            else:
                yield text.edit(start, end, "pass", safe=False)


def _has_company(text: Text, statement: ast.stmt) -> bool:
    for node in text.nodes:
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list) and statement in block:
                return len(block) > 1
    return False


def _imports(text: Text, name: str) -> bool:
    return any(
        isinstance(node, ast.alias) and node.name == name and node.asname is None
        for node in text.nodes
    )


FIXES = (
    Fix("AUTH472", "asks `random.SystemRandom()` in the place of `random`", _random),
    Fix("EXEC404", "calls `yaml.safe_load`", _yaml),
    Fix("INFO471", "takes the line out", _debugger),
    Fix("PATH402", 'adds `filter="data"`', _filter),
    Fix("TLS471", "writes `verify=True`", _verify),
)
