"""Abstract values: how the values of parts make the value of the whole."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final

from ringfence.audit.model import UNKNOWN, Source, Value

__all__ = [
    "ALL_USES",
    "EXCEPTION",
    "NOTHING",
    "OUTSIDE",
    "SAFE",
    "build",
    "literal",
    "made_safe",
    "merge",
    "named",
    "numeric_parts",
    "of_source",
    "parameter",
]

ALL_USES: Final = frozenset({"html", "sql", "shell", "path", "url"})
#: What only an attacker's request brings.
OUTSIDE: Final = frozenset({Source.REQUEST, Source.URL, Source.FORM})
#: A value of which nothing is known.
NOTHING: Final = Value(opaque=True)
#: A number, a date, a setting: whatever it is, it can be put anywhere.
SAFE: Final = Value(safe_for=ALL_USES)
#: The text of a caught exception: it often repeats what was sent.
EXCEPTION: Final = Value(calls=frozenset({"exception"}), opaque=True)

_LONGEST: Final = 2000
#: The name of a path that is among templates.
_TEMPLATES: Final = "templates/"
#: Values are immutable, and most of them are met again and again.
_CACHED: Final = 20_000
_LITERALS: Final[dict[tuple[type, Any], Value]] = {}
_NAMED: Final[dict[str, Value]] = {}
_PARAMETER: Final = frozenset({Source.PARAMETER})
#: What, before data in a URL, leaves the host to the data: nothing, slashes, a host not yet ended.
_OPEN_HOST: Final = re.compile(
    r"\s*(?:[/\\]{0,2}|[a-zA-Z][a-zA-Z0-9+.-]{0,20}:/{0,2}[^/?#]{0,300}|//[^/?#]{1,300})"
)
_NUMERIC: Final = "dioxXeEfFgGc"
_CONVERSION: Final = re.compile(
    r"%(?:\([^)]{0,100}\))?[-#0 +]{0,5}[\d*]{0,5}(?:\.[\d*]{1,5})?([a-zA-Z])"
)


def literal(value: Any) -> Value:
    """Return the value of a constant; one that is no plain data is only said to be safe."""
    # True == 1, but they are not the same literal.
    key = (type(value), value)
    found = _LITERALS.get(key)
    if found is None:
        found = _literal(value)
        if len(_LITERALS) < _CACHED and not (isinstance(value, (str, bytes)) and len(value) > 60):
            _LITERALS[key] = found
    return found


def _literal(value: Any) -> Value:
    if isinstance(value, str):
        return Value(literal=value[:_LONGEST], safe_for=ALL_USES)
    if value is None or isinstance(value, bool):
        return Value(literal=value, safe_for=ALL_USES)
    if isinstance(value, int) and abs(value) < 2**63:
        return Value(literal=value, safe_for=ALL_USES)
    if isinstance(value, float) and math.isfinite(value):
        return Value(literal=value, safe_for=ALL_USES)
    if isinstance(value, bytes):
        return Value(literal=value[:_LONGEST].decode("latin-1"), safe_for=ALL_USES)
    return SAFE


def named(name: str) -> Value:
    """Return what is known of something by its name alone."""
    found = _NAMED.get(name)
    if found is None:
        found = Value(name=name, opaque=True)
        if len(_NAMED) < _CACHED:
            _NAMED[name] = found
    return found


@lru_cache(maxsize=_CACHED)
def parameter(name: str) -> Value:
    """Return the value of a function's parameter."""
    return Value(sources=_PARAMETER, parameters=frozenset({name}), name=name)


def of_source(
    source: Source,
    name: str = "",
    safe_for: frozenset[str] = frozenset(),
    parameters: frozenset[str] = frozenset(),
) -> Value:
    """Return a value that comes from ``source``, as a part of a URL under the name it has there."""
    return Value(sources=frozenset({source}), name=name, safe_for=safe_for, parameters=parameters)


