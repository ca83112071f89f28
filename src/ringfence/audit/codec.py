"""Facts as JSON and back: what is kept from run to run, and what processes send one another.

JSON and not pickle, for reading a pickle runs what is in it, and a cache is a file that something
else may have written. What does not have the shape of the facts' own types is refused.
"""

from __future__ import annotations

import enum
import json
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, TypeVar, Union, get_args, get_origin

from ringfence.audit.model import UNKNOWN

__all__ = ["MalformedError", "dumps", "loads"]

_T = TypeVar("_T")
_Way = Callable[[Any], Any]
_KNOWN: dict[Any, tuple[_Way, _Way]] = {}

#: What a shape that is no dataclass of ours may be made of, as it is in JSON.
_PLAIN = (str, bool, type(None))


class MalformedError(ValueError):
    """What was to be read is not the JSON of these facts."""


def dumps(value: Any) -> str:
    """Return a dataclass of :mod:`ringfence.audit.model` as one line of JSON, ASCII only."""
    return json.dumps(_ways(type(value))[0](value), separators=(",", ":"))


def loads(kind: type[_T], text: str | bytes) -> _T:
    """Return the ``kind`` of facts that :func:`dumps` wrote as ``text``.

    :raises MalformedError: if ``text`` is nothing that it writes.
    """
    try:
        value = _ways(kind)[1](json.loads(text))
    except (ValueError, TypeError, KeyError, IndexError, RecursionError) as error:
        raise MalformedError(f"no {kind.__name__}: {error}") from error
    if not isinstance(value, kind):
        raise MalformedError(f"no {kind.__name__}")
    return value


def _ways(kind: Any) -> tuple[_Way, _Way]:
    """Return how a value of the annotation ``kind`` is written, and how it is read."""
    found = _KNOWN.get(kind)
    if found is None:
        found = _KNOWN[kind] = _found_ways(kind)
    return found


def _found_ways(kind: Any) -> tuple[_Way, _Way]:
    if kind is Any:
        return _write_any, _read_any
    if isinstance(kind, type) and is_dataclass(kind):
        return _ways_of_dataclass(kind)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return (lambda value: value.name), kind.__getitem__
    origin, inside = get_origin(kind), get_args(kind)
    if origin is tuple:
        return _ways_of_tuple(inside)
    if origin is Sequence:
        return _ways_of_tuple((*inside, Ellipsis))
    if origin is frozenset:
        # Sorted, so that the same facts are the same text.
        write, read = _ways(inside[0])
        return (
            (lambda value: sorted(map(write, value)) if value else []),
            (lambda raw: frozenset(map(read, raw)) if raw else frozenset()),
        )
    if isinstance(origin, type) and issubclass(origin, Mapping):
        (write_key, read_key), (write, read) = map(_ways, inside)
        return (
            lambda value: [[write_key(key), write(each)] for key, each in value.items()],
            lambda raw: {read_key(key): read(each) for key, each in raw},
        )
    if origin in (Union, types.UnionType):
        return _ways_of_union(inside)
    if kind in (str, int, bool, type(None)):
        return _same, _checked(kind)
    raise TypeError(f"facts cannot be kept with a field of type {kind!r}")


def _same(value: Any) -> Any:
    return value


def _checked(kind: type) -> _Way:
    def read(raw: Any) -> Any:
        if type(raw) is not kind:
            raise MalformedError(f"{kind.__name__} expected")
        return raw

    return read


def _ways_of_dataclass(kind: type[Any]) -> tuple[_Way, _Way]:
    """Write the values in the order of the fields; what is all defaults, as ``null``."""
    hints = typing.get_type_hints(kind)
    names = [each.name for each in fields(kind)]
    # Looked up when the first one is written: a Value may hold Values.
    ways: list[tuple[_Way, _Way]] = []
    try:
        default = kind()
    except TypeError:
        default = None
    wanted = len(names)

    def prepare() -> None:
        ways.extend(_ways(hints[name]) for name in names)

    def write(value: Any) -> Any:
        if not ways:
            prepare()
        if default is not None and value == default:
            return None
        return [way[0](getattr(value, name)) for name, way in zip(names, ways, strict=True)]

    def read(raw: Any) -> Any:
        if raw is None and default is not None:
            return default
        if not ways:
            prepare()
        if type(raw) is not list or len(raw) != wanted:
            raise MalformedError(f"{kind.__name__} expected")
        return kind(*[way[1](each) for way, each in zip(ways, raw, strict=True)])

    return write, read


def _ways_of_tuple(inside: tuple[Any, ...]) -> tuple[_Way, _Way]:
    if len(inside) == 2 and inside[1] is Ellipsis:
        write, read = _ways(inside[0])
        return (
            lambda value: list(map(write, value)) if value else [],
            lambda raw: tuple(map(read, raw)) if raw else (),
        )
    ways = [_ways(each) for each in inside]
    return (
        lambda value: [way[0](each) for way, each in zip(ways, value, strict=True)],
        lambda raw: tuple(way[1](each) for way, each in zip(ways, raw, strict=True)),
    )


def _ways_of_union(inside: tuple[Any, ...]) -> tuple[_Way, _Way]:
    """Write which of the alternatives it is beside the value."""
    bases = [get_origin(each) or each for each in inside]

    def write(value: Any) -> Any:
        for number, base in enumerate(bases):
            if isinstance(value, base):
                return [number, _ways(inside[number])[0](value)]
        raise TypeError(f"{value!r} is none of {inside}")

    def read(raw: Any) -> Any:
        number, value = raw
        return _ways(inside[number])[1](value)

    return write, read


def _write_any(value: Any) -> Any:
    """Write a constant of Python source: a tag stands before what JSON has no word for."""
    if isinstance(value, _PLAIN):
        return value
    if value is UNKNOWN:
        return ["?"]
    match value:
        case int():
            return ["i", hex(value)]  # of any length: decimal digits are limited
        case float():
            return ["f", value.hex()]
        case complex():
            return ["c", value.real.hex(), value.imag.hex()]
        case bytes():
            return ["b", value.hex()]
        case list():
            return ["l", *map(_write_any, value)]
        case tuple():
            return ["t", *map(_write_any, value)]
        case set() | frozenset():
            return ["s", *sorted(map(_write_any, value), key=repr)]
        case dict():
            return ["d", *([_write_any(key), _write_any(each)] for key, each in value.items())]
    return ["e"] if value is Ellipsis else ["?"]


def _read_any(raw: Any) -> Any:
    if isinstance(raw, _PLAIN):
        return raw
    tag, *rest = raw
    match tag:
        case "?":
            return UNKNOWN
        case "e":
            return Ellipsis
        case "i":
            return int(rest[0], 16)
        case "f":
            return float.fromhex(rest[0])
        case "c":
            return complex(*map(float.fromhex, rest))
        case "b":
            return bytes.fromhex(rest[0])
        case "l":
            return list(map(_read_any, rest))
        case "t":
            return tuple(map(_read_any, rest))
        case "s":
            return frozenset(map(_read_any, rest))
        case "d":
            return {_read_any(key): _read_any(each) for key, each in rest}
    raise MalformedError(f"no constant: {tag!r}")
