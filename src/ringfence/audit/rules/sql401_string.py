"""SQL put together from data: ``raw``, ``extra``, ``RawSQL``, a cursor's ``execute``."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import UNKNOWN, Call, Hit, Place, Project, Rule, Source, Value
from ringfence.audit.rules._python import OUTSIDE, argument, ending, origin, short
from ringfence.finding import Confidence

_NAMES = ("raw", "RawSQL", "execute", "executemany", "executescript", "extra", "read_sql")
#: So many lines apart are two branches of one statement.
_NEAR = 3
_EXTRA = ("where", "select", "tables", "order_by")


def check(project: Project) -> Iterator[Hit]:
    """Find SQL that has data in its text; what stands next to it in a function is the same."""
    last = Place("", 0)
    for call in ending(project, *_NAMES):
        place = call.place
        if (place.path, place.scope) == (last.path, last.scope) and (
            0 <= place.line - last.line <= _NEAR
        ):
            continue
        for value in _texts(call):
            confidence = _confidence(value)
            if confidence is not None:
                last = place
                yield Hit(
                    call.place,
                    f"The SQL of {short(call)}() has a part from {origin(value)} in its text.",
                    "Write %s in the SQL and give the data as parameters: execute(sql, [value]).",
                    confidence,
                )
                break


def _texts(call: Call) -> Iterator[Value]:
    if not call.target.endswith("extra"):
        yield argument(call, 0, "sql", "raw_query")
        return
    for name in _EXTRA:
        value = call.kwargs.get(name)
        if value is not None:
            yield value
            for item in value.items:
                yield item[1] if isinstance(item, tuple) else item
    yield from call.args


def _confidence(value: Value) -> Confidence | None:
    if value.literal is not UNKNOWN or ("sql" in value.safe_for and value.sources):
        return None
    if value.sources & OUTSIDE:
        return Confidence.HIGH
    if not value.built:
        return None
    if value.sources & {Source.MODEL, Source.FILE}:
        return Confidence.MEDIUM
    return Confidence.LOW if value.sources or value.opaque else None


RULE = Rule("SQL401", "python", check)