def made_safe(value: Value, uses: frozenset[str]) -> Value:
    """Return ``value`` after it was made safe for ``uses``; then nothing in it is unknown."""
    if value.literal is not UNKNOWN:
        return value
    return Value(
        sources=value.sources,
        parameters=value.parameters,
        safe_for=value.safe_for | uses,
        built=value.built,
        name=value.name,
    )


def _joined(parts: Iterable[Value]) -> dict[str, Any]:
    sources: frozenset[Source] = frozenset()
    parameters: frozenset[str] = frozenset()
    calls: frozenset[str] = frozenset()
    through: frozenset[tuple[str, Source]] = frozenset()
    # What callers give to parameters is another question: it is not mixed with what is known here.
    safe = own = ALL_USES
    outside = opaque = False
    for part in parts:
        if part.sources:
            sources |= part.sources
            parameters |= part.parameters
            if part.sources == _PARAMETER:
                own &= part.safe_for
            else:
                outside = True
                safe &= part.safe_for
        elif not part.opaque and part.literal is UNKNOWN:
            own &= part.safe_for
        if part.calls:
            calls |= part.calls
            through |= part.through
        opaque = opaque or part.opaque
    return {
        "sources": sources,
        "parameters": parameters,
        "calls": calls,
        "through": through,
        "safe_for": safe if outside else own,
        "opaque": opaque,
    }


def build(parts: list[Value], *, prefix: str | None = None) -> Value:
    """Return the string that is put together of ``parts``.

    ``prefix`` is the text that it begins with; if it is given, it is part of the first. Data
    after a fixed host is safe as a URL (RFC 3986, section 3.2: the authority ends at the first
    ``/``, ``?`` or ``#``), and so is data after something that is not data.
    """
    if all(part.literal is not UNKNOWN for part in parts):
        text = "".join(str(part.literal) for part in parts)
        return literal(text) if len(text) < _LONGEST else SAFE
    joined = _joined(parts)
    first = parts[1] if prefix == "" and len(parts) > 1 else parts[0]
    if prefix:
        fixed = _OPEN_HOST.fullmatch(prefix) is None
    else:
        # Of a function's result linking decides, unless there is data after it.
        unknown = not first.sources - _PARAMETER and (
            not first.calls or bool(joined["sources"] - _PARAMETER)
        )
        fixed = first.literal is UNKNOWN and ("url" in first.safe_for or unknown)
    if fixed:
        joined["safe_for"] |= {"url"}
    elif joined["calls"]:
        joined["safe_for"] -= {"url"}
    among = any(
        part.name == _TEMPLATES or (isinstance(part.literal, str) and _TEMPLATES in part.literal)
        for part in parts
    )
    return Value(built=True, name=_TEMPLATES if among else "", **joined)


def merge(values: list[Value]) -> Value:
    """Return what is known of a value that is one of ``values``."""
    first = values[0]
    rest = [value for value in values[1:] if value is not first and value != first]
    if not rest:
        return first
    values = [first, *rest]
    joined = _joined(values)
    names = {value.name for value in values if value.literal is UNKNOWN}
    return Value(
        built=any(value.built for value in values),
        name=names.pop() if len(names) == 1 else "",
        **joined,
    )


def numeric_parts(template: str) -> list[bool] | None:
    """Say of each part of a ``%`` template whether it takes a number; None if parts are named.

    >>> numeric_parts("%d of %s"), numeric_parts("%(all)d")
    ([True, False], None)
    """
    template = template.replace("%%", "")
    if "%(" in template or "*" in template:
        return None
    return [kind in _NUMERIC for kind in _CONVERSION.findall(template)]


def only_numbers(template: str) -> bool:
    """Say whether a ``%`` template takes nothing but numbers.

    >>> only_numbers("%d of %(all)d"), only_numbers("%s")
    (True, False)
    """
    kinds = _CONVERSION.findall(template.replace("%%", ""))
    return bool(kinds) and all(kind in _NUMERIC for kind in kinds)
