"""The Jinja2 backend: the same contexts, and everything that the language can do with a text."""

from __future__ import annotations

import asyncio
import builtins
import contextlib
import pickle
import sys
import threading

import jinja2
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.forms import Media
from django.template import TemplateDoesNotExist
from django.template.backends.jinja2 import Jinja2 as StockBackend
from django.test import RequestFactory, override_settings
from django.utils.safestring import mark_safe
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

import ringfence.template
from ringfence.rings.escaping import run as run_module
from ringfence.rings.escaping.jinja_run import rendering
from ringfence.rings.escaping.policy import EscapingPolicy
from ringfence.rings.escaping.provenance import Grants
from ringfence.rings.escaping.run import RefusedVariable
from ringfence.template import Jinja2, SafeJS, SafeURL

EVIL = "\"'><script>alert(1)</script>"
REFUSED = "ringfence-refused"


def backend(templates=None, kind=Jinja2, **options):
    options.setdefault("loader", jinja2.DictLoader(templates or {}))
    return kind({"NAME": "jinja", "DIRS": [], "APP_DIRS": False, "OPTIONS": options})


def render(source, /, *, templates=None, options=None, **context):
    return backend(templates, **(options or {})).from_string(source).render(context)


def stock(source, /, *, templates=None, options=None, **context):
    made = backend(templates, kind=StockBackend, **(options or {}))
    return made.from_string(source).render(context)


def table(rows):
    return [pytest.param(*row[1:], id=row[0]) for row in rows]


@pytest.mark.parametrize(
    ("source", "expected"),
    table(
        [
            (
                "strings",
                """<script>a = ['{{ texts|join("', '") }}']</script>""",
                r"<script>a = ['it\u0027s', '\u003Cb\u003E\u0027']</script>",
            ),
            (
                "vouched for by habit",
                """<p onclick='a(["{{ texts|join('","')|safe }}"])'>""",
                r"""<p onclick='a(["it\u0027s&quot;,&quot;\u003Cb\u003E\u0027"])'>""",
            ),
            (
                "numbers",
                "<script>a = [{{ list|join(', ') }}]</script>",
                "<script>a = [1, 2]</script>",
            ),
            (
                "separated by a variable",
                "<script>a = '{{ list|join(z) }}'</script>",
                r"<script>a = '1\u00272'</script>",
            ),
            (
                "not the last filter",
                """<script>a = '{{ list|join("'")|upper }}'</script>""",
                r"<script>a = '1\u00272'</script>",
            ),
            (
                "of an attribute",
                """<script>a = '{{ objects|join("'", attribute="a") }}'</script>""",
                r"<script>a = '1\u00272'</script>",
            ),
        ]
    ),
)
def test_what_joins_is_the_templates_own_text(source, expected):
    out = render(source, texts=["it's", "<b>'"], list=[1, 2], objects=[{"a": 1}, {"a": 2}], z="'")

    assert out == expected


@pytest.mark.parametrize(
    "source",
    [
        "<p>{{ texts|join('<br>') }}",
        "<p>{{ vouched|join('<br>') }}",
        "<p title='{{ list|join(', ') }}'>",
        "<p>{{ list|join('<br>')|safe }}",
    ],
)
def test_in_text_and_attributes_it_joins_as_jinja2_does(source):
    context = {"texts": ["it's", "<b>'"], "list": [1, 2], "vouched": [Markup("<i>"), "<"]}

    assert render(source, **context) == stock(source, options={"autoescape": True}, **context)


@pytest.fixture
def strict(monkeypatch):
    policy = EscapingPolicy(strict=True)
    monkeypatch.setattr("ringfence.rings.escaping.site.policy", lambda: policy)


@pytest.fixture
def granted(monkeypatch):
    """Renderings note what they grant, with the nonce N."""

    class Nonce:
        def lend(self):
            return "N"

    grants = Grants(EscapingPolicy(), Nonce())
    monkeypatch.setattr(run_module, "grants_of", lambda *_: grants)
    return grants


# The table of contexts


@pytest.mark.parametrize(
    ("source", "value", "expected"),
    table([
        ("text", "<p>{{ x }}</p>", "<b>'\"&", "<p>&lt;b&gt;&#39;&#34;&amp;</p>"),
        ("title", "<title>{{ x }}</title>", "</title>", "<title>&lt;/title&gt;</title>"),
        ("double quotes", '<p title="{{ x }}">', '"<\'', '<p title="&#34;&lt;&#39;">'),
        ("single quotes", "<p title='{{ x }}'>", "' a=", "<p title='&#39; a='>"),
        ("no quotes", "<p title={{ x }}>", "a b=", "<p title=a&#32;b&#61;>"),
        ("whole URL", '<a href="{{ x }}">', "/a?b=1&c", '<a href="/a?b=1&amp;c">'),
        ("quotes in a URL", '<a href="/a/{{ x }}/b">', "it's", '<a href="/a/it&#39;s/b">'),
        ("script URL", '<a href="{{ x }}">', "javascript:alert(1)",
         f'<a href="about:invalid#{REFUSED}">'),
        ("two variables in a scheme", '<a href="{{ x }}{{ x }}">', "javascript:", None),
        ("query", '<a href="/?q={{ x }}">', "a&b=c", '<a href="/?q=a%26b=c">'),
        ("script string", "<script>a = '{{ x }}'</script>", "'</script>",
         r"<script>a = '\u0027\u003C\u002Fscript\u003E'</script>"),
        ("script value", "<script>a = {{ x }}</script>", "a'b",
         r"""<script>a = "a\u0027b"</script>"""),
        ("script value, a list", "<script>a = {{ x }}</script>", [1, None, True],
         "<script>a = [1,null,true]</script>"),
        ("script number", "<script>a = {{ x }}</script>", 5, "<script>a = 5</script>"),
        ("template literal", "<script>a = `{{ x }}`</script>", "${x}`",
         r"<script>a = `\u0024\u007Bx\u007D\u0060`</script>"),
        ("handler", '<p onclick="f(\'{{ x }}\')">', "');alert(1)//",
         None),
        ("style", '<p style="width: {{ x }}px">', 5, '<p style="width: 5px">'),
        ("comment", "<!-- {{ x }} -->", "--><script>", None),
        ("tag name", "<h{{ x }}>", 2, "<h2>"),
        ("dangerous tag name", "<{{ x }}>", "script", f"<{REFUSED}>"),
        ("handler's name", "<p {{ x }}>", "onclick=alert(1)", f"<p {REFUSED}>"),
        ("vouched text", "<p>{{ x }}</p>", Markup("<b>a</b>"), "<p><b>a</b></p>"),
        ("Django's vouched text", "<p>{{ x }}</p>", mark_safe("<b>a</b>"), "<p><b>a</b></p>"),
        ("vouched in an attribute", '<p title="{{ x }}">', Markup('a&amp;b"<'),
         '<p title="a&amp;b&quot;&lt;">'),
        ("vouched, left open", "<p>{{ x }}</p>", Markup("<a href='"), "<p><a href=''></p>"),
        ("typed URL", '<a href="{{ x }}">', SafeURL("javascript:go()"),
         '<a href="javascript:go()">'),
        ("typed script", "<script>{{ x }}</script>", SafeJS("go()"), "<script>go()</script>"),
        ("none in text", "{{ x }}", None, "None"),
        ("none in a script", "<script>a={{ x }}</script>", None, "<script>a=null</script>"),
        ("undefined in text", "[{{ nothing }}]", 0, "[]"),
        ("undefined in a script", "<script>a = {{ nothing }};</script>", 0,
         '<script>a = "";</script>'),
        ("a constant is a value", "<script>a = {{ '</script>' }};</script>", 0,
         r'<script>a = "\u003C\u002Fscript\u003E";</script>'),
        ("a constant in text", "{{ '<b>' }}{{ 1 + 1 }}", 0, "&lt;b&gt;2"),
        ("raw", "{% raw %}<script>a = '{{ x }}'{% endraw %};b = '{{ x }}'</script>", "'",
         r"<script>a = '{{ x }}';b = '\u0027'</script>"),
        ("comments of the language", "<a {# x #}href={# y #}'{{ x }}'>", "javascript:x",
         f"<a href='about:invalid#{REFUSED}'>"),
        ("whitespace control", "<p title='  {{- x -}}  '>", "'", "<p title='&#39;'>"),
    ]),
)  # fmt: skip
def test_contexts(source, value, expected):
    written = render(source, x=value)
    if expected is None:
        assert not dangerous(written)
    else:
        assert written == expected


