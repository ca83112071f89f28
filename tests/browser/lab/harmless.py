"""Values as people write them, and what each reads as where it arrived."""

from __future__ import annotations

import datetime
import html
import json
import re
import uuid
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

__all__ = [
    "GROUPS",
    "PLACEHOLDER",
    "as_colour",
    "as_javascript",
    "as_javascript_exactly",
    "as_json_again",
    "as_label",
    "as_markup",
    "as_text",
    "values",
]

#: What the escaping ring writes where nothing safe can be written.
PLACEHOLDER = "ringfence-refused"

WORDS = (
    "plain",
    "two words",
    "Grüße",
    "日本語",
    "🎉 party",
    "שלום עולם",
    "\u202eright to left",
    "javascript",
    "50%",
    "C++",
    "3.14",
)

LINES = (
    *WORDS,
    "O'Brien & Söhne",
    "R&D <b>",
    '"quoted"',
    "C++/C#",
    "a=b&c=d",
    "back\\slash",
    "C:\\new\\table",
    "`ticks`",
    "${x}",
    "$100",
    "</b>",
    "<3",
    "a < b > c",
    "-->",
    "<!--",
    "]]>",
    "&amp;",
    "&copy 2026",
    "{}",
    "[]",
    "{ not a template",
    "50% off; 'today' only",
    "alert(1)",
    "http://example.com/?a=1&b=2",
    "javascript: a language",
    "e=mc²",
    "=cmd",
    "null",
    "12:30",
    "a\u2028b",
    "tab\there",
    "0",
    "",
    "-1",
    "x" * 5000,
)

GROUPS: dict[str, tuple[Any, ...]] = {
    "text": (*LINES, "two\nlines", "mixed \"double\" and 'single'\n<b>and</b> & more", 7, 1.5),
    # An input's value cannot hold a line's end.
    "line": LINES,
    # Where nothing can be written that HTML or a filter changes on its way.
    "word": WORDS,
    "text-in-body": tuple(word for word in WORDS),
    "typed": (
        0,
        -3,
        2.5,
        True,
        False,
        None,
        [1, "two", None],
        {"a": 1, "b": ["<b>", "O'Brien", '"']},
        {"</script>": "<!--<script>"},
        datetime.date(2026, 5, 4),
        datetime.datetime(2026, 5, 4, 3, 2, 1, tzinfo=datetime.UTC),
        Decimal("1.50"),
        uuid.UUID("12345678-1234-5678-1234-567812345678"),
    ),
    "json": (
        '{"a": 1, "b": "<b>"}',
        '["O\'Brien", "</script>", null, true]',
        '"text"',
        "1",
        "[]",
    ),
    "simple": ("plain", "two words", "a-b", "Grüße"),
    "url": (
        "/",
        "/a/b?c=d&e=f#g",
        "/a%20b/%C3%BC",
        "page.html",
        "../up",
        "?page=2&sort=-name",
        "#top",
        "https://example.test/",
        "https://example.test/?q=O'Brien",
        "http://example.test:8000/a;b=c,d",
        "https://user@example.test/",
        "//cdn.example.test/a.png",
        "mailto:a@example.test",
        "tel:+49-30-123",
        "/search?q=a+b&amp=1",
        "/grüße/日本",
        "a:b/c/../d".replace("a:b", "./a:b"),
        "/a(b)[c]*d!$~",
    ),
    "path": ("/", "/a/b?c=d&e=f#g", "/a%20b/c", "page.html", "?page=2", "/save/1/"),
    "own": ("/static/app.js", "/static/a.js?v=3", "/deep/er/a.b.js"),
    "base": ("/a", "/a/b", "https://example.test/a"),
    "fragment": ("#icon", "/static/sprite.svg#icon"),
    "image": ("/a.png", "/media/a-b_c.jpg", "https://example.test/a.png?w=1&h=2", "a.png"),
    "srcset": ("/a.png 1x, /b.png 2x", "/a.png 100w, https://example.test/b.png 200w"),
    "address": ("a@example.test", "a.b+c@example.test"),
    "host": ("example.test", "a.example.test", "example.test:8000"),
    "scheme": ("http", "https"),
    "segment": (
        "plain",
        "two words",
        "a-b_c.d~e",
        "Grüße",
        "日本語",
        "a@b",
        "1,2",
        "R&D",
        "O'Brien",
        "7",
    ),
    "query": (
        *WORDS,
        "R&D <b>",
        "O'Brien & Söhne",
        "a=b&c=d",
        '"quoted"',
        "C++/C#",
        "#1",
        "http://example.test/?a=1&b=2",
        "back\\slash",
        "`${x}`",
        "",
    ),
    "colour": ("red", "#fff", "#a1b2c3", "rgb(1, 2, 3)", "rgba(0, 0, 0, 0.5)", "transparent"),
    "length": ("10px", "50%", "1.5em", "0px", "-3px"),
    "count": ("10", "1.5", 7, "0"),
    "media": ("print", "screen", "all"),
    "property": ("color", "background-color"),
    "ident": ("a", "user-name", "x1", "active", "item_2"),
    "ident-js": ("a", "x1", "active", "item_2", "user-name"),
    "letter-e": ("e",),
    "flag": ("checked", "disabled", "hidden", ""),
    "async": ("async",),
    "tag": ("b", "em", "strong", "section", "h2"),
    "level": (1, 2, "3", "4", 5, 6),
    "seconds": ("100", "300"),
    "svg-attribute": ("fill", "opacity"),
}

_BARE = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?|true|false|null")


def values(groups: tuple[str, ...], among: Mapping[str, tuple[Any, ...]] = GROUPS) -> list[Any]:
    """Return the values of those groups, each once, in their order."""
    found: dict[str, Any] = {}
    for group in groups:
        for value in among[group]:
            found.setdefault(repr(value), value)
    return list(found.values())


def as_text(value: Any) -> list[Any]:
    """The text that Django writes for it."""
    return [str(value)]


def as_markup(value: Any) -> list[Any]:
    """The text that markup stands for: its character references are resolved."""
    return [html.unescape(str(value)), str(value)]


def as_label(value: Any) -> list[Any]:
    return [f"{value}:", str(value)]


def as_javascript_exactly(value: Any) -> list[Any]:
    """The value as JSON would carry it."""
    if isinstance(value, datetime.datetime):
        return [value.isoformat(), value.isoformat().replace("+00:00", "Z"), str(value)]
    if isinstance(value, datetime.date | uuid.UUID):
        return [value.isoformat() if isinstance(value, datetime.date) else str(value)]
    if isinstance(value, Decimal):
        return [str(value), float(value)]
    return [value]


def as_javascript(value: Any) -> list[Any]:
    """Like JSON, but a string that reads as a number or a constant may be that."""
    if isinstance(value, str) and _BARE.fullmatch(value):
        return [value, json.loads(value)]
    return as_javascript_exactly(value)


def as_json_again(value: Any) -> list[Any]:
    """JSON that was parsed and written once more, without spaces."""
    return [json.dumps(json.loads(value), separators=(",", ":"), ensure_ascii=False)]


def as_colour(value: Any) -> list[Any]:
    """The colour as it was written, or as the browser writes it."""
    text = str(value)
    if match := re.fullmatch("#(?:([0-9a-f])([0-9a-f])([0-9a-f]))", text):
        text = "#" + "".join(2 * digit for digit in match.groups())
    if re.fullmatch("#[0-9a-f]{6}", text):
        red, green, blue = (int(text[i : i + 2], 16) for i in (1, 3, 5))
        return [str(value), f"rgb({red}, {green}, {blue})"]
    return [text]
