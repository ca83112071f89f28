"""Execute the statements of a settings module as far as they can be known."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any, Final

from ringfence.audit.collect.settings import imports
from ringfence.audit.collect.settings.calls import bind_arguments
from ringfence.audit.collect.settings.expressions import evaluate, truth
from ringfence.audit.collect.settings.loops import bind
from ringfence.audit.collect.settings.storing import augment, store
from ringfence.audit.collect.settings.values import Located, Ref, merged, plain
from ringfence.audit.collect.settings.world import ClassValue, Frame, Function, UnsetError
from ringfence.audit.model import UNKNOWN

__all__ = ["run"]

#: How a block ended: by itself, or by one of these.
RAISE: Final = "raise"
RETURN: Final = "return"
LOOP: Final = "loop"

_MAX_ROUNDS: Final = 200


def run(body: list[ast.stmt], frame: Frame) -> str:
    """Execute statements; return how they ended, "" for at the end."""
    for statement in body:
        frame.world.step()
        handler = _HANDLERS.get(type(statement))
        if handler is None:
            continue
        ended = handler(statement, frame)
        if ended:
            return str(ended)
    return ""


def _assign(node: ast.Assign, frame: Frame) -> None:
    since = len(frame.world.read)
    value = evaluate(node.value, frame)
    for target in node.targets:
        store(target, value, frame, node)
    _place_at_variable(node.targets, frame, since)


def _annotated(node: ast.AnnAssign, frame: Frame) -> None:
    if node.value is not None:
        since = len(frame.world.read)
        store(node.target, evaluate(node.value, frame), frame, node)
        _place_at_variable([node.target], frame, since)


def _place_at_variable(targets: list[ast.expr], frame: Frame, since: int) -> None:
    """Say that names stand where the variable is set that made, or decided, their value."""
    read = frame.world.read[since:] or frame.world.deciding
    for target in targets if read else ():
        if isinstance(target, ast.Name):
            frame.places[target.id] = read[-1]


def _expression(node: ast.Expr, frame: Frame) -> str:
    call = node.value
    if not isinstance(call, ast.Call):
        return ""
    function = evaluate(call.func, frame)
    if isinstance(function, Ref) and function.bound is UNKNOWN:
        if function.name in ("sys.exit", "builtins.exit", "os._exit"):
            return RAISE
        if function.name == "django.conf.settings.configure":
            _configure(call, frame)
            return ""
        if function.name == "split_settings.tools.include":
            for argument in call.args:
                imports.include(evaluate(argument, frame), frame, run)
            return ""
    before = _list_of(call.func, frame)
    size = len(before) if before is not None else 0
    evaluate(call, frame)
    if before is not None and len(before) < size and isinstance(call.func, ast.Attribute):
        # What is not in it any more is missing since here.
        holder = call.func.value
        if isinstance(holder, ast.Name) and holder.id in frame.places:
            frame.places[holder.id] = frame.parsed.place(node, holder.id)
    # What was put into a list by a method is placed where the method is called.
    if before is not None and len(before) > size:
        before[:] = [
            Located(item, frame.path, node.lineno)
            if type(item) is str or (isinstance(item, Located) and not item.path)
            else item
            for item in before
        ]
    return ""


def _configure(call: ast.Call, frame: Frame) -> None:
    """Take the settings of a site of one file, which are arguments."""
    for keyword in call.keywords:
        value = evaluate(keyword.value, frame)
        given = {keyword.arg: value} if keyword.arg else value
        for name, each in given.items() if isinstance(given, dict) else ():
            if isinstance(name, str):
                frame.names[plain(name)] = each
                frame.places[plain(name)] = frame.parsed.place(keyword, plain(name))


def _list_of(function: ast.expr, frame: Frame) -> list[Any] | None:
    if isinstance(function, ast.Attribute):
        holder = evaluate(function.value, frame)
        return holder if isinstance(holder, list) else None
    return None


def _if(node: ast.If, frame: Frame) -> str:
    world = frame.world
    since = len(world.read)
    holds = truth(node.test, frame)
    if holds is None:
        return branches(frame, node.body, node.orelse)
    decided = world.read[since:][-1:]
    world.deciding.extend(decided)
    try:
        ended = run(node.body if holds else node.orelse, frame)
    finally:
        del world.deciding[len(world.deciding) - len(decided) :]
    if ended == RAISE and frame.world.unset and frame.outer is None:
        # The site refuses to start with these defaults: they are not what is in use.
        for name in {each.id for each in ast.walk(node.test) if isinstance(each, ast.Name)}:
            if name in frame.places:
                frame.names[name] = UNKNOWN
        return ""
    return ended


def _mentioned(body: list[ast.stmt]) -> frozenset[str] | None:
    """Return the names that statements could change the values of; None for any."""
    names: set[str] = set()
    for statement in body:
        for node in ast.walk(statement):
            if isinstance(node, ast.Name):
                names.add(node.id)
            elif isinstance(node, (ast.ImportFrom, ast.Global)):
                return None
    return None if names & {"globals", "locals", "vars", "include"} else frozenset(names)


def branches(frame: Frame, first: list[ast.stmt], second: list[ast.stmt]) -> str:
    """Execute two alternatives, and keep what is so after either; one that raises is none."""
    mentioned = _mentioned([*first, *second])
    one, other = frame.fork(mentioned), frame.fork(mentioned)
    ended, other_ended = run(first, one), run(second, other)
    if RAISE in (ended, other_ended):
        if ended == other_ended:
            return RAISE
        frame.become(other if ended == RAISE else one)
        return other_ended if ended == RAISE else ended
    _join(frame, one, other)
    if RETURN in (ended, other_ended):
        same = ended == other_ended
        frame.returned = merged(one.returned, other.returned) if same else UNKNOWN
        return RETURN
    return ended if ended == other_ended else ""


def _join(frame: Frame, one: Frame, other: Frame) -> None:
    names: dict[str, Any] = {}
    uncertain = one.uncertain | other.uncertain
    for name in (*one.names, *(name for name in other.names if name not in one.names)):
        if one.names.get(name, one) is other.names.get(name, other):
            names[name] = one.names[name]
        elif name in one.names and name in other.names:
            names[name] = merged(one.names[name], other.names[name])
        else:
            names[name] = one.names[name] if name in one.names else other.names[name]
            uncertain.add(name)
    frame.places = {**other.places, **one.places, **frame.places}
    frame.names, frame.uncertain = names, uncertain


def _for(node: ast.For, frame: Frame) -> str:
    over = evaluate(node.iter, frame)
    if isinstance(over, (list, tuple, set, frozenset, dict)) and len(over) <= _MAX_ROUNDS:
        for item in list(over):
            bind(node.target, item, frame)
            ended = run(node.body, frame)
            if ended in (RAISE, RETURN):
                return ended
        return run(node.orelse, frame)
    bind(node.target, UNKNOWN, frame)
    return branches(frame, node.body, []).replace(LOOP, "")


def _while(node: ast.While, frame: Frame) -> str:
    return branches(frame, node.body, []).replace(LOOP, "")


def _with(node: ast.With | ast.AsyncWith, frame: Frame) -> str:
    for item in node.items:
        if item.optional_vars is not None:
            bind(item.optional_vars, UNKNOWN, frame)
    return run(node.body, frame)


def _match(node: ast.Match, frame: Frame) -> str:
    for case in node.cases:
        branches(frame, case.body, [])
    return ""


def _try(node: ast.Try, frame: Frame) -> str:
    if not node.handlers:
        return run([*node.body, *node.finalbody], frame)
    handler = node.handlers[0].body
    missing = imports.missing(node.body, frame)
    if missing == imports.ELSEWHERE:
        # Another package, which a server may have or not.
        ended = branches(frame, [*node.body, *node.orelse], handler)
    else:
        ended = _tried(node, frame, handler)
    return ended or run(node.finalbody, frame)


def _tried(node: ast.Try, frame: Frame, handler: list[ast.stmt]) -> str:
    frame.trying += 1
    try:
        ended = run(node.body, frame)
    except UnsetError:
        ended = RAISE
    finally:
        frame.trying -= 1
    if ended != RAISE:
        return ended or run(node.orelse, frame)
    fallback = frame.fork()
    ended = run(handler, fallback)
    if ended == RAISE:
        # Without what is missing here it does not start: on a server it is there.
        return RAISE if frame.outer is not None else ""
    frame.become(fallback)
    return ended


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef, frame: Frame) -> None:
    frame.names[node.name] = Function(node, frame, _run_function)


def _run_function(function: Function, arguments: list[Any], named: dict[str, Any]) -> Any:
    body = function.node.body
    outer = function.frame
    inner = Frame(outer.world, outer.parsed, outer=outer, trying=outer.trying)
    if not isinstance(body, list) or not bind_arguments(
        function.node.args, arguments, named, inner, evaluate
    ):
        return UNKNOWN
    ended = run(body, inner)
    if ended == RAISE:
        if inner.trying:
            raise UnsetError
        return UNKNOWN
    return inner.returned if ended == RETURN else None


def _class(node: ast.ClassDef, frame: Frame) -> None:
    inner = Frame(frame.world, frame.parsed, outer=frame)
    bases = tuple(evaluate(base, frame) for base in node.bases)
    run(node.body, inner)
    frame.names[node.name] = ClassValue(node.name, bases, inner)
    frame.places[node.name] = frame.parsed.place(node, node.name)


def _return(node: ast.Return, frame: Frame) -> str:
    frame.returned = None if node.value is None else evaluate(node.value, frame)
    return RETURN


def _import_from(node: ast.ImportFrom, frame: Frame) -> str:
    return "" if imports.import_from(node, frame, run) else RAISE


def _import(node: ast.Import, frame: Frame) -> None:
    imports.import_names(node, frame, run)


def _delete(node: ast.Delete, frame: Frame) -> None:
    for target in node.targets:
        if isinstance(target, ast.Name):
            frame.names.pop(target.id, None)
        elif isinstance(target, ast.Subscript):
            holder, key = evaluate(target.value, frame), evaluate(target.slice, frame)
            if isinstance(holder, dict) and isinstance(key, str):
                holder.pop(key, None)


_HANDLERS: Final[dict[type[ast.AST], Callable[[Any, Frame], str | None]]] = {
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: augment,
    ast.Expr: _expression,
    ast.If: _if,
    ast.For: _for,
    ast.While: _while,
    ast.With: _with,
    ast.Match: _match,
    ast.Try: _try,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.Return: _return,
    ast.Raise: lambda _node, _frame: RAISE,
    ast.Break: lambda _node, _frame: LOOP,
    ast.Continue: lambda _node, _frame: LOOP,
    ast.ImportFrom: _import_from,
    ast.Import: _import,
    ast.Delete: _delete,
}