def dangerous(page):
    return (
        "<script>alert" in page
        or "javascript:javascript:" in page
        or "');alert" in page
        or "--><script>" in page
    )


@pytest.mark.parametrize(
    ("source", "value", "expected"),
    table([
        ("escape in text", "{{ x|e }}", "<'", "&lt;&#39;"),
        ("escape in an attribute", "<p title='{{ x|escape }}'>", "<'", "<p title='&lt;&#39;'>"),
        ("escape in a string", "<script>'{{ x|e }}'</script>", "<'",
         r"<script>'\u003C\u0027'</script>"),
        ("forceescape in a handler", "<p onclick='f(\"{{ x|forceescape }}\")'>", "<'",
         "<p onclick='f(\"\\u003C\\u0027\")'>"),
        ("escape in a URL", "<a href='{{ x|e }}'>", "javascript:a&b",
         f"<a href='about:invalid#{REFUSED}'>"),
        ("urlencode in a query", "<a href='?q={{ x|urlencode }}'>", "a b&c",
         "<a href='?q=a%20b%26c'>"),
        ("tojson as a value", "<script>a = {{ x|tojson }}</script>", {"a": "</script>'"},
         r'<script>a = {"a":"\u003C\u002Fscript\u003E\u0027"}</script>'),
        ("tojson in an attribute", "<p data-x='{{ x|tojson }}'>", {"a": "'"},
         r"<p data-x='{&quot;a&quot;: &quot;\u0027&quot;}'>"),
        ("tojson in a handler", "<p onclick='f({{ x|tojson }})'>", ["'"],
         r"<p onclick='f([&quot;\u0027&quot;])'>"),
        ("safe in text", "{{ x|safe }}", "<b>a</b>", "<b>a</b>"),
        ("safe in a string", "<script>'{{ x|safe }}'</script>", "</script>",
         r"<script>'\u003C\u002Fscript\u003E'</script>"),
        ("xmlattr", "<ul{{ {'class': x}|xmlattr }}>", '"', '<ul class="&#34;">'),
        ("xmlattr with a handler", "<ul{{ {'onclick': x}|xmlattr }}>", "alert(1)",
         f"<ul  {REFUSED}>"),
        ("xmlattr of nothing", "<ul{{ {}|xmlattr }}>", "", "<ul>"),
    ]),
)  # fmt: skip
def test_filters(source, value, expected):
    assert render(source, x=value) == expected


HARMLESS = ("a", "Tom & Jerry", "it's", '"quoted"', "a < b", 7, 2.5, None, True, "ä€🙂", "")


@pytest.mark.parametrize("value", HARMLESS, ids=repr)
@pytest.mark.parametrize(
    "source",
    [
        "<p>{{ x }}</p>",
        '<p title="{{ x }}" class="a {{ x }}">{{ x }}',
        "<textarea>{{ x }}</textarea>",
        "{% for i in range(3) %}{{ loop.index }}{{ x }}{% else %}none{% endfor %}",
        "{% set a = x %}{{ a ~ '<' }}{{ [x, x]|join(', ') }}",
        "{% set a %}<b>{{ x }}</b>{% endset %}{{ a }}{{ a|upper }}",
        (
            "{% macro m(a, b='<') %}<i>{{ a }}{{ b }}{{ caller() if caller }}</i>{% endmacro %}"
            "{{ m(x) }}{% call m(x, b=x) %}<u>{{ x }}</u>{% endcall %}"
        ),
        "{% filter upper %}<b>{{ x }}</b>{% endfilter %}",
        "{% with a=x %}{{ a }}{% endwith %}{{ x if x else 'nothing' }}{{ x|default('-', true) }}",
        "{% autoescape false %}{{ x|e }}{% endautoescape %}{{ x|string|trim }}",
        "{% include 'part' %}{% include 'part' without context %}{% include 'no' ignore missing %}",
        "{% extends 'base' %}{% block b %}[{{ super() }}|{{ x }}|{{ self.c() }}]{% endblock %}",
        "<ul{{ {'class': x}|xmlattr }}>{{ '%s'|format(x) }}{{ '<br>'|safe }}",
    ],
)
def test_harmless_values_come_out_as_jinja2_writes_them(source, value):
    templates = {
        "part": "<em>{{ x }}</em>",
        "base": "<p>{% block b %}<b>{{ x }}</b>{% endblock %}{% block c %}c{{ x }}{% endblock %}",
    }
    assert render(source, templates=templates, x=value) == stock(
        source, templates=templates, x=value
    )


