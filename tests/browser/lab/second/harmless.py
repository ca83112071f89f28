"""Values that mean no harm, by what they are, and what each reads as where it arrives."""

from __future__ import annotations

import datetime
import enum
import html
import json
import re
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from django.utils.functional import lazystr
from django.utils.safestring import mark_safe

__all__ = ["GROUPS"]


class Status(enum.StrEnum):
    OPEN = "open"


_PROSE = (
    "Ada",
    "Siobhán O'Neill-D\u2019Arcy",
    'Dwayne "The Rock" Johnson',
    "Marks & Spencer",
    "R&amp;B",
    "if (a < b && b > c) { a = b; }",
    "<em>very</em> sure",
    "<script>",
    "</textarea",
    "<!-- draft -->",
    "-->",
    "]]>",
    "/* aside */ // rest",
    "50 % off: today's `deal` for $9 {net}",
    "${price}",
    "{{ name }} {% tag %}",
    r"C:\new\table\u0041",
    "a\\",
    "first line\nsecond line\n",
    "one\ttwo",
    "  indented  ",
    "x=1;y=2&z=3#frag?q",
    "javascript: the good parts",
    "on load=early",
    "q\u2028separated\u2029paragraphs",
    "👩\u200d👩\u200d👧 🎉",
    "שלום, עולם",
    "مرحبا \u202bبالعالم\u202c",  # noqa: RUF001 -- Arabic
    "日本語テキスト",
    "naïve café — “quoted”",
    "N/A",
    "'",
    '"',
    "@media print",
    "100_000",
    "NaN",
    "undefined",
    "+44 20 7946 0018",
)

#: Strings that JavaScript could read as something else.
_NUMERALS = ("42", "-7.5", "007", "0x1f", "1e5", "true", "null", "12345678901234567890")

_SCALARS = (None, True, False, 0, 17, -3, 2.5, 10**6)

_OBJECTS = (
    Decimal("19.90"),
    datetime.date(2024, 2, 29),
    datetime.datetime(2025, 6, 1, 12, 30, tzinfo=datetime.UTC),
    uuid.UUID("8b6f3c1e-2a4d-4f5b-9c7e-1d2e3f405162"),
    Status.OPEN,
    lazystr("late & lazy"),
)

_COLLECTIONS = (
    [],
    [1, 2, 3],
    ["it's", 'a "list"', "</li>"],
    {},
    {"key": "va'lue", "n": 1.5, "deep": {"list": [None, True]}},
)

_ADDRESSES = (
    "/",
    "/articles/2024/02/29/?page=2",
    "about.html",
    "./a/../b.html",
    "../up",
    "?q=tea+%26+cake&lang=en",
    "#section-3",
    "",
    "/search?q=a&amp=b&copy=1",
    "/wiki/O'Brien_(politician)",
    "/日本/ページ?q=ü#é",
    "/path with space/file name.pdf",
    "/time/12:30",
    "/a;b=c,d/e@f",
    "/caf%C3%A9/100%25",
    "//cdn.example/logo.svg",
    "https://example.com",
    "http://example.com:8080/a?b=c&d=e#f",
    "HTTPS://EXAMPLE.COM/Upper",
    "https://user@bücher.example/",
    "https://example.com/?next=javascript:history",
    "http://[2001:db8::1]/six",
    "https://example.com/a(b)c",
    "https://example.com/~x/*",
)

_LINKS = (
    "mailto:ada@example.com?subject=It's%20time&body=a",
    "tel:+44-20-7946-0018",
    "sms:+15550100",
    "ftp://files.example/pub",
    "geo:51.5,-0.1",
    "whatsapp://send?text=hi",
    "webcal://example.com/cal.ics",
)

#: What a frame, a script or a style sheet of the page's own may be.
_OWN = ("/static/app", "embed/7", "?frame=1", "/a/b/c.html?x=1&y=it's", "../up/app")

_PNG = "data:image/png;base64,iVBORw0KGgo="

_COLOURS = (
    "red",
    "rebeccapurple",
    "#fff",
    "#a0B1c2",
    "rgb(1, 2, 3)",
    "rgba(0, 0, 0, 0.5)",
    "transparent",
    "var(--brand)",
)

_JSON = (
    "[]",
    '{"a": 1, "b": [true, null, "x"]}',
    json.dumps({"name": "O'Neill & <b>co</b>", "end": "</script>", "line": "\u2028"}),
    json.dumps(["ü", 'a "quote"', "\\"], ensure_ascii=False),
    '"just text"',
    "17",
)

