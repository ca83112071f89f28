"""A template's text to facts: what a variable stands in, forms, elements, names, what is left."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.audit import codec
from ringfence.audit.collect.templates import Standing, read_template
from ringfence.audit.collect.templates.elements import blanked
from ringfence.audit.collect.templates.expressions import is_escaped
from ringfence.audit.collect.templates.lexer import tokens
from ringfence.audit.model import Skipped, TemplateFacts

PAGE = "shop/templates/shop/page.html"


def facts_of(text: str, path: str = PAGE, **options: Standing) -> TemplateFacts:
    facts = read_template(path, text, **options)
    assert isinstance(facts, TemplateFacts), facts
    return facts


PLACES = [
    ("text", "<p>{{ x|safe }}", "text", "HTML text", "", ""),
    ("a title", "<title>{{ x|safe }}</title>", "text", "text of <title>", "", ""),
    ("an attribute", '<p title="{{ x|safe }}">', "attribute", "HTML attribute", "p", "title"),
    ("no quotes", "<input value={{ x }}>", "unquoted", "HTML unquoted attribute", "input", "value"),
    ("a link", '<a href="{{ x }}">', "url", "whole URL in an attribute", "a", "href"),
    ("a script", "<script>a = {{ x }}", "script", "JavaScript value", "", ""),
    ("a string", "<script>a = '{{ x }}", "string", "JavaScript string", "", ""),
    ("a data block", '<script type="a/json">"{{ x }}', "string", "JSON string", "", ""),
    (
        "markup in a script",
        "<script>b.innerHTML = '<b>{{ x }}",
        "string",
        "JavaScript string: HTML text",
        "",
        "",
    ),
    (
        "a handler",
        "<a onclick='go({{ x }})'>",
        "handler",
        "JavaScript value in an attribute",
        "a",
        "onclick",
    ),
    (
        "a script in a link",
        "<a href=\"javascript:go('{{ x }}')\">",
        "handler",
        "JavaScript string in a javascript: URL in an attribute",
        "a",
        "href",
    ),
    ("a style", "<style>a { color: {{ x }}", "style", "CSS value", "", ""),
    ("an element's name", "<{{ x }}>", "name", "HTML tag name", "", ""),
    ("attributes", "<p {{ x }}>", "name", "HTML attributes", "", ""),
    (
        "a frame",
        "<iframe srcdoc='{{ x }}'>",
        "srcdoc",
        "HTML text in an attribute",
        "iframe",
        "srcdoc",
    ),
    ("a comment", "<!-- {{ x|safe }}", "comment", "HTML comment", "", ""),
    ("behind a script", "<script>let a = '</script>{{ x|safe }}", "text", "HTML text", "", ""),
    ("behind a variable", '<a href="{{ y }}" {{ x }}>', "name", "HTML attributes", "", ""),
    (
        "the second branch",
        "<p {% if a %}title='b'{% else %}onclick='{{ x }}'{% endif %}>",
        "handler",
        "JavaScript value in an attribute",
        "p",
        "onclick",
    ),
    (
        "behind branches",
        "{% if a %}<i>{% else %}<b>{% endif %}{{ x|safe }}",
        "text",
        "HTML text",
        "",
        "",
    ),
    (
        "in an unknown tag",
        "<script>{% who %}{{ x }}{% endwho %}",
        "script",
        "JavaScript value",
        "",
        "",
    ),
    ("behind an unknown tag", "<p>{% who knows %}{{ x|safe }}", "text", "HTML text", "", ""),
    (
        "behind a macro",
        "<script>{% macro m() %}<p>{% endmacro %}{{ x }}",
        "script",
        "JavaScript value",
        "",
        "",
    ),
]


@pytest.mark.parametrize("row", PLACES, ids=[row[0] for row in PLACES])
def test_places(row: tuple[str, ...]) -> None:
    _, text, *expected = row
    variable = next(each for each in facts_of(text).variables if each.expression == "x")
    told = [variable.language, variable.context, variable.element, variable.attribute]
    assert told == expected


def test_what_escaping_is_enough_for_is_not_noted() -> None:
    text = '<p title="{{ a }}">{{ b }}<a href="/x/{{ c }}?q={{ d }}">'
    assert facts_of(text).variables == ()


ESCAPED = [
    ("nothing", [], True),
    ("safe", ["safe"], False),
    ("upper, safe", ["upper", "safe"], False),
    ("escape, safe", ["escape", "safe"], True),
    ("safe, escape", ["safe", "escape"], False),
    ("safe, force_escape", ["safe", "force_escape"], True),
    ("linebreaks, safe", ["linebreaks", "safe"], True),
    ("safe, linebreaks", ["safe", "linebreaks"], False),
    ("striptags, safe", ["striptags", "safe"], False),
    ("date, safe", ["date", "safe"], True),
]


@pytest.mark.parametrize(("filters", "expected"), [row[1:] for row in ESCAPED])
def test_escaped(filters: list[str], expected: bool) -> None:
    assert is_escaped(filters, autoescape=True) is expected


def test_form() -> None:
    text = (
        "<p>\n<form method=POST action=\"{% url 'x' %}?a={{ b }}\">\n{% csrf_token %}"
        '<input type="password">{% include "fields.html" %}{% block more %}{% endblock %}\n</form>'
    )
    (form,) = facts_of(text).forms
    assert (form.method, form.has_token, form.place.line, form.place.end_line) == (
        "post",
        True,
        2,
        4,
    )
    assert form.action == "{% url 'x' %}?a={{ b }}"
    assert (form.includes, form.fields, form.blocks) == (("fields.html",), ("password",), ("more",))


def test_branches_of_one_form() -> None:
    text = (
        '{% if a %}<form method="post">{% else %}<form method="get">{% endif %}'
        "{% csrf_token %}</form>"
    )
    assert [(form.method, form.has_token) for form in facts_of(text).forms] == [
        ("post", True),
        ("get", True),
    ]


def test_markup() -> None:
    text = (
        '<script src="{% static \'a">.js\' %}" defer>x</script>\n'
        "<a onclick='b()' {% if c %}id=d{% endif %}>"
    )
    script, link = facts_of(text).markup
    assert script.attributes == {"src": "{% static 'a\">.js' %}", "defer": ""}
    assert script.content == "x"
    assert (link.place.line, dict(link.attributes)) == (2, {"onclick": "b()", "id": "d"})


def test_names() -> None:
    facts = facts_of(
        "{% extends 'base.html' %}{% block a %}{% include \"b.html\" with c='d' %}{% include e %}"
        "{% csrf_token %}{% endblock %}"
    )
    assert (facts.extends, facts.includes) == (("base.html",), ("b.html",))
    assert (facts.names, facts.tokens) == (("shop/page.html",), frozenset({"a", "?"}))


def test_a_childs_macros_are_read_and_what_else_it_has_outside_of_blocks_is_not() -> None:
    text = (
        '{% extends "a.jinja" %}\n{% macro m(p) %}{{ p.text|safe }}{% endmacro %}\n{{ q|safe }}'
        "\n{% block b %}{{ r|safe }}{% endblock %}"
    )
    found = facts_of(text, "shop/jinja2/shop/page.jinja").variables
    assert [each.expression for each in found] == ["p.text", "r"]


def test_where_a_block_stands() -> None:
    facts = facts_of("<script>{% block js %}{% endblock %}</script>{% block body %}{% endblock %}")
    assert facts.blocks == {"js": "<script>", "body": ""}
    child = "{% extends 'a' %}{% block js %}let a = {{ x }}{% endblock %}"
    assert facts_of(child).variables == ()
    (variable,) = facts_of(child, standing=Standing(blocks=facts.blocks)).variables
    assert variable.context == "JavaScript value"


def test_accepted() -> None:
    facts = facts_of("<p>\n{# ringfence: accept XSS401 it is ours #}{{ a|safe }}")
    assert facts.accepted == {2: (("XSS401", "it is ours"),)}


def test_autoescape() -> None:
    facts = facts_of(
        "<p>\n{% autoescape off %}\n{{ a }}{% filter force_escape %}{{ b }}{% endfilter %}"
        "{% endautoescape %}{{ c }}"
    )
    assert [(each.expression, each.since) for each in facts.variables] == [("a", 2)]


SKIPPED = [
    ("Handlebars", "a/templates/x.html", "{{#each a}}{{b}}{{/each}}"),
    ("Vue", "a/templates/x.html", '<p v-if="a">{{ b }}</p>'),
    ("Mako", "a/templates/x.html", '<%inherit file="a.html"/>'),
    ("ERB", "a/templates/x.html", "<p><%= a %>"),
    ("no folder of templates", "a/static/x.html", "<p>{{ b }}</p>"),
    ("a plain page", "docs/x.html", "<p>"),
    ("bytes", "a/templates/x.html", "\0\0"),
    ("a project's template", "a/templates/x.html", "{{ cookiecutter.name }}"),
]


@pytest.mark.parametrize(
    ("path", "text"), [row[1:] for row in SKIPPED], ids=[r[0] for r in SKIPPED]
)
def test_skipped(path: str, text: str) -> None:
    skipped = read_template(path, text)
    assert isinstance(skipped, Skipped)
    assert skipped.path == path
    assert skipped.reason


def test_too_long() -> None:
    assert isinstance(read_template(PAGE, "{% if %}" + "a" * 5_000_000), Skipped)


_PIECES = st.sampled_from(
    [
        *(
            "{{",
            "}}",
            "{%",
            "%}",
            "{#",
            "#}",
            " if x ",
            " endif ",
            " raw ",
            " comment ",
            "verbatim",
        ),
        *(
            "<a ",
            "href=",
            '"',
            "'",
            ">",
            "<script>",
            "</script>",
            "<!--",
            "-->",
            "x|safe",
            "=",
            "a",
        ),
        *(
            " block b ",
            " endblock ",
            " extends 'a' ",
            " autoescape off ",
            " include 'b' ",
            "endraw",
        ),
        *(" endcomment ", " else ", " macro m ", " set a = b ", " with a=b|safe ", "</form>", "\n"),
        *("<form ", "-", "<"),
    ]
)
_TEXTS = st.lists(_PIECES, max_size=40).map("".join)


@given(_TEXTS, st.booleans())
def test_tokens_cover_the_text(text: str, jinja: bool) -> None:
    found = list(tokens(text, jinja=jinja))
    ends = [0, *(token.end for token in found)]
    assert [token.start for token in found] == ends[:-1]
    assert ends[-1] == len(text)
    assert len(blanked(text, found)) == len(text)


@given(_TEXTS, st.sampled_from([PAGE, "a/jinja2/x.html", "a/templates/x.js", "a/templates/x.xml"]))
def test_anything_is_read(text: str, path: str) -> None:
    facts = read_template(path, text)
    assert codec.loads(type(facts), codec.dumps(facts)) == facts


HOSTILE = [
    ("open tags", "{%" * 50_000),
    ("open variables", '{{ "' * 50_000),
    ("open elements", '<a "' * 50_000),
    ("open comments", "<!--" * 50_000),
    ("open blocks", "{% if x %}" * 20_000 + "{% endif %}"),
    ("open texts", "{% raw %}" * 20_000),
    ("nested scripts", "<script>" + "(" * 50_000 + "{{ x }}"),
    ("many filters", "<p>{{ x" + "|a" * 50_000 + "|safe }}"),
    ("forms", "<form method=post>" * 5_000 + "{% include 'x' %}" * 100),
    ("closed forms", "<form method=post><input name=a></form>{{ x }}" * 20_000),
    ("one line", "<p>{{ x|safe }}" * 60_000),
    ("templates", "<template>" * 60_000 + "{{ x }}"),
]


@pytest.mark.parametrize("text", [row[1] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
@pytest.mark.parametrize("path", [PAGE, "a/jinja2/x.html"])
def test_hostile(path: str, text: str) -> None:
    before = time.process_time()
    read_template(path, text)
    assert time.process_time() - before < 10