# What the language does with a text

PARTS = {
    "link": "{% macro link(to, a) %}<a href='{{ to }}'>{{ a }}</a>{% endmacro %}"
    "{% macro string(a) %}'{{ a }}'{% endmacro %}"
    "{% macro box() %}<p title='{{ caller() }}'>{% endmacro %}"
    "{% set vouched %}<b>{{ 1 }}</b>{% endset %}",
    "string": "'{{ x }}'",
    "value": "{{ x }}",
    "quote": "title='",
    "base": "<script>{% block code %}a = '{{ x }}';{% endblock %}</script>"
    "<p title='{% block title %}{{ x }}{% endblock %}'>",
    "child": "{% extends 'base' %}{% block code %}{{ super() }}b = {{ x }};{% endblock %}"
    "{% block title %}{{ super() }}, {{ x }}{% endblock %}",
    "grandchild": "{% extends 'child' %}{% block code %}{{ super() }}{{ super.super() }}"
    "{% endblock %}",
}  # fmt: skip


@pytest.mark.parametrize(
    ("source", "value", "expected"),
    table([
        ("macro", "{% import 'link' as m %}{{ m.link(x, x) }}", "javascript:'",
         f"<a href='about:invalid#{REFUSED}'>javascript:&#39;</a>"),
        ("macro in a script", "{% from 'link' import string %}<script>{{ string(x) }}</script>",
         "'", r"<script>'\u0027'</script>"),
        ("imported with context", ("{% from 'link' import string with context %}"
         "<script>{{ string(x) }}</script>"), "'", r"<script>'\u0027'</script>"),
        ("the caller in an attribute",
         "{% from 'link' import box %}{% call box() %}{{ x }}{% endcall %}", "'<",
         "<p title='&#39;&lt;'>"),
        ("nested call blocks", ("{% from 'link' import box %}"
         "{% macro m() %}{% set c = caller %}{% call box() %}{{ c() }}{% endcall %}{% endmacro %}"
         "{% call m() %}{{ x }}{% endcall %}"), "'", "<p title='&#39;'>"),
        ("a macro that leaves a tag open", ("{% macro open() %}<a href='{% endmacro %}"
         "{{ open() }}{{ x }}'>"), "javascript:x", f"<a href='about:invalid#{REFUSED}'>"),
        ("a macro kept and put in later", ("{% macro m() %}<b>{{ x }}</b>{% endmacro %}"
         "{% set a = m() %}<p title='{{ a }}'>{{ a }}"), "'",
         "<p title='&lt;b&gt;&#39;&lt;/b&gt;'><b>&#39;</b>"),
        ("a macro through a filter", ("{% macro m() %} <b>{{ x }}</b> {% endmacro %}"
         "{{ m()|trim }}"), "'", "<b>&#39;</b>"),
        ("set block", "{% set a %}<b>{{ x }}</b>{% endset %}{{ a }}<p title='{{ a }}'>", "<",
         "<b>&lt;</b><p title='&lt;b&gt;&lt;&lt;/b&gt;'>"),
        ("set block of attributes", "<p {% set a %}class='{{ x }}'{% endset %}{{ a }}>", "'",
         "<p class='&#39;'>"),
        ("set block in a script",
         "<script>{% set a %}a{{ x }}{% endset %}b = '{{ a }}'</script>", "b",
         "<script>b = 'ab'</script>"),
        ("set block where a script's value stands",
         "<script>b = {% set a %}{{ x }}{% endset %}{{ a }};</script>", "alert(1)",
         '<script>b = "alert(1)";</script>'),
        ("set block where a script's string stands",
         "<script>b = '{% set a %}{{ x }}{% endset %}{{ a }}';</script>", "</script>",
         r"<script>b = '\u0026lt\u003B\u002Fscript\u0026gt\u003B';</script>"),
        ("set block where a style's value stands",
         "<style>p { color: {% set a %}{{ x }}{% endset %}{{ a }} }</style>", "red } * { color: x",
         f"<style>p {{ color: {REFUSED} }}</style>"),
        ("set block of a script's own text",
         "<script>{% set a %}{% if x %}go();{% endif %}{% endset %}{{ a }}b()</script>", "x",
         "<script>go();b()</script>"),
        ("set block with a link where a title stands",
         "<title>{% set a %}<a href='{{ x }}'>{% endset %}</title>{{ a }}", "javascript:x",
         "<title></title>&lt;a href=&#39;javascript:x&#39;&gt;"),
        ("set block with a filter where a title stands",
         "<title>{% set a | trim %}<a href='{{ x }}'>{% endset %}</title>{{ a }}", "javascript:x",
         f"<title></title><a href='about:invalid#{REFUSED}'>"),
        ("set block of tags alone where a title stands",
         "<title>{% set a %}<b>a</b>{% endset %}{{ a }}</title>{{ a }}", "",
         "<title><b>a</b></title><b>a</b>"),
        ("set block without tags where a title stands",
         "<title>{% set a %}it's {{ x }}{% endset %}{{ a }}</title>{{ a }}{{ a|upper }}", "<",
         "<title>it's &lt;</title>it's &lt;IT'S &LT;"),
        ("a macro kept where a script stands", ("{% from 'link' import link %}"
         "<script>{% set a = link(x, 1) %}e.innerHTML = '{{ a }}'</script>"), "javascript:x",
         (r"<script>e.innerHTML = '\u0026lt\u003Ba href\u003D\u0026#x27\u003Bjavascript:x"
          r"\u0026#x27\u003B\u0026gt\u003B1\u0026lt\u003B\u002Fa\u0026gt\u003B'</script>")),
        ("a macro kept where a script stands, and vouched for", ("{% from 'link' import link %}"
         "<script>{% set a = link(x, 1) %}</script>{{ a|safe }}{{ a ~ '' }}{{ a|trim }}"),
         "javascript:x",
         "<script></script>" + "&lt;a href=&#39;javascript:x&#39;&gt;1&lt;/a&gt;" * 3),
        ("a macro through a filter in a script's string", ("{% from 'link' import link %}"
         '<script>b = "{{ link(x, 1)|trim }}"</script>'), "a",
         r"""<script>b = "\u003Ca href\u003D\u0027a\u0027\u003E1\u003C\u002Fa\u003E"</script>"""),
        ("a macro with a comparison in a script", ("{% macro m() %}if (a < b) f('{{ x }}');"
         "{% endmacro %}<script>{{ m() if x }}{% set a = m() %}{{ a }}</script>"), "'",
         "<script>" + r"if (a < b) f('\u0027');" * 2 + "</script>"),
        ("set block with a filter", "{% set a | upper %}<b>{{ x }}</b>{% endset %}{{ a }}", "<",
         "<B>&LT;</B>"),
        ("set block that opens a tag", "{% set a %}<p title='{% endset %}{{ a }}{{ x }}'>", "'",
         "<p title='&#39;'>"),
        ("set block left by a break", ("{% for i in [1] %}{% set a %}<script>{% break %}"
         "{% endset %}{% endfor %}<p>{{ x }}"), "<", "<p>&lt;"),
        ("set block left by a continue", ("{% for i in [1, 2] %}{% set a %}<script>"
         "{% filter upper %}{% continue %}{% endfilter %}{% endset %}{% endfor %}<p>{{ x }}"),
         "<", "<p>&lt;"),
        ("filter block", "{% filter upper %}<i>{{ x }}</i>{% endfilter %}{{ x }}", "<",
         "<I>&LT;</I>&lt;"),
        ("filter block in an attribute", "<p title='{% filter upper %}{{ x }}{% endfilter %}'>",
         "'", "<p title='&#39;'>"),
        ("filter block in a string",
         "<script>a = '{% filter upper %}{{ x }}{% endfilter %}'</script>", "a</script>",
         r"<script>a = 'A\u0026LT\u003B\u002FSCRIPT\u0026GT\u003B'</script>"),
        ("include in a script", "<script>a = {% include 'string' %}</script>", "'",
         r"<script>a = '\u0027'</script>"),
        ("include without context",
         "{% include 'quote' without context %}<p {% include 'quote' without context %}{{ x }}'>",
         "'", "title='<p title='&#39;'>"),
        ("include in a macro",
         "{% macro m() %}<p {% include 'quote' without context %}{% endmacro %}{{ m() }}{{ x }}'>",
         "'", "<p title='&#39;'>"),
        ("include by a list", "<script>a = {% include ['none', 'value'] %}</script>", 5,
         "<script>a = 5</script>"),
        ("super in a script and an attribute", "{% extends 'child' %}", "'",
         "<script>a = '\\u0027';b = \"\\u0027\";</script><p title='&#39;, &#39;'>"),
        ("super of super", "{% extends 'grandchild' %}", "'",
         ("<script>a = '\\u0027';b = \"\\u0027\";a = '\\u0027';</script>"
         "<p title='&#39;, &#39;'>")),
        ("block used again", ("<title>{% block t %}{{ x }}{% endblock %}</title>"
         "<p title='{{ self.t() }}'>"), "'", "<title>&#39;</title><p title='&#39;'>"),
        ("loop whose rounds end in different states",
         ("{% for i in [1, 2] %}{{ '' if loop.first }}<p title={% if loop.first %}'{{ x }}'"
         "{% else %}{{ x }}{% endif %}>{% endfor %}"), "a ", "<p title='a '><p title=a&#32;>"),
        ("loop that opens in one round and closes in the next",
         ("{% for i in [1, 2] %}{% if loop.first %}<a href='{% else %}'>{% endif %}{{ x }}"
         "{% endfor %}"), "javascript:x", f"<a href='about:invalid#{REFUSED}'>javascript:x"),
        ("recursive loop", ("{% for i in [[[], []]] recursive %}<b title='{{ x }}'>{{ loop(i) }}"
         "</b>{% endfor %}"), "'",
         "<b title='&#39;'><b title='&#39;'></b><b title='&#39;'></b></b>"),
        ("recursive loop in an attribute", ("<p title='{% for i in [[[]]] recursive %}{{ x }}"
         "{{ loop(i) }}{% endfor %}'>{{ x }}"), "'", "<p title='&#39;&#39;'>&#39;"),
        ("autoescape off in text", "{% autoescape false %}{{ x }}{% endautoescape %}{{ x }}",
         "<b>", "<b>&lt;b&gt;"),
        ("autoescape off in a string",
         "<script>{% autoescape false %}'{{ x }}'{% endautoescape %}</script>", "'</script>",
         r"<script>'\u0027\u003C\u002Fscript\u003E'</script>"),
        ("autoescape off, a macro", ("{% autoescape false %}{% macro m() %}<p title='{{ x }}'>"
         "{% endmacro %}{{ m() }}{% endautoescape %}"), "'", "<p title='&#x27;'>"),
        ("autoescape by a variable", "{% autoescape off %}{{ x }}{% endautoescape %}", "<b>",
         "<b>"),
        ("undefined macro argument", "{% macro m(a) %}[{{ a }}]{% endmacro %}{{ m() }}", "", "[]"),
    ]),
)  # fmt: skip
def test_what_the_language_does(source, value, expected):
    options = {"extensions": ["jinja2.ext.loopcontrols"]}
    assert render(source, templates=PARTS, options=options, x=value, off=False) == expected


