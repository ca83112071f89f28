"""What is called: the dotted name of a call's target, and whether the call is worth keeping."""

from __future__ import annotations

import ast
import re
from typing import Final

from ringfence.audit.collect.python.calls import Called
from ringfence.audit.collect.python.names import RECORDED, RECORDED_ENDS
from ringfence.audit.collect.python.shapes import dotted
from ringfence.audit.collect.python.state import Frame, Unit
from ringfence.audit.model import Source, Value

__all__ = ["BUILTINS", "is_bookkeeping", "is_deed", "is_kept", "method"]

BUILTINS: Final = frozenset(
    {
        *("eval", "exec", "execfile", "compile", "open", "__import__", "setattr", "getattr", "str"),
        *(
            "repr",
            "int",
            "float",
            "len",
            "format",
            "list",
            "dict",
            "tuple",
            "set",
            "sorted",
            "bytes",
        ),
        *("bool", "map", "filter", "zip", "enumerate", "reversed", "next", "iter", "max", "min"),
        *(
            "isinstance",
            "hasattr",
            "range",
            "sum",
            "any",
            "all",
            "super",
            "type",
            "unicode",
            "vars",
        ),
        *(
            "print",
            "input",
            "raw_input",
            "hash",
            "abs",
            "round",
            "chr",
            "ord",
            "property",
            "locals",
        ),
    }
)
#: What related managers do: ``user.friends.add(other)``.
_LINKS: Final = frozenset({"add", "remove", "clear", "set"})
#: Methods whose names say that they change what they are methods of, an instance of a model.
_DEEDS: Final = re.compile(
    r"(?:un)?(?:accept|approve|reject|decline|cancel|archive|publish|close|reopen|complete|ban"
    r"|block|follow|like|lock|restore|revoke|subscribe|vote|join|leave)"
    r"|(?:up|down)vote|soft_delete|(?:toggle|remove|delete)(?:_\w{1,40})?|mark_(?!.*(?:read|seen))\w{1,40}"
)
#: Words of the names below that are others.
_NOT_KEPT: Final = re.compile(
    r"profile|platform|inform|perform|b?log(?:in|out|ged)|blog|catalog|dialog|state|status|station"
)
#: How accounts are looked up.
_LOOKUPS: Final = frozenset({"filter", "get", "get_object_or_404", "exclude"})
_FOREIGN: Final = frozenset(
    {
        *("django", "rest_framework", "os", "sys", "re", "json", "logging", "datetime", "time"),
        *("collections", "itertools", "functools", "urllib", "requests", "copy", "math", "random"),
        *("hashlib", "hmac", "uuid", "decimal", "typing", "pathlib", "six", "pytz", "dateutil"),
        *("bs4", "PIL", "numpy", "pandas", "celery", "redis", "boto3", "wagtail", "cms", "jinja2"),
        *("?", "self", "super", "request", "logger", "subprocess", "string", "types", "operator"),
        *BUILTINS,
    }
)


def method(receiver: Value, attr: str, node: ast.expr, unit: Unit, frame: Frame) -> str:
    """Return the dotted name of a method: a project's own where that is known."""
    name = receiver.name
    if name == "self" and frame.class_name:
        owner = frame.class_name
        if attr in unit.methods.get(owner, ()):
            return f"{unit.module}.{owner}.{attr}"
    if name:
        return f"{name}.{attr}"
    if isinstance(node, ast.Attribute):
        return f"?.{node.attr}.{attr}"
    return f"?.{attr}"


def is_kept(called: Called, unit: Unit) -> bool:
    """Say whether a rule may ask for the call, or the linking of functions."""
    if _is_asked_for(called.target, called.last):
        return True
    if called.last == "Response":
        # Only one of REST framework's renderers writes text as it is.
        return any(
            "StaticHTMLRenderer" in name or name.endswith("rest_framework.renderers")
            for name in unit.imports.values()
        )
    if called.last in _LOOKUPS and "password" in called.kwargs:
        return True
    if "autoescape" in called.kwargs or (
        "headers" in called.kwargs and called.last.endswith("Response")
    ):
        return True
    if not _worth_linking(called.args, called.kwargs):
        return False
    head = called.target.partition(".")[0]
    return head == unit.module.partition(".")[0] or head not in _FOREIGN


def _is_asked_for(target: str, last: str) -> bool:
    if last in RECORDED:
        owners = RECORDED_ENDS.get(last)
        return owners is None or _belongs(target, owners)
    return target.startswith(("requests.", "httpx."))


def _belongs(target: str, owners: tuple[str, ...]) -> bool:
    return any(part in owners for part in target.split("."))


def _worth_linking(args: tuple[Value, ...], kwargs: dict[str, Value]) -> bool:
    return any(value.sources for value in args) or any(value.sources for value in kwargs.values())


def is_bookkeeping(called: Called, node: ast.Call) -> bool:
    """Say whether a write only keeps track: sessions, counters, logs, caches, files, forms."""
    name = _NOT_KEPT.sub("", called.target.lower())
    if any(
        word in name for word in ("session", "cache", "storage", "cookie", "log", "stat", "token")
    ):
        return True
    if any(word in name for word in ("image", "form", "workbook", "figure", "img", "plt", "file")):
        return True
    receiver = called.receiver
    if receiver is not None and receiver.name == "self":
        return True
    # `workbook.save(response)`: a model's save() takes no positional arguments.
    return bool(node.args)


def is_deed(node: ast.expr, called: Called) -> bool:
    """Say whether it changes an instance by a method of its own, or whom it is related to.

    ``node`` is what it is a method of.
    """
    of_model = called.receiver is not None and Source.MODEL in called.receiver.sources
    if called.last not in _LINKS:
        return of_model and _DEEDS.fullmatch(called.last) is not None
    if not isinstance(node, ast.Attribute) or not called.args:
        return False
    return of_model or dotted(node).startswith(("request.user.", "self.request.user."))
