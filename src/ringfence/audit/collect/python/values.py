"""Abstract values: how the values of parts make the value of the whole."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
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
#: What may stand before data in a URL so that the data cannot choose the host.
_FIXED_HOST: Final = re.compile(r"(?:/[^/\\]|/$|https?://[^/?#]+[/?#]|[?#]|mailto:)")
_CONVERSION: Final = re.compile(
    r"%(?:\([^)]{0,100}\))?[-#0 +]{0,5}[\d*]{0,5}(?:\.[\d*]{1,5})?([a-zA-Z])"
)


def literal(value: Any) -> Value:
    """Return the value of a constant; one that is no plain data is only said to be safe."""
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
    return Value(name=name, opaque=True)


def parameter(name: str) -> Value:
    """Return the value of a function's parameter."""
    return Value(sources=frozenset({Source.PARAMETER}), parameters=frozenset({name}), name=name)


def of_source(source: Source, name: str = "", safe_for: frozenset[str] = frozenset()) -> Value:
    """Return a value that comes from ``source``."""
    return Value(sources=frozenset({source}), name=name, safe_for=safe_for)


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
        calls=value.calls,
        through=value.through,
    )


def _joined(parts: Iterable[Value]) -> dict[str, Any]:
    sources: frozenset[Source] = frozenset()
    parameters: frozenset[str] = frozenset()
    calls: frozenset[str] = frozenset()
    through: frozenset[Source] = frozenset()
    safe = ALL_USES
    opaque = False
    for part in parts:
        if part.sources:
            sources |= part.sources
            parameters |= part.parameters
        if part.calls:
            calls |= part.calls
            through |= part.through
        if part.opaque:
            opaque = True
        elif part.literal is UNKNOWN:
            safe &= part.safe_for
        if part.opaque and (part.sources or part.calls):
            safe &= part.safe_for
    return {
        "sources": sources,
        "parameters": parameters,
        "calls": calls,
        "through": through,
        "safe_for": safe,
        "opaque": opaque,
    }


def build(parts: list[Value], *, prefix: str | None = None) -> Value:
    """Return the string that is put together of ``parts``; ``prefix`` is the text it begins with.

    A prefix that fixes the host makes it safe as a URL (RFC 3986, section 3.2: the authority
    ends at the first ``/``, ``?`` or ``#``).
    """
    if all(part.literal is not UNKNOWN for part in parts):
        text = "".join(str(part.literal) for part in parts)
        return literal(text) if len(text) < _LONGEST else SAFE
    joined = _joined(parts)
    if prefix and _FIXED_HOST.match(prefix):
        joined["safe_for"] |= {"url"}
    return Value(built=True, **joined)


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


def only_numbers(template: str) -> bool:
    """Say whether a ``%`` template takes nothing but numbers.

    >>> only_numbers("%d of %(all)d"), only_numbers("%s")
    (True, False)
    """
    kinds = _CONVERSION.findall(template.replace("%%", ""))
    return bool(kinds) and all(kind in "dioxXeEfFgGc" for kind in kinds)
