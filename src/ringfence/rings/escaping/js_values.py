"""Values as JavaScript: string contents, literals, and what template filters did before."""

from __future__ import annotations

import ast
import dataclasses
import datetime
import decimal
import enum
import json
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from ringfence.patterns import later
from ringfence.rings.escaping.language import Refused, Value
from ringfence.rings.escaping.typed import EscapedMarkup

__all__ = ["Bare", "escape", "escape_comment", "plain", "render", "render_key", "subject"]

_DEEPEST = 64
_MOST = 1_000_000

# One set for strings of every kind, template literals, JSON, handlers and javascript: links: what
# ends or continues a string in JavaScript, what HTML, a URL or a template literal reads, what ends
# a line, and halves of surrogate pairs, which no encoding can carry.
_WRITTEN_AS_CODE = {
    code: f"\\u{code:04X}"
    for code in (
        *range(0x20),
        0x7F,
        *map(ord, "\\'\"`${}<>&=%/;"),
        0x2028,
        0x2029,
        *range(0xD800, 0xE000),
    )
}
_WRITTEN_IN_COMMENT = {**_WRITTEN_AS_CODE, ord("*"): "\\u002A", 0x85: "\\u0085"}
_SPECIAL = later(r"""[\x00-\x1f\x7f\\'"`${}<>&=%/;\u2028\u2029\ud800-\udfff]""")

# What Django's escapejs writes as \uXXXX, and what it never leaves as it is.
_ESCAPEJS_CODES = frozenset(
    [
        f"{code:04X}"
        for code in (*range(32), *range(0x7F, 0xA0), *map(ord, "\\'\"><&=-;`"), 0x2028, 0x2029)
    ]
)
_ESCAPEJS_RAW = later(r"""['"<>&\x00-\x1f\u2028\u2029]""")
_BACKSLASH = later(r"\\(?:u([0-9A-Fa-f]{4}))?")

