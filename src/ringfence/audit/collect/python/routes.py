"""URL files: which functions are views, and what their parts of a URL may hold."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from ringfence.audit.model import Call, Value

__all__ = ["Routes", "is_routed", "is_wide", "read_routes"]

#: By the last part of a view's name, the parts of its URL: whether they hold but letters or digits.
Routes = dict[str, dict[str, bool]]

_ROUTES: Final = frozenset({"path", "re_path", "url", "patterns"})
_CONVERTER: Final = re.compile(r"<(?:(\w{1,60}):)?(\w{1,60})>")
_GROUP: Final = re.compile(r"\(\?P<(\w{1,60})>([^)]{0,200})\)")
#: Patterns that let through nothing with a meaning in markup, paths or addresses.
_NARROW: Final = re.compile(
    r"(?:\[(?:\\?[-\w]|\\[wd]|[a-zA-Z0-9]-[a-zA-Z0-9])+\]|\\[wd]|\w|\|)(?:[+*?]|\{[\d,]+\})?"
)
_PLAIN: Final = frozenset({"int", "slug", "uuid"})


def read_routes(calls: Iterable[Call], routes: Routes) -> None:
    """Add the views that ``calls`` of ``path()`` and its like name to ``routes``."""
    for call in calls:
        if call.target.rpartition(".")[2] not in _ROUTES:
            continue
        pattern = call.args[0].literal if call.args else None
        parts = _parts(pattern) if isinstance(pattern, str) else {}
        for value in (*call.args[1:], *call.kwargs.values()):
            for name in _names(value):
                known = routes.setdefault(name, {})
                for part, narrow in parts.items():
                    known[part] = narrow and known.get(part, True)


def _parts(pattern: str) -> dict[str, bool]:
    parts = {name: kind in _PLAIN for kind, name in _CONVERTER.findall(pattern)}
    parts |= {name: _is_narrow(body) for name, body in _GROUP.findall(pattern)}
    return parts


def _is_narrow(body: str) -> bool:
    at = 0
    while at < len(body):
        found = _NARROW.match(body, at)
        if found is None or found.end() == at:
            return False
        at = found.end()
    return True


def _names(value: Value) -> Iterable[str]:
    """Yield the views that an argument names: a function, ``View.as_view()``, a decorator's."""
    name = value.name.removesuffix("()").removesuffix(".as_view")
    if name:
        yield name.rpartition(".")[2]
    if isinstance(value.literal, str):
        yield value.literal.rpartition(".")[2]
    for called in value.calls:
        yield called.removesuffix(".as_view").rpartition(".")[2]
    for item in value.items:
        for part in item if isinstance(item, tuple) else (item,):
            yield from _names(part)


def is_wide(routes: Routes, caller: str, part: str) -> bool:
    """Say whether a URL file is known to let anything into a part of the URL of ``caller``."""
    return any(routes.get(name, {}).get(part) is False for name in caller.split(".")[-2:])


def is_routed(routes: Routes, caller: str, parts: frozenset[str]) -> bool:
    """Say whether ``caller`` (a full name) gets parts of a URL that may hold anything.

    A class's are believed without a URL file: nothing else has ``self.kwargs``.
    """
    names = caller.split(".")
    for name in names[-2:]:
        known = routes.get(name)
        if known is not None:
            return not parts or any(not known.get(part, False) for part in parts)
    return not routes or (len(names) > 1 and names[-2][:1].isupper())
