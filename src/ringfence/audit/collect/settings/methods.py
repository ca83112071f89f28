"""Methods of strings, lists, dicts and paths, within bounds. A list's methods change the list."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any, Final

from ringfence.audit.collect.settings.values import MAX_ITEMS, MAX_TEXT, Located, fits
from ringfence.audit.model import UNKNOWN

__all__ = ["method"]

_OF_TEXT: Final = frozenset(
    {
        *("strip", "lstrip", "rstrip", "lower", "upper", "title", "capitalize", "split", "rsplit"),
        *("splitlines", "partition", "rpartition", "startswith", "endswith", "replace", "encode"),
        *("removeprefix", "removesuffix", "isdigit", "count", "find", "casefold", "swapcase"),
    }
)
#: ``{}``, ``{0}`` and ``{name}`` only: no attributes, no widths.
_SIMPLE_FORMAT: Final = re.compile(r"[^{}]*(?:\{[A-Za-z0-9_]{0,40}\}[^{}]*)*")


def method(value: Any, name: str, arguments: list[Any], named: dict[str, Any]) -> Any:
    """Return what a method of a known value returns; a list or dict is changed in place.

    :raises Exception: whatever the method raises.
    """
    if isinstance(value, str):
        return _of_text(value, name, arguments, named)
    if isinstance(value, list):
        return _of_list(value, name, arguments)
    if isinstance(value, dict):
        return _of_dict(value, name, arguments, named)
    if isinstance(value, (tuple, set, frozenset)):
        return _of_others(value, name, arguments)
    if isinstance(value, PurePosixPath):
        return _of_path(value, name, arguments)
    if isinstance(value, bytes) and name == "decode":
        return value.decode("utf-8", "replace")
    return UNKNOWN


def _of_text(value: str, name: str, arguments: list[Any], named: dict[str, Any]) -> Any:
    text = str.__str__(value)
    if name == "join":
        items = arguments[0]
        if not isinstance(items, (list, tuple)) or UNKNOWN in items:
            return UNKNOWN
        size = sum(len(item) + len(text) for item in items)
        return text.join(items) if size <= MAX_TEXT else UNKNOWN
    if UNKNOWN in arguments or UNKNOWN in named.values():
        return UNKNOWN
    if name == "format":
        if not _SIMPLE_FORMAT.fullmatch(text) or not all(
            isinstance(each, (str, int, PurePosixPath)) for each in (*arguments, *named.values())
        ):
            return UNKNOWN
        size = sum(len(str(each)) for each in (*arguments, *named.values()))
        if text.count("{") * size > MAX_TEXT:
            return UNKNOWN
        return text.format(*map(str, arguments), **{key: str(each) for key, each in named.items()})
    if name == "decode":
        return text
    if name not in _OF_TEXT:
        return UNKNOWN
    if name == "replace" and (len(text) + 1) * (len(arguments[1]) + 1) > MAX_TEXT:
        return UNKNOWN
    result = getattr(text, name)(*arguments)
    if isinstance(result, list):
        path, line = getattr(value, "path", ""), getattr(value, "line", 0)
        return [Located(each, path, line) for each in result]
    return result


def _of_list(value: list[Any], name: str, arguments: list[Any]) -> Any:
    if len(value) > MAX_ITEMS:
        return UNKNOWN
    if name == "extend":
        added = arguments[0]
        known = isinstance(added, (list, tuple, set, frozenset))
        value.extend(added if known else [UNKNOWN])
        return None
    if name == "insert":
        index, item = arguments
        if isinstance(index, int):
            value.insert(index, item)
        else:
            value.append(item)
        return None
    if name == "append":
        value.append(arguments[0])
        return None
    if name in ("remove", "pop", "clear", "index", "count", "copy", "reverse", "sort"):
        if not fits(value, arguments):
            return UNKNOWN
        if UNKNOWN in arguments:
            # Whatever it was that left the list: any of them may be gone.
            value[:] = [UNKNOWN]
            return UNKNOWN
        result = getattr(value, name)(*arguments)
        return list(result) if name == "copy" else result
    return UNKNOWN


def _of_dict(value: dict[Any, Any], name: str, arguments: list[Any], named: dict[str, Any]) -> Any:
    if name == "update":
        for added in arguments:
            value.update(added if isinstance(added, dict) else {UNKNOWN: UNKNOWN})
        value.update(named)
        return None
    if name == "get":
        if arguments[0] is UNKNOWN or (arguments[0] not in value and UNKNOWN in value):
            return UNKNOWN
        return value.get(*arguments)
    if name in ("setdefault", "pop"):
        return getattr(value, name)(*arguments) if UNKNOWN not in arguments[:1] else UNKNOWN
    if name in ("keys", "values"):
        return list(getattr(value, name)())
    if name == "items":
        return [tuple(item) for item in value.items()]
    return dict(value) if name == "copy" else UNKNOWN


def _of_others(value: Any, name: str, arguments: list[Any]) -> Any:
    if name in ("union", "difference") and isinstance(value, (set, frozenset)):
        return getattr(set(value), name)(*arguments)
    if name in ("add", "discard", "update") and isinstance(value, set):
        return getattr(value, name)(*arguments)
    return getattr(value, name)(*arguments) if name in ("index", "count") else UNKNOWN


def _of_path(value: PurePosixPath, name: str, arguments: list[Any]) -> Any:
    if name in ("resolve", "absolute", "expanduser"):
        return value
    if name in ("joinpath", "with_name", "with_suffix"):
        return getattr(value, name)(*arguments)
    return str(value) if name in ("as_posix", "__str__") else UNKNOWN