@pytest.mark.parametrize(
    "inside",
    [
        "{{ m(x) }}",
        "{{ n(x) }}",
        "{% call(y) k() %}{{ x }}{% endcall %}",
        "{% include 'value' %}",
        "{% block b %}{{ x }}{% endblock %}",
        "{% filter string %}{{ x }}{% endfilter %}",
        "{% for i in [[]] recursive %}{{ x }}{{ loop(i) }}{% endfor %}",
    ],
)
@pytest.mark.parametrize(
    "around", ["<script>a = '[]<b>';</script>", "<link href='[]' rel=stylesheet>"]
)
def test_what_follows_a_macro_decides_as_it_does_for_a_variable(around, inside):
    macros = (
        "{% macro m(a) %}{{ a }}{% endmacro %}{% macro n(a) %}{{ m(a) }}{% endmacro %}"
        "{% macro k() %}{{ caller(1) }}{% endmacro %}"
    )
    templates = {"macros": macros, "b": "{% block b %}{% endblock %}", **PARTS}
    templates["around"] = around.replace("[]", "{% block around %}{% endblock %}")
    imported = "{% from 'macros' import m, n, k %}"
    child = "{% extends 'around' %}{% block around %}" + imported + inside + "{% endblock %}"
    for value in ("<img>", "//evil.example/x", "/a"):
        direct = render(around.replace("[]", "{{ x }}"), x=value)
        source = imported + around.replace("[]", inside)
        assert render(source, templates=templates, x=value) == direct
        assert render(child, templates=templates, x=value) == direct


