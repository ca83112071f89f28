"""Calls of functions that are known: Python's own, os.path, pathlib, readers of the environment."""

from __future__ import annotations

import ast
import datetime
import posixpath
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any, Final

from ringfence.audit.collect.settings.environment import (
    READERS,
    Reader,
    assumed,
    cast,
    database,
    variable,
)
from ringfence.audit.collect.settings.methods import method
from ringfence.audit.collect.settings.values import Located, Ref, fits, plain
from ringfence.audit.collect.settings.world import MAX_CALLS, ClassValue, Frame, Function
from ringfence.audit.model import UNKNOWN

__all__ = ["BUILTINS", "Namespace", "bind_arguments", "call"]

BUILTINS: Final = frozenset(
    {
        *("str", "int", "float", "bool", "list", "tuple", "set", "frozenset", "dict", "sorted"),
        *("len", "min", "max", "any", "all", "sum", "abs", "reversed", "open", "globals", "locals"),
        *("vars", "exec", "print", "getattr", "setattr", "isinstance", "map", "filter", "zip"),
        *("range", "enumerate", "next", "iter", "type", "__import__", "eval", "input", "repr"),
    }
)
_SIMPLE: Final[dict[str, Callable[..., Any]]] = {
    name: getattr(__import__("builtins"), name)
    for name in (
        *("int", "float", "list", "tuple", "set", "frozenset", "dict", "sorted", "len"),
        *("min", "max", "any", "all", "sum", "abs", "isinstance"),
    )
}
#: Functions that return their argument, for what settings are about.
_SAME: Final = frozenset(
    {
        *("gettext_lazy", "gettext_noop", "gettext", "ugettext_lazy", "ugettext", "ugettext_noop"),
        *("pgettext_lazy", "mark_safe", "dedent", "deepcopy", "copy", "force_str", "cast"),
        *("OrderedDict", "fspath", "optional"),
    }
)
_PATHS: Final = frozenset({"pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath", "path.Path"})
_SAME_PATH: Final = frozenset({"abspath", "realpath", "normpath", "expanduser", "expandvars"})


def call(function: Any, arguments: list[Any], named: dict[str, Any], frame: Frame) -> Any:
    """Return what a call returns.

    :raises Exception: whatever a known function raises for odd arguments.
    """
    if isinstance(function, Function):
        return _own(function, arguments, named, frame)
    if isinstance(function, Reader):
        return function.read(frame, "", arguments, named)
    if not isinstance(function, Ref):
        return UNKNOWN
    if function.bound is UNKNOWN:
        return _by_name(function.name, arguments, named, frame)
    if isinstance(function.bound, Reader):
        return function.bound.read(frame, function.name, arguments, named)
    if isinstance(function.bound, Namespace):
        return _of_namespace(function.bound, function.name, arguments, named, frame)
    return method(function.bound, function.name, arguments, named)


def _own(function: Function, arguments: list[Any], named: dict[str, Any], frame: Frame) -> Any:
    """Call a function of the tree."""
    world = frame.world
    if world.calls >= MAX_CALLS:
        return UNKNOWN
    world.calls += 1
    try:
        function.frame.trying += frame.trying
        return function.run(function, arguments, named)
    finally:
        function.frame.trying -= frame.trying
        world.calls -= 1


def bind_arguments(
    of: ast.arguments,
    arguments: list[Any],
    named: dict[str, Any],
    frame: Frame,
    evaluate: Callable[[ast.expr, Frame], Any],
) -> bool:
    """Give a function's parameters their values; say whether the call fits them."""
    positional = [*of.posonlyargs, *of.args]
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(of.defaults))
    defaults.extend(of.defaults)
    rest = dict(named)
    if len(arguments) > len(positional) and of.vararg is None:
        return False
    pairs = [*zip(positional, defaults, strict=True)]
    for number, (parameter, default) in enumerate(pairs):
        if number < len(arguments):
            frame.names[parameter.arg] = arguments[number]
        elif parameter.arg in rest:
            frame.names[parameter.arg] = rest.pop(parameter.arg)
        else:
            frame.names[parameter.arg] = UNKNOWN if default is None else evaluate(default, frame)
    for parameter, keyword_default in zip(of.kwonlyargs, of.kw_defaults, strict=True):
        given = rest.pop(parameter.arg, UNKNOWN)
        if given is UNKNOWN and keyword_default is not None:
            given = evaluate(keyword_default, frame)
        frame.names[parameter.arg] = given
    if of.vararg is not None:
        frame.names[of.vararg.arg] = tuple(arguments[len(positional) :])
    if of.kwarg is not None:
        frame.names[of.kwarg.arg] = rest
    return of.kwarg is not None or not rest


class Namespace(dict[str, Any]):
    """``globals()``: the names of a frame."""

    def __init__(self, frame: Frame) -> None:
        super().__init__()
        self.frame = frame


def _of_namespace(
    names: Namespace, name: str, arguments: list[Any], named: dict[str, Any], frame: Frame
) -> Any:
    if name == "update":
        added = arguments[0] if arguments else named
        if isinstance(added, dict) and UNKNOWN not in added:
            names.frame.names.update({str(key): value for key, value in added.items()})
        else:
            names.frame.doubt("what globals().update() adds")
        return None
    if name == "get" and arguments and isinstance(arguments[0], str):
        known, value = names.frame.lookup(plain(arguments[0]))
        return value if known else (arguments[1] if len(arguments) > 1 else None)
    return UNKNOWN


