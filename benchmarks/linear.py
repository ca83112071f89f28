"""Whether the time to write a value grows with its length alone, in every kind of place.

Run ``python -m benchmarks --templates-only --linear``. A ratio near 10 is linear, one near 100 is
quadratic. Nothing asserts on it: a shared machine may stall.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

_PLACES = {
    "text": "<p>{{ a }}</p>",
    "double quotes": '<p title="{{ a }}">',
    "single quotes": "<p title='{{ a }}'>",
    "no quotes": "<p title={{ a }}>",
    "comment": "<!-- {{ a }} -->",
    "title": "<title>{{ a }}</title>",
    "raw text": "<xmp>{{ a }}</xmp>",
    "href": '<a href="{{ a }}">',
    "query": '<a href="/?q={{ a }}">',
    "srcset": '<img srcset="{{ a }}">',
    "style": '<p style="color: {{ a }}">',
    "css string": "<style>a { b: '{{ a }}' }</style>",
    "css url": "<style>a { b: url({{ a }}) }</style>",
    "js value": "<script>var a = {{ a }}</script>",
    "js string": "<script>var a = '{{ a }}'</script>",
    "js template": "<script>var a = `{{ a }}`</script>",
    "js comment": "<script>/* {{ a }} */</script>",
    "html in js": "<script>a = '<p>{{ a }}</p>'</script>",
    "handler": "<p onclick=\"go('{{ a }}')\">",
    "javascript link": "<a href=\"javascript:go('{{ a }}')\">",
    "srcdoc": '<iframe srcdoc="<p>{{ a }}</p>"></iframe>',
    "refresh": '<meta http-equiv="refresh" content="0;url={{ a }}">',
    "attribute name": "<p {{ a }}>",
    "tag name": "<x-{{ a }}>",
    "vouched": "<p>{{ a|safe }}</p>",
    "vouched, attribute": '<p title="{{ a|safe }}">',
    "vouched, script": "<script>var d = {{ a|safe }};</script>",
}
_VALUES = {
    "words": "It is a text of some words. ",
    "markup": "<b>\"a\" & 'b'</b>",
    "open": "<",
    "dashes": "--",
    "backslashes": "\\",
    "references": "&a",
    "braces": "${",
    "spaces": " \t",
    "brackets": "[{",
    "slashes": "/*",
    "accents": "é\u2028",
}
_SMALL, _LARGE = 100_000, 10_000_000
#: Enough to say that it is not linear, without waiting for the end.
_TOO_LONG = 5.0


class Row(NamedTuple):
    """Seconds to render with values of two lengths, of which the second is ten times the first."""

    place: str
    value: str
    size: int
    short: float
    long: float

    @property
    def growth(self) -> float:
        """How many times longer the longer one took; below some milliseconds the clock decides."""
        return self.long / max(self.short, 0.004)


def measure() -> Iterator[Row]:
    """Yield a row for each place and value of 100 kB and 1 MB; for words of 1 MB and 10 MB also."""
    from django.template import Context

    from ringfence.template import Engine

    engine = Engine()
    for place, source in _PLACES.items():
        template = engine.from_string(source)

        def seconds(text: str, template: Any = template) -> float:
            context = Context({"a": text})
            started = time.process_time()
            template.render(context)
            return time.process_time() - started

        for name, piece in _VALUES.items():
            short = seconds(piece * (_SMALL // len(piece)))
            long = math.inf
            if short * 10 < _TOO_LONG:
                long = seconds(piece * (10 * _SMALL // len(piece)))
            yield Row(place, name, _SMALL, short, long)
            if name == "words" and long * 10 < _TOO_LONG:
                longest = seconds(piece * (_LARGE // len(piece)))
                yield Row(place, name, _LARGE // 10, long, longest)


def report() -> None:
    """Measure, and print a row for each; those that grow too fast are marked."""
    print("\nLENGTH: seconds to render with a value and with one ten times as long (linear: 10)")
    rows = []
    for row in measure():
        rows.append(row)
        mark = "  <-- not linear" if row.growth > 20 else ""
        print(
            f"{row.place:<20}{row.value:<14}{row.size:>9}{row.short:>9.3f}{row.long:>9.3f}"
            f"{row.growth:>8.1f}{mark}",
            flush=True,
        )
    worst = max(rows, key=lambda row: row.growth)
    print(f"fastest growth: {worst.growth:.1f} times, {worst.value} in {worst.place}")