def test_line_statements():
    options = {"line_statement_prefix": "#"}
    source = "# for i in [1]\n<a href='{{ x }}'>\n# endfor\n"
    assert render(source, options=options, x="javascript:x") == (
        f"<a href='about:invalid#{REFUSED}'>\n"
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("mail.txt", "<'"),
        ("code.js", 'a = "\\u003C\\u0027"'),
        ("page.html", "&lt;&#39;"),
        ("page.html.j2", "&lt;&#39;"),
    ],
)
def test_a_template_begins_by_its_name(name, expected):
    autoescape = jinja2.select_autoescape(["html", "js", "j2"])
    start = "a = " if name == "code.js" else ""
    made = backend({name: start + "{{ x }}"}, autoescape=autoescape)
    assert made.get_template(name).render({"x": "<'"}) == expected


@pytest.mark.parametrize("newstyle", [True, False])
@pytest.mark.parametrize(
    ("source", "value", "expected"),
    table([
        ("text", "{% trans %}<i>Hello</i> {{ x }}{% endtrans %}", "<'",
         "<i>Hello</i> &lt;&#39;"),
        ("attribute", "<p title='{% trans %}Hello {{ x }}{% endtrans %}'>", "<'&",
         "<p title='Hello &lt;&#39;&amp;'>"),
        ("URL", "<a href='{% trans %}{{ x }}{% endtrans %}'>", "javascript:x",
         f"<a href='about:invalid#{REFUSED}'>"),
        ("string", "<script>'{% trans %}Hello {{ x }}!{% endtrans %}'</script>", "it's",
         r"<script>'Hello it\u0027s!'</script>"),
        ("string, expression",
         "<script>'{% trans a=x|upper %}Hello {{ a }}{% endtrans %}'</script>", "it's",
         r"<script>'Hello IT\u0027S'</script>"),
        ("vouched in a string", "<script>'{% trans a=x|safe %}{{ a }}{% endtrans %}'</script>",
         "<b>", r"<script>'\u003Cb\u003E'</script>"),
        ("plural in a string", ("<script>'{% trans n=3, a=x %}{{ n }} {{ a }}{% pluralize %}"
         "{{ n }} {{ a }}s{% endtrans %}'</script>"), "it's", r"<script>'3 it\u0027ss'</script>"),
        ("per cent", "<script>'{% trans %}100% {{ x }}{% endtrans %}'</script>", "%s",
         r"<script>'100\u0025 \u0025s'</script>"),
        ("no variable", "<script>'{% trans %}it's{% endtrans %}'</script>", "",
         r"<script>'it\u0027s'</script>"),
        ("function", "<p title='{{ gettext('a') }}{{ _('b') }}'>", "", "<p title='ab'>"),
        ("link", "{% trans %}<a href='{{ x }}'>{{ x }}</a>{% endtrans %}", "javascript:a'",
         f"<a href='about:invalid#{REFUSED}'>javascript:a&#39;</a>"),
        ("harmless link", "{% trans %}<a href='{{ x }}'>{{ x }}</a>{% endtrans %}", "/a?b&c",
         "<a href='/a?b&amp;c'>/a?b&amp;c</a>"),
        ("handler", "{% trans %}<b onclick='f(\"{{ x }}\")'>a</b>{% endtrans %}", '");g("',
         "<b onclick='f(\"\\u0022)\\u003Bg(\\u0022\")'>a</b>"),
        ("markup behind a value in a string",
         "{% trans %}<b onclick='a=\"{{ x }}<b>\"'>a</b>{% endtrans %}", "<i>",
         "<b onclick='a=\"\\u0026lt\\u003Bi\\u0026gt\\u003B<b>\"'>a</b>"),
        ("markup in a sentence", "{% trans a=x|safe %}Hello {{ a }}{% endtrans %}", "<b>a</b>",
         "Hello <b>a</b>"),
        ("a macro in a sentence", ("{% macro m() %}<i>{{ x }}</i>{% endmacro %}"
         "{% trans a=m() %}<b>{{ a }}</b>{% endtrans %}"), "<", "<b><i>&lt;</i></b>"),
        ("plural of a link", ("{% trans n=3, a=x|trim %}{{ n }}{% pluralize %}{{ n }}"
         "<a href='{{ a }}'>{% endtrans %}"), "javascript:x",
         f"3<a href='about:invalid#{REFUSED}'>"),
        ("the one that is counted", ("{% trans n=1 %}{{ n }} {{ x }}{% pluralize %}"
         "{{ n }} {{ x }}s{% endtrans %}"), "'", "1 &#39;"),
        ("autoescape by a variable", ("{% autoescape not off %}{% trans %}<a href='{{ x }}'>"
         "{% endtrans %}{% endautoescape %}"), "javascript:x",
         f"<a href='about:invalid#{REFUSED}'>"),
        ("autoescape off by a variable", ("{% autoescape off %}{% trans %}<b title='{{ x }}'></b>"
         "{% endtrans %}{% endautoescape %}"), "&amp;", "<b title='&amp;'></b>"),
        ("a template for a script", ("<script type='text/template'>{% trans %}<a href='{{ x }}'>"
         "{% endtrans %}</script>"), "javascript:x",
         f"<script type='text/template'><a href='about:invalid#{REFUSED}'></script>"),
        ("a value like a mark", "{% trans a=x, b=x %}{{ a }}{{ b }}{% endtrans %}",
         "\ue0000\ue001", "\ue0000\ue001\ue0000\ue001"),
    ]),
)  # fmt: skip
def test_translations(newstyle, source, value, expected):
    made = backend(extensions=["jinja2.ext.i18n"])
    made.env.install_null_translations(newstyle=newstyle)
    assert made.from_string(source).render({"x": value}) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{ _(\"<a href='%(x)s'>\", x=x) }}", f"<a href='about:invalid#{REFUSED}'>"),
        ("{{ _(\"<a href='%(x)s'>\", x=x)|safe }}", f"<a href='about:invalid#{REFUSED}'>"),
        ("{% set m = _(\"<a href='%(x)s'>\", x=x) %}{{ m }}",
         f"<a href='about:invalid#{REFUSED}'>"),
        ("<script>'{{ _('%(x)s', x=x)|upper }}'</script>",
         "<script>'JAVASCRIPT:X'</script>"),
    ],
)  # fmt: skip
def test_sentences_by_functions(source, expected):
    made = backend(extensions=["jinja2.ext.i18n"])
    made.env.install_null_translations(newstyle=True)
    assert made.from_string(source).render({"x": "javascript:x"}) == expected