_ADDED_SLASH = later(r"""\\([\\'"])""")
_NUMBER = later(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


class Bare(str):
    """A literal that is written without quotes: ``true``, ``null``, a number."""

    __slots__ = ()


def escape(text: str) -> str:
    r"""Return ``text`` as the contents of a JavaScript or JSON string of any kind.

    >>> escape("It's <b>")
    'It\\u0027s \\u003Cb\\u003E'
    """
    return text.translate(_WRITTEN_AS_CODE) if _SPECIAL.search(text) else text


def escape_comment(text: str) -> str:
    r"""Return ``text`` so that it can end neither a line nor a block comment.

    >>> escape_comment("*/ alert(1)")
    '\\u002A\\u002F alert(1)'
    """
    return text.translate(_WRITTEN_IN_COMMENT)


def _is_escapejs(text: str) -> bool:
    if "\\" not in text or _ESCAPEJS_RAW.search(text):
        return False
    return all(
        found[1] is not None and found[1].upper() in _ESCAPEJS_CODES
        for found in _BACKSLASH.finditer(text)
    )


def _undo_escapejs(text: str) -> str:
    def character(found: re.Match[str]) -> str:
        code = found[1]
        if code is None or code.upper() not in _ESCAPEJS_CODES:
            return found[0]
        return chr(int(code, 16))

    return _BACKSLASH.sub(character, text)


def plain(value: Value) -> Value:
    r"""Return ``value`` as it was before a filter escaped it for JavaScript.

    >>> plain(Value("It\\u0027s", "It\\u0027s", vouched=True)).text
    "It's"
    >>> plain(Value("It\\'s", "It\\'s", filters=("addslashes",))).text
    "It's"
    """
    names = value.filters
    if not names and not value.vouched:
        return value
    while names and names[-1] == "safe":
        names = names[:-1]
    if "escapejs" in names or (value.vouched and _is_escapejs(value.text)):
        text = _undo_escapejs(value.text)
    elif names and names[-1] == "addslashes":
        text = _ADDED_SLASH.sub(r"\1", value.text)
    else:
        return value
    # Whoever escapes for JavaScript means text by it, and vouches for no markup; but what was
    # markup before is markup still.
    vouched = isinstance(value.raw, EscapedMarkup)
    return Value(text, text, vouched=vouched, filters=value.filters)


def subject(value: Value) -> Any:
    """Return what ``value`` means where an expression stands.

    Text is a ``str``; a string that reads like a literal, :class:`Bare`; vouched text that parses
    as JSON, what it says; and any other object its nearest kin in JSON, one level deep.
    """
    raw = value.raw
    if not isinstance(raw, str) or isinstance(raw, enum.Enum):
        kin = simplify(raw)
        # A string made of an object is what Django would have written.
        return value.text if kin is _NOTHING else kin
    known = plain(value)
    text = str(known.text)
    if text in {"true", "false", "null"} or _NUMBER.fullmatch(text):
        return Bare(text)
    if value.vouched and known is value:
        try:
            return json.loads(text, parse_float=decimal.Decimal)
        except (ValueError, RecursionError, decimal.DecimalException):
            pass
        # {{ labels|safe }} of a list: Python's spelling of it.
        if text[:1] in {"[", "{", "("} and len(text) <= _LONGEST_LITERAL:
            try:
                return simplify(ast.literal_eval(text))
            except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
                pass
    return text


_LONGEST_LITERAL = 100_000


_NOTHING: Any = object()


def _duration(delta: datetime.timedelta) -> str:
    # ISO 8601 durations as Django's JSON encoder writes them.
    sign, delta = ("-", -delta) if delta < datetime.timedelta() else ("", delta)
    minutes, seconds = divmod(delta.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{delta.microseconds:06d}" if delta.microseconds else ""
    return f"{sign}P{delta.days}DT{hours:02d}H{minutes:02d}M{seconds:02d}{fraction}S"


def simplify(raw: Any) -> Any:  # noqa: C901, PLR0912 -- one row for every type
    """Return None, a bool, number, str, list or dict for ``raw``; ``_NOTHING`` for none of them."""
    if raw is None or isinstance(raw, bool):
        return raw
    if isinstance(raw, enum.Enum):
        return simplify(raw.value)
    if isinstance(raw, str):
        return str(raw)
    if isinstance(raw, (int, float, decimal.Decimal)):
        # What only claims to be a number (a lazy object's class) is asked for the number.
        if isinstance(raw, int):
            return raw if issubclass(type(raw), int) else raw.__int__()
        if isinstance(raw, float):
            return raw if issubclass(type(raw), float) else raw.__float__()
        return decimal.Decimal(str(raw))
    if isinstance(raw, (datetime.date, datetime.time)):
        return raw.isoformat()
    if isinstance(raw, datetime.timedelta):
        return _duration(raw)
    if isinstance(raw, uuid.UUID):
        return str(raw)
    if isinstance(raw, Mapping):
        return dict(raw)
    if isinstance(raw, (bytes, bytearray, memoryview)) or hasattr(raw, "_meta"):
        return _NOTHING
    if isinstance(raw, (Sequence, AbstractSet)):
        return raw
    if dataclasses.is_dataclass(raw) and not isinstance(raw, type):
        # A field that its repr() leaves out is one that Django would not print, either.
        shown = (field for field in dataclasses.fields(raw) if field.repr)
        return {field.name: getattr(raw, field.name) for field in shown}
    if hasattr(raw, "query") and hasattr(raw, "model"):
        return list(raw)
    return _NOTHING


def _refused(reason: str) -> Refused:
    return Refused(
        reason,
        "Hand the template a flat, finite value, or write it with json_script.",
        by_place=False,
        placeholder="null",
    )


@dataclasses.dataclass(slots=True)
class _Writer:
    strict: bool
    escape: Callable[[str], str]
    open: set[int] = dataclasses.field(default_factory=set)
    count: int = 0

    def string(self, text: str) -> str:
        return f'"{self.escape(text)}"'

    def key(self, key: Any) -> str:
        kin = simplify(key)
        if kin is None or isinstance(kin, bool):
            text = {None: "null", True: "true", False: "false"}[kin]
        else:
            text = str(key if kin is _NOTHING else kin)
        written = self.string(text)
        # In a script, but not in JSON, a literal's "__proto__": sets the prototype.
        return f"[{written}]" if text == "__proto__" and not self.strict else written

    def number(self, number: Any) -> str:
        if isinstance(number, float):
            return float.__repr__(number) if number - number == 0 else "null"
        if isinstance(number, decimal.Decimal):
            return str(number) if number.is_finite() else "null"
        try:
            return int.__repr__(number)
        except ValueError:
            raise _refused("The number has more digits than can be written.") from None

    def value(self, raw: Any, depth: int = 0) -> str:
        self.count += 1
        if depth > _DEEPEST or self.count > _MOST:
            raise _refused("The value is nested too deeply, or too large, for a script.")
        if isinstance(raw, Bare):
            return str(raw)
        kin = simplify(raw)
        if kin is _NOTHING:
            return self.string(str(raw))
        if kin is None:
            return "null"
        if isinstance(kin, bool):
            return "true" if kin else "false"
        if isinstance(kin, str):
            return self.string(kin)
        if isinstance(kin, (int, float, decimal.Decimal)):
            return self.number(kin)
        if id(raw) in self.open:
            raise _refused("The value contains itself.")
        self.open.add(id(raw))
        if isinstance(kin, dict):
            pairs = [f"{self.key(key)}:{self.value(item, depth + 1)}" for key, item in kin.items()]
            text = "{" + ",".join(pairs) + "}"
        else:
            text = "[" + ",".join([self.value(item, depth + 1) for item in kin]) + "]"
        self.open.discard(id(raw))
        return text


def render(raw: Any, *, strict: bool = False, escape: Callable[[str], str] = escape) -> str:
    r"""Return ``raw`` as a JavaScript literal, or as JSON where ``strict``.

    ``escape`` writes the contents of its strings.

    :raises Refused: if it contains itself, or is nested more than 64 deep.

    >>> render({"a": [1, None, "</script>"]})
    '{"a":[1,null,"\\u003C\\u002Fscript\\u003E"]}'
    """
    return _Writer(strict=strict, escape=escape).value(raw)


def render_key(raw: Any, *, strict: bool = False) -> str:
    """Return ``raw`` as the key of an object literal.

    >>> render_key("name"), render_key("__proto__")
    ('"name"', '["__proto__"]')
    """
    return _Writer(strict=strict, escape=escape).key(raw)