GROUPS: dict[str, tuple[Any, ...]] = {
    "prose": _PROSE,
    "text": (*_PROSE, *_NUMERALS, *_SCALARS, *_OBJECTS, "", mark_safe("safe words")),
    "line": tuple(one for one in (*_PROSE, *_NUMERALS) if "\n" not in one),
    "data": (*_PROSE, *_NUMERALS, *_SCALARS, *_OBJECTS, *_COLLECTIONS, ""),
    "collection": _COLLECTIONS,
    "scalar": _SCALARS,
    "markup": tuple(
        mark_safe(one)  # noqa: S308 - it is what the lab tries
        for one in ("<b>bold</b> &amp; plain", "a &lt; b", "it&#x27;s", '<i class="x">y</i>')
    ),
    "word": ("Ada", "item-7", "blue_2", "Zoë", 17, 0),
    "slug": ("ada", "item-7", "b2", 17),
    "number": (0, 17, -3, 2.5, Decimal("19.90"), "12"),
    "name": ("ada", "item-7", "b2"),
    "ending": ("ada", "b2", 17),
    "count": (0, 1, 17),
    "link": (*_ADDRESSES, *_LINKS),
    "address": _ADDRESSES,
    "image": (*_ADDRESSES, _PNG, "data:image/svg+xml,%3Csvg/%3E"),
    "own": _OWN,
    "host": ("example.com", "www.example.co.uk", "xn--bcher-kva.example", "localhost:8000"),
    "colour": _COLOURS,
    "json": _JSON,
    "date": (datetime.date(2024, 2, 29),),
    "bool": (True, False, None),
    "level": (1, 2, 6),
    "email": ("ada@example.com", "o'neill+news@example.com"),
    "class": ("btn btn-primary", "is-open", "", "md:w-1/2", "top-[3px]", "a_b--c"),
}


def written(value: Any) -> list[Any]:
    """As a Django template writes it, and as Jinja2 does; without the escaping."""
    from django.template import Context
    from django.template.base import render_value_in_context

    text = render_value_in_context(value, Context(autoescape=False))
    return [str(text), str(value)]


def stripped(value: Any) -> list[Any]:
    return [one.strip() for one in written(value)]


def always(found: Any) -> Callable[[Any], list[Any]]:
    """The same whatever the value: what stands around it is what is looked at."""
    return lambda _: [found]


def within(form: str) -> Callable[[Any], list[Any]]:
    """Between other words, at the asterisk."""
    head, _, tail = form.partition("*")
    return lambda value: [f"{head}{one}{tail}" for one in written(value)]


def beside(*others: Any) -> Callable[[Any], list[Any]]:
    """First of a list whose other items must have come through as well."""
    return lambda value: [[one, *others] for one in written(value)]


def twice(value: Any) -> list[Any]:
    return [[one, one] for one in written(value)]


def otherwise(default: str) -> Callable[[Any], list[Any]]:
    """The value if it is true to Python."""
    return lambda value: written(value) if value else [default]


def resolved(value: Any) -> list[Any]:
    """The text that markup stands for, with its references resolved or as they are."""
    return [html.unescape(str(value)), str(value)]


def shown(value: Any) -> list[Any]:
    """The text that markup shows."""
    return [html.unescape(re.sub("<[^>]*>", "", str(value)))]


def quoted(value: Any) -> list[Any]:
    """Percent-encoded, as ``|urlencode`` does it, or not."""
    return [form for one in written(value) for form in (one, quote(one, safe="/"))]


def literal(value: Any) -> list[Any]:
    """As a JavaScript value: itself, or the string of it; a numeral may be a number."""
    found: list[Any] = [value] if not isinstance(value, _NOT_JSON) else written(value)
    if isinstance(value, Decimal):
        found.append(float(value))
    if isinstance(value, datetime.date):
        found += [value.isoformat(), value.isoformat().replace("+00:00", "Z")]
    if isinstance(value, str) and value in (
        "42",
        "-7.5",
        "1e5",
        "true",
        "null",
        "12345678901234567890",
    ):
        bare = json.loads(value)
        found.append(int(float(bare)) if isinstance(bare, int) and bare > 2**53 else bare)
    return found


_NOT_JSON = (Decimal, datetime.date, uuid.UUID, enum.Enum, type(lazystr("")))


def parsed(value: Any) -> list[Any]:
    """What a string of JSON stands for."""
    return [json.loads(value)]


def coloured(value: Any) -> list[Any]:
    """As it is, or as the browser writes it."""
    return [
        value,
        value.lower(),
        {"#fff": "rgb(255, 255, 255)", "#a0B1c2": "rgb(160, 177, 194)"}.get(value),
    ]