def test_a_function_of_the_sites_own_that_translates():
    source = "{{ gettext('<b>%(x)s', x=x) }}{% set m = gettext('<b>%(x)s', x=x) %}{{ m }}"
    for made, bold in ((str, "&lt;b&gt;"), (Markup, "<b>")):
        page = render(source, gettext=lambda text, made=made, **values: made(text % values), x="<'")
        assert page == f"{bold}&lt;&#39;" * 2


# Environments


def shouting(**options):
    """Return an environment of a site's own, as the ``environment`` option names it."""
    environment = jinja2.Environment(**options)  # noqa: S701 -- Django's backend passes it
    environment.finalize = lambda value: "-" if value is None else value
    environment.globals["shout"] = str.upper
    return environment


class OwnGenerator(jinja2.Environment.code_generator_class):
    """A code generator of a site's own."""

    def visit_Output(self, node, frame):  # noqa: N802 -- Jinja2's
        self.writeline("# own")
        super().visit_Output(node, frame)


class OwnTemplate(jinja2.Template):
    """A template class of a site's own."""

    def render(self, *args, **kwargs):
        return "own:" + super().render(*args, **kwargs)


class OwnContext(jinja2.runtime.Context):
    """A context class of a site's own."""

    def resolve_or_missing(self, key):
        return "own'" if key == "own" else super().resolve_or_missing(key)


class OwnEnvironment(jinja2.Environment):
    """An environment whose every part is a site's own."""

    code_generator_class = OwnGenerator
    template_class = OwnTemplate
    context_class = OwnContext


def test_an_environment_of_the_sites_own():
    made = backend({"a": "<p title='{{ none }}' onclick='{{ shout(x) }}'>"},
                   environment="tests.escaping.test_jinja2.shouting")  # fmt: skip
    page = made.get_template("a").render({"x": "alert(1)", "none": None})
    assert page.startswith("<p title='-' onclick='")
    assert "ALERT" not in page


def test_classes_of_the_sites_own():
    made = backend(
        {"a": "{% block b %}{{ own }}{% endblock %}",
         "b": "{% extends 'a' %}{% block b %}<script>'{{ super() }}'</script>{% endblock %}"},
        environment="tests.escaping.test_jinja2.OwnEnvironment",
    )  # fmt: skip
    assert made.get_template("b").render() == r"own:<script>'own\u0027'</script>"


def test_an_overlay_is_ours_as_well():
    overlay = backend().env.overlay(variable_start_string="[[", variable_end_string="]]")
    assert overlay.from_string("<a href='[[ x ]]'>").render(x="javascript:x") == (
        f"<a href='about:invalid#{REFUSED}'>"
    )


def test_templates_compiled_before_are_compiled_again():
    environment = jinja2.Environment(
        loader=jinja2.DictLoader({"a": "<a href='{{ x }}'>"}), autoescape=True
    )
    assert "javascript:" in environment.get_template("a").render(x="javascript:x")
    from ringfence.rings.escaping.jinja import adopt

    adopt(environment)
    adopt(environment)
    assert "javascript:" not in environment.get_template("a").render(x="javascript:x")


def test_a_template_compiled_by_jinja2_is_refused(tmp_path):
    templates = {"a": "{{ x }}"}
    stock = jinja2.Environment(loader=jinja2.DictLoader(templates), autoescape=True)
    stock.compile_templates(tmp_path, zip=None)
    with pytest.raises(RuntimeError, match="compiled without ringfence"):
        backend(loader=jinja2.ModuleLoader(tmp_path)).get_template("a")


def test_a_template_compiled_by_us_is_loaded(tmp_path):
    backend({"a": "<script>'{{ x }}'</script>"}).env.compile_templates(tmp_path, zip=None)
    made = backend(loader=jinja2.ModuleLoader(tmp_path))
    assert made.get_template("a").render({"x": "'"}) == r"<script>'\u0027'</script>"


def test_a_bytecode_cache_is_shared_with_jinja2(tmp_path):
    templates = {"a": "<a href='{{ x }}'>"}
    for _ in range(2):
        cache = jinja2.FileSystemBytecodeCache(str(tmp_path))
        loose = backend(templates, kind=StockBackend, bytecode_cache=cache)
        assert "javascript:" in loose.get_template("a").render({"x": "javascript:x"})
        cache = jinja2.FileSystemBytecodeCache(str(tmp_path))
        made = backend(templates, bytecode_cache=cache)
        assert REFUSED in made.get_template("a").render({"x": "javascript:x"})
    assert len(list(tmp_path.iterdir())) == 2
    made.env.bytecode_cache.clear()
    assert list(tmp_path.iterdir()) == []


def sandbox(**options):
    """Return a sandboxed environment."""
    return SandboxedEnvironment(**options)


def test_a_sandbox_keeps_what_it_does_not_know():
    made = backend(environment="tests.escaping.test_jinja2.sandbox", undefined=jinja2.Undefined)
    source = "{% set a %}<b>{{ x }}</b>{% endset %}<p title='{{ a }}'>{{ a }}{{ a._made }}"
    assert made.from_string(source).render({"x": "'"}) == (
        "<p title='&lt;b&gt;&#39;&lt;/b&gt;'><b>&#39;</b>"
    )


# One rendering and the next


