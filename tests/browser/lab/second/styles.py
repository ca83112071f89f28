"""CSS: values, strings, addresses, selectors, names and comments; in attributes and elements."""

from __future__ import annotations

from typing import Any

from tests.browser.lab.contexts import Context
from tests.browser.lab.second.harmless import always, coloured, otherwise, resolved
from tests.browser.lab.second.kinds import TEXT, attr, jinja_too, row, under

__all__ = ["STYLES"]

_COLOUR = "t.style.color"
_RULE = "d.styleSheets[0].cssRules[0]"


def _text(value: Any) -> list[Any]:
    return [str(value)]


def _style(body: str) -> str:
    return f"<style>\n{body}\n</style><p id=t class=a>a</p>"


def _ends(value: Any) -> list[Any]:
    return [str(value)]


def _px(value: Any) -> list[Any]:
    return [f"{value}px", f"{float(value):g}px"]


STYLES: tuple[Context, ...] = (
    jinja_too(
        "style-value", '<p id=t style="color: {{ x }}">a</p>', _COLOUR, "colour", expect=coloured
    ),
    jinja_too(
        "style-value-two",
        "<p id=t style='color:{{ x }};background-color:{{ y }}'>a</p>",
        "t.style.backgroundColor",
        "colour",
        expect=coloured,
        variables=under("x", "y"),
    ),
    jinja_too(
        "style-bare", "<p id=t style=color:{{ x }}>a</p>", _COLOUR, "colour", expect=coloured
    ),
    jinja_too(
        "style-length",
        '<p id=t style="margin-left: {{ x }}px; width: calc({{ x }} * 1%)">a</p>',
        "t.style.marginLeft",
        "number",
        expect=_px,
        reference=3,
    ),
    jinja_too(
        "style-progress",
        '<div id=t style="width:{{ x }}%"></div>',
        "t.style.width",
        "count",
        expect=lambda v: [f"{v}%"],
        reference=3,
    ),
    jinja_too(
        "style-string",
        "<p id=t style=\"font-family: '{{ x }}', serif\">a</p>",
        "lab.css(t.style.fontFamily.replace(/, serif$/, ''))",
        "word",
        expect=_text,
    ),
    jinja_too(
        "style-string-double",
        '<p id=t style=\'quotes: "{{ x }}" "b"\'>a</p>',
        "t.style.quotes !== ''",
        "line",
        expect=always(True),
    ),
    jinja_too(
        "style-address",
        '<p id=t style="background-image: url({{ x }})">a</p>',
        "t.style.backgroundImage.slice(0, 4)",
        "own",
        expect=always("url("),
    ),
    jinja_too(
        "style-address-single",
        "<p id=t style=\"background-image: url('{{ x }}')\">a</p>",
        "lab.css(t.style.backgroundImage.slice(4, -1))",
        "address",
        expect=_text,
    ),
    jinja_too(
        "style-address-entity",
        '<p id=t style="background-image: url(&quot;{{ x }}&quot;)">a</p>',
        "lab.css(t.style.backgroundImage.slice(4, -1))",
        "address",
        expect=_text,
    ),
    jinja_too(
        "style-address-path",
        '<p id=t style="background-image: url(/media/{{ x }}.png)">a</p>',
        "lab.css(t.style.backgroundImage.slice(4, -1))",
        "slug",
        expect=lambda v: [f"/media/{v}.png"],
    ),
    jinja_too(
        "style-custom",
        '<p id=t style="--accent: {{ x }}; color: red">a</p>',
        "t.style.getPropertyValue('--accent').trim()",
        "colour number",
        expect=_text,
    ),
    jinja_too(
        "style-custom-string",
        "<p id=t style=\"--label: '{{ x }}'\">a</p>",
        "lab.css(t.style.getPropertyValue('--label').trim())",
        "line",
        expect=_text,
    ),
    jinja_too(
        "style-whole",
        '<p id=t style="{{ x }}">a</p>',
        TEXT,
        "colour",
        expect=always("a"),
        refused="declarations are made of it",
    ),
    jinja_too(
        "style-property",
        '<p id=t style="{{ x }}: red">a</p>',
        TEXT,
        "slug",
        expect=always("a"),
        refused="it names a property",
        names=((r"style\{[\w-]*\}", "style{}"),),
    ),
    jinja_too(
        "style-suffix",
        '<p id=t style="border-{{ x }}: 1px solid">a</p>',
        TEXT,
        "slug",
        expect=always("a"),
        refused="it names a property",
        names=((r"style\{[\w-]*\}", "style{}"),),
    ),
    jinja_too(
        "style-comment",
        '<p id=t style="/* {{ x }} */ color: red">a</p>',
        _COLOUR,
        expect=always("red"),
    ),
    row(
        "style-if",
        '<p id=t style="{% if x %}color: {{ x }};{% endif %}margin: 0">a</p>',
        _COLOUR,
        "colour",
        expect=coloured,
    ),
    row(
        "style-default",
        '<p id=t style="color: {{ x|default:"red" }}">a</p>',
        _COLOUR,
        "colour",
        expect=coloured,
    ),
    row(
        "style-firstof",
        '<p id=t style="color: {% firstof x "red" %}">a</p>',
        _COLOUR,
        "colour",
        expect=coloured,
    ),
    row(
        "style-safe",
        '<p id=t style="color: {{ x|safe }}">a</p>',
        _COLOUR,
        "colour",
        expect=coloured,
    ),
    row(
        "style-floatformat",
        '<p id=t style="width: {{ x|floatformat:1 }}%">a</p>',
        "t.style.width",
        "count",
        expect=lambda v: [f"{v}%"],
        unattackable="only numbers come through",
        reference=3,
    ),
    jinja_too(
        "sheet-value",
        _style(".a { color: {{ x }}; margin: 0 }"),
        f"{_RULE}.style.color",
        "colour",
        expect=coloured,
    ),
    jinja_too(
        "sheet-last-value",
        _style(".a{color:{{ x }}}"),
        f"{_RULE}.style.color",
        "colour",
        expect=coloured,
    ),
    jinja_too(
        "sheet-length",
        _style(".a { width: {{ x }}px }"),
        f"{_RULE}.style.width",
        "count",
        expect=_px,
        reference=3,
    ),
    jinja_too(
        "sheet-custom",
        _style(":root { --brand: {{ x }}; --n: 1 }"),
        f"{_RULE}.style.getPropertyValue('--brand').trim()",
        "colour number",
        expect=_text,
    ),
    jinja_too(
        "sheet-string",
        _style('.a::before { content: "{{ x }}"; color: red }'),
        f"lab.css({_RULE}.style.content)",
        "line",
        expect=_text,
    ),
    jinja_too(
        "sheet-string-single",
        _style(".a::before { content: 'by {{ x }}' }"),
        f"lab.css({_RULE}.style.content)",
        "prose",
        expect=lambda v: [f"by {v}"],
    ),
    jinja_too(
        "sheet-address",
        _style(".a { background-image: url({{ x }}) }"),
        f"{_RULE}.style.backgroundImage.slice(0, 4)",
        "own",
        expect=always("url("),
    ),
    jinja_too(
        "sheet-address-quoted",
        _style(".a { background-image: url('{{ x }}') }"),
        f"lab.css({_RULE}.style.backgroundImage.slice(4, -1))",
        "address",
        expect=_text,
    ),
    jinja_too(
        "sheet-font",
        _style('@font-face { font-family: f; src: url("{{ x }}") }'),
        f"{_RULE}.style.fontFamily",
        "own",
        expect=always("f"),
    ),
    jinja_too(
        "sheet-import",
        "<style>@import '{{ x }}'; .a { color: red }</style><p id=t>a</p>",
        TEXT,
        "own",
        expect=always("a"),
        names=((r"CSSImportRule\{\}", ""),),
    ),
    jinja_too(
        "sheet-import-address",
        "<style>@import url({{ x }});</style><p id=t>a</p>",
        TEXT,
        "own",
        expect=always("a"),
        names=((r"CSSImportRule\{\}", ""),),
    ),
    jinja_too(
        "sheet-selector",
        _style(".user-{{ x }} { color: red }"),
        f"{_RULE}.selectorText",
        "slug",
        expect=lambda v: [f".user-{v}"],
    ),
    jinja_too(
        "sheet-selector-id",
        _style("#{{ x }} > li { color: red }"),
        f"{_RULE}.selectorText",
        "name",
        expect=lambda v: [f"#{v} > li"],
        reference="ref",
    ),
    jinja_too(
        "sheet-selector-string",
        _style('[data-name="{{ x }}"] { color: red }'),
        f"{_RULE}.selectorText !== ''",
        "line",
        expect=always(True),
    ),
    jinja_too(
        "sheet-media",
        _style("@media (max-width: {{ x }}px) { .a { color: red } }"),
        f"{_RULE}.conditionText",
        "count",
        expect=lambda v: [f"(max-width: {v}px)"],
        reference=3,
    ),
    jinja_too(
        "sheet-keyframes",
        _style("@keyframes {{ x }} { to { color: red } }"),
        f"{_RULE}.name",
        "slug",
        expect=_text,
        reference="ref",
    ),
    jinja_too(
        "sheet-comment",
        _style("/* theme: {{ x }} */ .a { color: red }"),
        f"{_RULE}.style.color",
        expect=always("red"),
    ),
    row(
        "sheet-loop",
        _style("{% for c in xs %}.c{{ forloop.counter }} { color: {{ c }} }\n{% endfor %}"),
        "d.styleSheets[0].cssRules[1].style.color",
        "colour",
        expect=coloured,
        variables=lambda v: {"xs": [v, v]},
    ),
    jinja_too(
        "sheet-whole",
        "<style>{{ x }}</style><p id=t>a</p>",
        TEXT,
        "colour",
        expect=always("a"),
        refused="a sheet is made of it",
    ),
    row(
        "sheet-safe",
        "<style>.a { color: {{ x|safe }} }</style><p id=t>a</p>",
        f"{_RULE}.style.color",
        "colour",
        expect=coloured,
    ),
    row(
        "sheet-block-super",
        '{% extends "second/sheet.html" %}{% block css %}{{ block.super }} '
        ".b { color: {{ x }} }{% endblock %}",
        "[0, 1].map(i => d.styleSheets[0].cssRules[i].style.color)",
        "colour",
        expect=lambda v: [[c, c] for c in coloured(v)],
        others={
            "second/sheet.html": "<!doctype html><html><head><title>a</title><style>"
            "{% block css %}.a { color: {{ x }} }{% endblock %}</style></head>"
            '<body id=t><p id="z"></p></body></html>'
        },
    ),
    jinja_too(
        "svg-style",
        "<svg><style>.a { fill: {{ x }} }</style></svg><p id=t>a</p>",
        f"{_RULE}.style.fill",
        "colour",
        expect=coloured,
    ),
    jinja_too(
        "svg-fill",
        '<svg><path id=t fill="{{ x }}" d="M0 0"/></svg>',
        attr("fill"),
        "colour",
        expect=resolved,
        unattackable="an attribute of one value",
    ),
    jinja_too(
        "svg-fill-address",
        '<svg><path id=t fill="url(#{{ x }})" d="M0 0"/></svg>',
        attr("fill"),
        "slug",
        expect=lambda v: [f"url(#{v})"],
        unattackable="an attribute of one value",
    ),
    jinja_too(
        "font-color",
        '<font id=t color="{{ x }}">a</font>',
        attr("color"),
        "colour",
        expect=resolved,
    ),
    row(
        "style-or",
        "<p id=t {% if x %}style='color: {{ x }}'{% endif %}>a</p>",
        "t.style.color || 'none'",
        "colour",
        expect=lambda v: coloured(v) if v else otherwise("none")(v),
    ),
)
