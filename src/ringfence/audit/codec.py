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
from operator import attrgetter, itemgetter
from typing import Any, TypeVar, Union, get_args, get_origin

from ringfence.audit.model import UNKNOWN

__all__ = ["MalformedError", "dumps", "loads"]

_T = TypeVar("_T")
_Way = Callable[[Any], Any]
_KNOWN: dict[Any, tuple[_Way, _Way]] = {}

#: What JSON has words for.
_WORDS = (str, int, bool)
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
    """Write the values in the order of the fields; what is all defaults, as ``null``.

    There are hundreds of thousands of them: fields that JSON has words for are looked at together.
    """
    names = [each.name for each in fields(kind)]
    # More than one: of a single name it would not return a tuple.
    taken: _Way = attrgetter(*names)
    assert len(names) > 1
    try:
        default = kind()
    except TypeError:
        default = usual = None
    else:
        usual = taken(default)
    shape = _Shape(kind, names)

    def write(value: Any) -> Any:
        values = taken(value)
        if values == usual:
            return None
        written = list(values)
        for at, way, _ in shape.others():
            written[at] = way(written[at])
        return written

    def read(raw: Any) -> Any:
        if raw is None and usual is not None:
            return default
        others = shape.others()
        if type(raw) is not list or len(raw) != shape.length:
            raise MalformedError(f"{kind.__name__} expected")
        if tuple(map(type, shape.plain(raw))) != shape.kinds:
            raise MalformedError(f"{kind.__name__} expected")
        for at, _, way in others:
            raw[at] = way(raw[at])
        return kind(*raw)

    return write, read


class _Shape:
    """Which fields of a dataclass JSON has words for, and how the others are written and read."""

    def __init__(self, kind: type[Any], names: list[str]) -> None:
        hints = typing.get_type_hints(kind)
        self.length = len(names)
        plain = [at for at, name in enumerate(names) if hints[name] in _WORDS]
        self.kinds = tuple(hints[names[at]] for at in plain)
        self.plain: Callable[[Any], tuple[Any, ...]] = _taking(plain)
        self._rest = {at: hints[name] for at, name in enumerate(names) if at not in plain}
        self._others: list[tuple[int, _Way, _Way]] | None = None

    def others(self) -> list[tuple[int, _Way, _Way]]:
        # Looked up when the first one is written: a Value may hold Values.
        if self._others is None:
            self._others = [(at, *_ways(hint)) for at, hint in self._rest.items()]
        return self._others


def _taking(places: list[int]) -> Callable[[Any], tuple[Any, ...]]:
    if len(places) > 1:
        return itemgetter(*places)
    return lambda raw: tuple(raw[at] for at in places)


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
        return 0  # the most frequent one, and no number of its own is written so
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
    return ["e"] if value is Ellipsis else 0


def _read_any(raw: Any) -> Any:
    if raw is None or type(raw) is str or type(raw) is bool:
        return raw
    if raw == 0:
        return UNKNOWN
    tag, *rest = raw
    match tag:
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
