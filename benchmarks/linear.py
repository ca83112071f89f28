"""Whether the time to write a value grows with its length alone, in every kind of place.

Run ``python -m benchmarks --templates-only --linear``. A ratio near 10 is linear, one near 100 is
quadratic. Nothing asserts on it: a shared machine may stall.
"""

from __future__ import annotations

import time

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
_SIZES = (1_000_000, 10_000_000)


def measure() -> list[tuple[str, str, float, float]]:
    """Return place, value, seconds for the shorter one, seconds for the longer one."""
    from django.template import Context

    from ringfence.template import Engine

    engine = Engine()
    found = []
    for place, source in _PLACES.items():
        template = engine.from_string(source)
        for name, piece in _VALUES.items():
            times = []
            for size in _SIZES:
                context = Context({"a": piece * (size // len(piece))})
                started = time.process_time()
                template.render(context)
                times.append(time.process_time() - started)
                if times[0] > 5:
                    # Ten times more of it would take minutes: that is answer enough.
                    times = [times[0], float("inf")]
                    break
            found.append((place, name, times[0], times[1]))
    return found


def render(found: list[tuple[str, str, float, float]]) -> str:
    """Return the figures, those that grow fastest first."""
    lines = ["\nLENGTH: seconds to render with a value of 1 MB and of 10 MB (linear: 10 times)"]

    def growth(row: tuple[str, str, float, float]) -> float:
        # Below a hundredth of a second the clock decides.
        return row[3] / max(row[2], 0.01)

    for place, name, short, long in sorted(found, key=growth, reverse=True):
        times = growth((place, name, short, long))
        lines.append(f"{place:<20}{name:<14}{short:>9.3f}{long:>9.3f}{times:>8.1f}")
    return "\n".join(lines)