def _by_name(name: str, arguments: list[Any], named: dict[str, Any], frame: Frame) -> Any:
    if name in ("builtins.globals", "builtins.locals", "builtins.vars") and not arguments:
        return Namespace(frame)
    if any(isinstance(each, Namespace) for each in (*arguments, *named.values())):
        # django_heroku.settings(locals()), and all that changes settings from afar.
        frame.doubt(name)
        return UNKNOWN
    if name in _UNREAD:
        frame.doubt(_UNREAD[name])
        return UNKNOWN
    if name in _READ_AT_ONCE:
        return Reader().read(frame, "", arguments, named)
    if name in READERS:
        return Reader(dict(named))
    for prefix, function in _PREFIXES.items():
        if name.startswith(prefix):
            return function(name, arguments, named, frame)
    return _other(name, arguments, named)


def _other(name: str, arguments: list[Any], named: dict[str, Any]) -> Any:
    last = name.rpartition(".")[2]
    if name in _PATHS:
        return _path(name, arguments)
    if last == "strtobool":
        return UNKNOWN if UNKNOWN in arguments else cast("bool", arguments[0])
    if name == "datetime.timedelta" and UNKNOWN not in (*arguments, *named.values()):
        return datetime.timedelta(*arguments, **named)
    if last == "Csv":
        return Ref(name)
    if not arguments:
        return UNKNOWN
    if name == "re.compile" or last in _SAME:
        return arguments[-1] if last.startswith("pgettext") else arguments[0]
    return UNKNOWN


def _environ(name: str, arguments: list[Any], named: dict[str, Any], frame: Frame) -> Any:
    if name not in ("os.environ.get", "os.getenv", "os.environ.setdefault"):
        return UNKNOWN
    default = named.get("default", arguments[1] if len(arguments) > 1 else None)
    return variable(frame, arguments[0] if arguments else "", default)


def _builtin(dotted: str, arguments: list[Any], named: dict[str, Any], frame: Frame) -> Any:
    name = dotted.removeprefix("builtins.")
    if not fits(arguments, named):
        return UNKNOWN
    if any(each is UNKNOWN or isinstance(each, (Ref, ClassValue, Function)) for each in arguments):
        return UNKNOWN
    if name == "str":
        value = arguments[0] if arguments else ""
        if isinstance(value, Located):
            return value
        return str(value) if isinstance(value, (int, float, bool, PurePosixPath)) else UNKNOWN
    if name == "bool":
        return bool(arguments[0]) if arguments else False
    if name in ("any", "all", "sum", "min", "max", "sorted", "dict", "len", "isinstance"):
        holders = [each for each in arguments if isinstance(each, (list, tuple, set, dict))]
        if any(UNKNOWN in holder for holder in holders) and name != "dict":
            return UNKNOWN
    if name == "range" and all(isinstance(each, int) for each in arguments):
        over = range(*arguments)
        return list(over) if len(over) <= 200 else UNKNOWN
    function = _SIMPLE.get(name)
    return UNKNOWN if function is None else function(*arguments, **named)


def _os_path(name: str, arguments: list[Any], named: dict[str, Any], frame: Frame) -> Any:
    return _path(name, arguments)


def _path(name: str, arguments: list[Any]) -> Any:
    last = name.rpartition(".")[2]
    if not all(isinstance(each, (str, PurePosixPath)) for each in arguments):
        return UNKNOWN
    texts = [str(each) for each in arguments]
    if name in _PATHS:
        return PurePosixPath(*texts)
    if last in _SAME_PATH:
        return posixpath.normpath(texts[0])
    if last in ("join", "dirname", "basename", "splitext", "split"):
        return getattr(posixpath, last)(*texts)
    return UNKNOWN


def _database_url(dotted: str, arguments: list[Any], named: dict[str, Any], frame: Frame) -> Any:
    name = dotted.rpartition(".")[2]
    if name == "parse" and arguments and isinstance(arguments[0], str):
        return database(arguments[0])
    default = named.get("default")
    if name == "config":
        key = named.get("env", arguments[0] if arguments else "DATABASE_URL")
        known, value = assumed(frame, key)
        if known:
            return database(value) if isinstance(value, str) else UNKNOWN
    if name == "config" and frame.world.unset and isinstance(default, str):
        return database(default)
    return UNKNOWN


def _configuration_value(
    dotted: str, arguments: list[Any], named: dict[str, Any], frame: Frame
) -> Any:
    """Return a value of django-configurations: the environment's, else its first argument."""
    name = dotted.rpartition(".")[2]
    if not frame.world.unset or name.startswith("Secret"):
        return UNKNOWN
    default = arguments[0] if arguments else named.get("default")
    kinds = {"BooleanValue": "bool", "ListValue": "list", "DatabaseURLValue": "db"}
    return cast(kinds.get(name, ""), default)


#: Calls that change settings in ways that are not followed.
_UNREAD: Final = {
    "builtins.exec": "what exec() runs",
    "dynaconf.DjangoDynaconf": "dynaconf's files",
}
_READ_AT_ONCE: Final = frozenset({"decouple.config", "prettyconf.config"})
_PREFIXES: Final[dict[str, Callable[[str, list[Any], dict[str, Any], Frame], Any]]] = {
    "os.environ.": _environ,
    "os.getenv": _environ,
    "configurations.values.": _configuration_value,
    "dj_database_url.": _database_url,
    "os.path.": _os_path,
    "builtins.": _builtin,
}