async def test_async():
    made = backend({"part": "'{{ x }}'", **PARTS}, enable_async=True)
    source = (
        "{% from 'link' import box %}{% set a %}<b>{{ x }}</b>{% endset %}{{ a }}"
        "{% call box() %}{{ x }}{% endcall %}<script>a = {% include 'part' %};"
        "{% for i in [[]] recursive %}'{{ x }}'{{ loop(i) }}{% endfor %}</script>"
        "{% include 'quote' without context %}"
    )
    expected = "<b>&#39;</b><p title='&#39;'><script>a = '\\u0027';'\\u0027'</script>title='"
    template = made.env.from_string(source)
    pages = await asyncio.gather(*(template.render_async(x="'") for _ in range(5)))
    assert set(pages) == {expected}
    assert "".join([part async for part in template.generate_async(x="'")]) == expected
    child = made.env.get_template("child")
    assert await child.render_async(x="'") == (
        "<script>a = '\\u0027';b = \"\\u0027\";</script><p title='&#39;, &#39;'>"
    )


def test_async_from_sync():
    made = backend({"a": "<script>a = {{ x }}</script>"}, enable_async=True)
    template = made.get_template("a")
    assert template.render({"x": "a"}) == '<script>a = "a"</script>'
    assert "".join(template.template.generate(x="a")) == '<script>a = "a"</script>'


async def test_renderings_that_wait_for_each_other_do_not_meet():
    made = backend(enable_async=True)
    template = made.env.from_string("{{ wait(i) }}<p {{ wait(i) }}title='{{ wait(i) }}'>{{ x }}")

    async def wait(number):
        for _ in range(number):
            await asyncio.sleep(0)
        return ""

    pages = await asyncio.gather(*(template.render_async(x="'", wait=wait, i=i) for i in range(6)))
    assert set(pages) == {"<p title=''>&#39;"}


def test_streams_may_be_read_in_turn():
    template = backend().env.from_string("<p title='{{ x }}'>{{ x }}<script>'{{ x }}'</script>")
    whole = "<p title='&#39;'>&#39;<script>'\\u0027'</script>"
    first, second = template.generate(x="'"), template.stream(x="'")
    parts = [part for pair in zip(first, second, strict=True) for part in pair]
    assert "".join(parts[::2]) == "".join(parts[1::2]) == whole
    assert rendering.get() is None


def test_a_stream_that_is_left_leaves_nothing():
    stream = backend().env.from_string("<p title='{{ x }}'>").generate(x="a")
    next(stream)
    assert rendering.get() is None
    stream.close()
    assert rendering.get() is None


def test_threads():
    template = backend(PARTS).get_template("child")
    pages = []

    def work():
        pages.extend(template.render({"x": "'"}) for _ in range(50))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(pages) == 200
    assert len(set(pages)) == 1


def test_a_rendering_that_raised_leaves_nothing():
    template = backend().from_string("<p title='{% if bad %}{{ 1 // 0 }}{% endif %}'>{{ x }}")
    with pytest.raises(ZeroDivisionError):
        template.render({"bad": True})
    assert rendering.get() is None
    assert template.render({"x": "<"}) == "<p title=''>&lt;"


def test_a_macro_that_raised_leaves_the_place_as_it_was():
    def attempt(macro):
        try:
            return macro()
        except ZeroDivisionError:
            return "failed"

    source = "{% macro m() %}<script>{{ 1 // 0 }}{% endmacro %}{{ attempt(m) }}{{ x }}"
    assert render(source, attempt=attempt, x="<") == "failed&lt;"


def test_a_block_that_raised_leaves_the_place_as_it_was():
    def attempt(block):
        with contextlib.suppress(ZeroDivisionError):
            block()
        return ""

    source = (
        "{{ attempt(self.b) if first }}{% if not first %}{% block b %}<title>{{ 1 // 0 if first }}"
        "{% endblock %}</title>{% endif %}<a href='{{ x }}'>"
    )
    assert render(source, attempt=attempt, x="javascript:x", first=True) == (
        f"<a href='about:invalid#{REFUSED}'>"
    )


def test_a_rendering_within_another_has_a_state_of_its_own():
    made = backend()
    inner = made.env.from_string("<b>{{ x }}</b>")
    page = made.from_string("<p title='{{ inner(x=x) }}'>{{ inner(x=x) }}{{ x }}")
    assert page.render({"inner": inner.render, "x": "'"}) == (
        "<p title='&lt;b&gt;&amp;#39;&lt;/b&gt;'>&lt;b&gt;&amp;#39;&lt;/b&gt;&#39;"
    )


def test_macros_and_blocks_called_from_python():
    made = backend(PARTS)
    module = made.env.get_template("link").module
    assert module.link("javascript:x", "<") == f"<a href='about:invalid#{REFUSED}'>&lt;</a>"
    assert str(module.vouched) == "<b>1</b>"
    child = made.env.get_template("base")
    context = child.new_context({"x": "'"})
    assert "".join(child.blocks["title"](context)) == "&#39;"
    assert made.env.compile_expression("a ~ '<'")(a="b") == "b<"


def test_what_a_module_brings_is_markup():
    source = "{% import 'link' as m %}{{ m.vouched }}<p title='{{ m.vouched }}'>"
    for _ in range(2):
        assert render(source, templates=PARTS) == "<b>1</b><p title='&lt;b&gt;1&lt;/b&gt;'>"


def test_a_buffer_can_be_kept():
    kept = []
    render("{% set a %}<b>{{ x }}</b>{% endset %}{{ keep(a) }}", keep=kept.append, x="<")
    copy = pickle.loads(pickle.dumps(kept[0]))  # noqa: S301 -- as a cache does
    assert type(copy) is Markup
    assert copy == "<b>&lt;</b>"
    assert render("{{ a }}<p title='{{ a }}'>", a=kept[0]) == (
        "<b>&lt;</b><p title='&lt;b&gt;&lt;&lt;/b&gt;'>"
    )


def test_a_buffer_of_another_place_is_kept_as_text():
    kept = []
    render("<title>{% set a %}<b>{{ x }}</b>{% endset %}{{ keep(a) }}", keep=kept.append, x="y")
    copy = pickle.loads(pickle.dumps(kept[0]))  # noqa: S301 -- as a cache does
    assert type(copy) is str
    assert render("{{ a }}{{ b }}", a=kept[0], b=copy) == "&lt;b&gt;y&lt;/b&gt;" * 2
    assert render("{% call a() %}{% endcall %}", a=lambda caller: kept[0]) == (
        "&lt;b&gt;y&lt;/b&gt;"
    )


# Provenance


def test_what_template_text_is_granted(granted):
    page = render(
        "<script>a()</script>{{ x }}{{ x|safe }}"
        "{% macro m() %}<script>b = '{{ x }}'</script><p onclick='c()'>{% endmacro %}{{ m() }}"
        "{% set s %}<style>p { color: red }</style>{% endset %}{{ s }}",
        x="<script>evil()</script>",
    )
    assert page.count('<script nonce="N">') == 2
    assert page.count('<style nonce="N">') == 1
    assert page.count("<script>evil()") == 1
    assert len(granted.scripts) == 2
    assert None in granted.scripts
    assert len(granted.handlers) == 1


def test_the_media_of_a_form_are_a_developer_s(granted):
    page = render("{{ m }}<p title='{{ m }}'>", m=Media(js=["a.js"]))
    assert page == (
        '<script src="/static/a.js" nonce="N"></script>'
        "<p title='&lt;script src=&quot;/static/a.js&quot;&gt;&lt;/script&gt;'>"
    )
    assert list(granted.external) == [("script", "/static/a.js")]


def test_a_script_is_hashed_whatever_buffers_it_is_made_of(granted):
    granted.policy = EscapingPolicy(hashes="always")
    plain = list(hashes(granted, "<script>a();b()</script>"))
    for source in (
        "<script>a();{% macro m() %}b(){% endmacro %}{{ m() }}</script>",
        "{% macro m() %}<script>a();{% endmacro %}{{ m() }}b()</script>",
        "<script>a();{% macro m() %}b()</script>{% endmacro %}{{ m() }}",
        "{% macro m() %}<script>a();{% endmacro %}{% set unused = m() %}{{ m() }}b()</script>",
        "{% set s %}<script>a();b()</script>{% endset %}{{ s }}",
        "<script>a();{% if true %}b(){% endif %}</script>",
    ):
        assert list(hashes(granted, source)) == plain, source


def hashes(granted, source):
    granted.scripts.clear()
    render(source)
    return granted.scripts


def test_an_imported_module_is_granted_nothing(granted):
    page = render("{% import 'm' as m %}{{ m.s }}{{ m.t() }}", templates={
        "m": "<p onclick='a()'>{% set s %}<script>s()</script>{% endset %}"
        "{% macro t() %}<script>t()</script>{% endmacro %}",
    })  # fmt: skip
    assert page == '<script>s()</script><script nonce="N">t()</script>'
    assert granted.handlers == []


def test_the_token_of_a_form(monkeypatch):
    monkeypatch.setattr("ringfence.rings.escaping.site.token_field", lambda *_: "[token]")
    request = RequestFactory().get("/")
    source = "{% macro f() %}{{ csrf_input }}{% endmacro %}<form method=post action='/a'>%s</form>"
    for inside, added in (("", 1), ("{{ csrf_input }}", 0), ("{{ f() }}", 0),
                          ("{% set a %}{{ csrf_input }}{% endset %}{{ a }}", 0),
                          ("{{ x }}", 1)):  # fmt: skip
        page = (
            backend()
            .from_string(source.replace("%s", inside))
            .render({"x": "csrfmiddlewaretoken"}, request)
        )
        assert page.count("[token]") == added, inside
        assert page.count("csrfmiddlewaretoken") == ("{{" in inside)


# Refusals


def test_a_refusal_says_where(caplog):
    made = backend({"page.html": "<p>\n<a\nhref='{{ user.link|trim }}'>"})
    made.get_template("page.html").render({"user": {"link": "javascript:x"}})
    (record,) = caplog.records
    assert (record.template, record.line, record.variable) == ("page.html", 3, "user.link|trim")
    assert "URL" in record.context


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ("<{{ a.b['c'] }}>", "a.b['c']"),
        ("<{{ f(x, y=1)|upper }}>", "f(x, …)|upper"),
        ("<{{ x ~ '!' }}>", "x ~ '!'"),
        ("<{{ x + 'a' }}>", "x + 'a'"),
        ("<{{ x if true else y }}>", "x if … else y"),
        ("<{% filter upper %}<{% endfilter %}>", "filter upper"),
    ],
)
def test_a_refusal_names_the_expression(source, named, caplog):
    render(source, a={"b": {"c": "<"}}, f=lambda *_, **__: "<", x="<", y="")
    assert [record.variable for record in caplog.records] == [named]


def test_strict_raises_with_the_line(strict):
    made = backend({"page.html": "<p>\n{% include 'part.html' %}",
                    "part.html": "a\n\n<a href='{{ x }}'>"})  # fmt: skip
    with pytest.raises(RefusedVariable) as raised:
        made.get_template("page.html").render({"x": "javascript:x"})
    debug = raised.value.template_debug
    assert (debug["name"], debug["line"], debug["during"]) == (
        "part.html",
        3,
        "<a href='{{ x }}'>",
    )
    with pytest.raises(RefusedVariable):
        made.from_string("<a href='{{ x }}'>").render({"x": "javascript:x"})
    assert rendering.get() is None


def test_debug_raises_for_a_place_only():
    with override_settings(DEBUG=True):
        made = backend()
        with pytest.raises(RefusedVariable):
            made.from_string("<script>a = /{{ x }}/</script>").render({"x": "a"})
        assert REFUSED in made.from_string("<a href='{{ x }}'>").render({"x": "javascript:x"})
        assert made.from_string("<p>{{ x }}").render() == "<p>{{ x }}"
    assert render("<script>a = /{{ x }}/</script>", x="a") == "<script>a = /null/</script>"


def test_errors_of_templates_are_django_s():
    with pytest.raises(TemplateDoesNotExist):
        backend().get_template("none")
    with pytest.raises(Exception, match="Expected an expression") as raised:
        backend({"bad": "a\n{% if %}"}).get_template("bad")
    assert raised.value.template_debug["line"] == 2


def test_without_jinja2(monkeypatch):
    real = builtins.__import__

    def missing(name, *args, **kwargs):
        if name.partition(".")[0] == "jinja2":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", missing)
    monkeypatch.delitem(sys.modules, "jinja2", raising=False)
    with pytest.raises(ImproperlyConfigured, match="pip install Jinja2"):
        ringfence.template.Jinja2  # noqa: B018 -- it is looked up on demand
    with pytest.raises(AttributeError, match="Mustache"):
        ringfence.template.Mustache  # noqa: B018
