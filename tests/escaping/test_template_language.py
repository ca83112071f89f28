"""Django's template language, tag by tag: the state of the page goes along with all of it."""

from __future__ import annotations

import asyncio
import gc
import json
import threading

import django
import pytest
from django import forms
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.forms import renderers
from django.http import HttpResponse, StreamingHttpResponse
from django.template import engines
from django.template.backends.django import DjangoTemplates as StockTemplates
from django.template.context import Context
from django.template.loader import render_to_string
from django.template.response import SimpleTemplateResponse, TemplateResponse
from django.test import AsyncClient, Client
from django.urls import path
from django.utils import translation
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import mark_safe

from ringfence.template import statistics
from tests.escaping.engines import make_engine, render

BUILTINS = [
    "django.templatetags.i18n",
    "django.templatetags.cache",
    "django.templatetags.l10n",
    "django.templatetags.static",
    "tests.escaping.tags",
]
EVIL = "javascript:f('<')"
ABOUT = "about:invalid#ringfence-refused"


def rendered(source, templates=None, **context):
    engine = make_engine(templates, builtins=BUILTINS)
    return engine.from_string(source).render(context)


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.mark.parametrize(
    ("source", "expected"),
    {
        "include": ("<a href='{% include 'part.html' %}'>", f"<a href='{ABOUT}'>"),
        "include with a variable": ("<a href='{% include name %}'>", f"<a href='{ABOUT}'>"),
        "include with": ("<p>{% include 'part.html' with x='<b>' %}", "<p><b>"),
        "include with only": ("<p>{% include 'part.html' with x=y only %}", "<p>&amp;"),
        "include in a loop": (
            "{% for i in list %}<a href='/{{ i }}'>{% include 'part.html' %}</a>{% endfor %}",
            (
                "<a href='/1'>javascript:f(&#x27;&lt;&#x27;)</a>"
                "<a href='/2'>javascript:f(&#x27;&lt;&#x27;)</a>"
            ),
        ),
        "include that opens a tag": (
            "{% include 'open.html' %}{{ x }}'>{{ y }}",
            f"<a href='{ABOUT}'>&amp;",
        ),
        "include in two places": (
            "{% include 'part.html' %}<script>a = {% include 'part.html' %}</script>",
            (
                "javascript:f(&#x27;&lt;&#x27;)"
                '<script>a = "javascript:f(\\u0027\\u003C\\u0027)"</script>'
            ),
        ),
        "if": ("<a href='{% if list %}{{ x }}{% endif %}'>", f"<a href='{ABOUT}'>"),
        "branches that end differently": (
            "{% if y %}<a href='{% else %}<p title='{% endif %}{{ x }}'>{{ y }}",
            f"<a href='{ABOUT}'>&amp;",
        ),
        "branches that end differently, the other": (
            "{% if none %}<a href='{% else %}<p title='{% endif %}{{ x }}'>{{ y }}",
            "<p title='javascript:f(&#x27;&lt;&#x27;)'>&amp;",
        ),
        "for": (
            "<script>a = [{% for i in list %}{{ i }},{% endfor %}]</script>",
            "<script>a = [1,2,]</script>",
        ),
        "for, with a separator": (
            (
                "<p onclick=\"f({% for i in list %}'{{ i }}'{% if not forloop.last %}, {% endif %}"
                '{% endfor %})">'
            ),
            "<p onclick=\"f('1', '2')\">",
        ),
        "empty": (
            "<a href='{% for i in none %}{% empty %}{{ x }}{% endfor %}'>",
            f"<a href='{ABOUT}'>",
        ),
        "cycle": ("<a href='{% cycle x y %}'>", f"<a href='{ABOUT}'>"),
        "firstof": ("<a href='{% firstof none x %}'>", f"<a href='{ABOUT}'>"),
        "firstof in text": ("{% firstof none y %}", "&amp;"),
        "firstof as": ("{% firstof x as z %}<a href='{{ z }}'>", f"<a href='{ABOUT}'>"),
        "with": ("<a href='{% with z=x %}{{ z }}{% endwith %}'>", f"<a href='{ABOUT}'>"),
        "filter": ("<p>{% filter upper %}{{ y }}b{% endfilter %}</p>", "<p>&AMP;B</p>"),
        "filter in a link": (
            "<a href='{% filter lower %}{{ x }}{% endfilter %}'>",
            f"<a href='{ABOUT}'>",
        ),
        "filter in a tag": (
            "<p {% filter lower %}title='{{ y }}'{% endfilter %}>",
            "<p title='&amp;'>",
        ),
        "filter in a handler: data, whatever it reads like": (
            "<p onclick='f({% filter lower %}{{ array }}{% endfilter %})'>",
            "<p onclick='f(&quot;[]&quot;)'>",
        ),
        "filter in a script": (
            "<script>a = {% filter lower %}{{ array }}{% endfilter %}</script>",
            '<script>a = "[]"</script>',
        ),
        "spaceless": (
            "{% spaceless %}<p> <b>{{ y }}</b> </p>{% endspaceless %}",
            "<p><b>&amp;</b></p>",
        ),
        "verbatim": (
            "{% verbatim %}<a href='{{ x }}'>{% endverbatim %}{{ y }}",
            "<a href='{{ x }}'>&amp;",
        ),
        "verbatim that opens a tag": (
            "{% verbatim %}<a href='{% endverbatim %}{{ x }}'>",
            f"<a href='{ABOUT}'>",
        ),
        "comment": ("{% comment %}<script>{% endcomment %}{{ y }}", "&amp;"),
        "autoescape off": ("{% autoescape off %}{{ markup }}{% endautoescape %}", "<b>"),
        "autoescape off in a link": (
            "{% autoescape off %}<a href='{{ x }}'>{% endautoescape %}",
            f"<a href='{ABOUT}'>",
        ),
        "autoescape off in a script": (
            "{% autoescape off %}<script>a = '{{ x }}'</script>{% endautoescape %}",
            "<script>a = 'javascript:f(\\u0027\\u003C\\u0027)'</script>",
        ),
        "autoescape off, JSON in a script": (
            "{% autoescape off %}<script>a = {{ array }}</script>{% endautoescape %}",
            "<script>a = []</script>",
        ),
        "templatetag": ("{% templatetag openvariable %}{{ y }}", "{{&amp;"),
        "now": ("<a title='{% now '\"Y\"' %}'>", None),
        "widthratio": ("<p style='width: {% widthratio 1 2 100 %}%'>", "<p style='width: 50%'>"),
        "static": (
            "<script src='{% static 'a.js' %}'></script>",
            "<script src='/static/a.js'></script>",
        ),
        "ifchanged": (
            "{% for i in list %}{% ifchanged %}<a href='{{ x }}'>{% endifchanged %}{% endfor %}",
            f"<a href='{ABOUT}'>",
        ),
        "regroup": (
            "{% regroup list by real as r %}{% for g in r %}{{ g.list.0 }}{% endfor %}",
            "12",
        ),
        "localize": ("<p>{% localize on %}{{ y }}{% endlocalize %}", "<p>&amp;"),
        "blocktranslate": (
            "<p>{% blocktranslate %}Hello {{ y }}{% endblocktranslate %}",
            "<p>Hello &amp;",
        ),
        "blocktranslate in a link": (
            "<a href='{% blocktranslate %}{{ x }}{% endblocktranslate %}'>",
            f"<a href='{ABOUT}'>",
        ),
        "blocktranslate with a link": (
            "{% blocktranslate %}<a href='{{ x }}'>{{ y }}</a>{% endblocktranslate %}",
            f"<a href='{ABOUT}'>&amp;</a>",
        ),
        "blocktranslate in a script": (
            "<script>a = '{% blocktranslate %}It is {{ x }}{% endblocktranslate %}'</script>",
            "<script>a = 'It is javascript:f(\\u0027\\u003C\\u0027)'</script>",
        ),
        "blocktranslate with a plural": (
            (
                "{% blocktranslate count n=list|length %}one {{ y }}{% plural %}{{ n }} {{ y }}"
                "{% endblocktranslate %}"
            ),
            "2 &amp;",
        ),
        "blocktranslate as": (
            "{% blocktranslate asvar z %}{{ y }}{% endblocktranslate %}<p>{{ z }}",
            "<p>&amp;",
        ),
        "translate": ("<a title='{% translate y %}'>", "<a title='&amp;'>"),
        "translate in a script": (
            "<script>a = '{% translate markup %}'</script>",
            "<script>a = '\\u003Cb\\u003E'</script>",
        ),
        "language": (
            "{% language 'de' %}<a href='{{ x }}'>{% endlanguage %}",
            f"<a href='{ABOUT}'>",
        ),
        "simple tag": ("<a href='{% simple x %}'>", f"<a href='{ABOUT}'>"),
        "simple tag in text": ("{% simple y %}", "&amp;"),
        "simple tag in a script": (
            "<script>a = {% simple list %}</script>",
            "<script>a = [1,2]</script>",
        ),
        "simple tag as": ("{% simple x as z %}<a href='{{ z }}'>", f"<a href='{ABOUT}'>"),
        "simple tag with markup": ("{% link y %}{{ y }}", '<a href="/">&amp;</a>&amp;'),
        "simple tag that vouches in a link": ("<a href='{% vouched x %}'>", f"<a href='{ABOUT}'>"),
        "inclusion tag": ("<a href='{% inclusion x %}'>", f"<a href='{ABOUT}'>"),
        "inclusion tag in text": ("{% inclusion y %}{{ y }}", "&amp;&amp;"),
        "transparent": (
            "<a href='{% transparent %}{{ x }}{% endtransparent %}'>{{ y }}",
            f"<a href='{ABOUT}'>&amp;",
        ),
        "transparent that opens a tag": (
            "{% transparent %}<a href='{% endtransparent %}{{ x }}'>",
            f"<a href='{ABOUT}'>",
        ),
        "wrapping": (
            "{% wrapping %}<a href='{{ x }}'>{{ y }}</a>{% endwrapping %}{{ y }}",
            f"<section><a href='{ABOUT}'>&amp;</a></section>&amp;",
        ),
        "twice": (
            "{% twice %}<i>{{ y }}</i>{% endtwice %}{{ y }}",
            "<i>&amp;</i><i>&amp;</i>&amp;",
        ),
        "capturing": (
            "{% capturing %}<i>{{ y }}</i>{% endcapturing %}<p>{{ captured }}</p>",
            "<p><i>&amp;</i></p>",
        ),
        "capturing an open tag": (
            "{% capturing %}<script>{% endcapturing %}{{ x }}",
            "javascript:f(&#x27;&lt;&#x27;)",
        ),
        "discarding": ("{% discarding %}<script>{% enddiscarding %}<p>{{ y }}", "<p>&amp;"),
        "leaf": ("{% leaf %}{{ y }}", "<b>a leaf's</b>&amp;"),
        "leaf in an attribute": (
            "<p title='{% leaf %}'>{{ y }}",
            "<p title='&lt;b&gt;a leaf&#x27;s&lt;/b&gt;'>&amp;",
        ),
        "cycle of None": (
            "<script>a = '{% cycle none 1 %}'</script>",
            "<script>a = 'None'</script>",
        ),
        "a tag that returns None": (
            "<p title='{% simple none %}'>{% simple none %}",
            "<p title='None'>None",
        ),
    }.values(),
)
def test_a_tag(source, expected):
    out = rendered(
        source,
        {"part.html": "{{ x }}", "open.html": "<a href='"},
        x=EVIL,
        y="&",
        name="part.html",
        list=[1, 2],
        none=None,
        markup="<b>",
        array="[]",
    )
    if expected is None:
        assert "&quot;" in out
    else:
        assert out == expected


@pytest.mark.skipif(django.VERSION < (5, 2), reason="simple_block_tag is of Django 5.2")
def test_a_simple_block_tag():
    out = rendered(
        "{% boxed 'a' %}<a href='{{ x }}'>{{ y }}</a>{% endboxed %}{{ y }}", x=EVIL, y="&"
    )

    assert out == f"<div class='a'><a href='{ABOUT}'>&amp;</a></div>&amp;"


@pytest.mark.skipif(django.VERSION < (6, 0), reason="partials are of Django 6.0")
def test_partials_stand_where_they_are_used():
    source = (
        "{% partialdef p %}{{ x }}{% endpartialdef %}"
        "<a href='{% partial p %}'>{% partial p %}</a><script>a = {% partial p %}</script>"
    )

    assert rendered(source, x=EVIL) == (
        f"<a href='{ABOUT}'>javascript:f(&#x27;&lt;&#x27;)</a>"
        '<script>a = "javascript:f(\\u0027\\u003C\\u0027)"</script>'
    )


@pytest.mark.skipif(django.VERSION < (6, 0), reason="partials are of Django 6.0")
def test_a_partial_is_rendered_by_itself():
    engine = make_engine(
        {"page.html": "<script>{% partialdef p %}<a href='{{ x }}'>{% endpartialdef %}"}
    )

    assert engine.get_template("page.html#p").render({"x": EVIL}) == f"<a href='{ABOUT}'>"


# Inheritance

BASE = (
    "<title>{% block title %}{{ y }}{% endblock %}</title>"
    "<script>{% block js %}a = {{ x }};{% endblock %}</script>{{ y }}"
)


@pytest.mark.parametrize(
    ("child", "expected"),
    [
        ("", '<title>&amp;</title><script>a = "b\'";</script>&amp;'.replace("'", "\\u0027")),
        (
            "{% block title %}{{ x }}{% endblock %}{% block js %}b = '{{ x }}'{% endblock %}",
            "<title>b&#x27;</title><script>b = 'b\\u0027'</script>&amp;",
        ),
        (
            "{% block js %}{{ block.super }}b = {{ x }}{% endblock %}",
            '<title>&amp;</title><script>a = "b\\u0027";b = "b\\u0027"</script>&amp;',
        ),
        (
            "{% block js %}b = '{{ y }}';{{ block.super }}{% endblock %}",
            "<title>&amp;</title><script>b = '\\u0026';a = \"b\\u0027\";</script>&amp;",
        ),
        (
            "{% block js %}c('{% endblock %}",
            None,
        ),
    ],
    ids=["nothing", "both", "super first", "super last", "open string"],
)
def test_inheritance(child, expected):
    out = rendered("{% extends 'base.html' %}" + child, {"base.html": BASE}, x="b'", y="&")

    if expected is None:
        assert out.startswith("<title>&amp;</title><script>c('</script>")
    else:
        assert out == expected


def test_a_parent_chosen_by_a_variable():
    out = rendered(
        "{% extends parent %}{% block js %}{{ block.super }}{% endblock %}",
        {"base.html": BASE},
        parent="base.html",
        x="'",
        y="",
    )

    assert out == '<title></title><script>a = "\\u0027";</script>'


# Caching


def test_a_cached_fragment_goes_on_as_if_it_were_not():
    source = "{% cache 60 a %}<a href='{% endcache %}{{ x }}'>"
    engine = make_engine()

    first = engine.from_string(source).render({"x": EVIL})

    assert first == engine.from_string(source).render({"x": EVIL}) == f"<a href='{ABOUT}'>"


def test_a_fragment_is_not_used_in_another_place():
    text = rendered("<p>{% cache 60 a %}{{ x }}{% endcache %}", x=EVIL)
    script = rendered("<script>a = '{% cache 60 a %}{{ x }}{% endcache %}'</script>", x=EVIL)

    assert text == "<p>javascript:f(&#x27;&lt;&#x27;)"
    assert script == "<script>a = 'javascript:f(\\u0027\\u003C\\u0027)'</script>"


def test_a_fragment_is_used_in_the_same_place():
    source = "<p>{% cache 60 a %}{{ x }}{% endcache %}"

    assert rendered(source, x="one") == rendered(source, x="two") == "<p>one"


@pytest.mark.parametrize(
    ("source", "expected"),
    {
        "strings": (
            "<script>a = ['{{ texts|join:\"', '\" }}']</script>",
            r"<script>a = ['it\u0027s', '\u003Cb\u003E\u0027']</script>",
        ),
        "strings, vouched for by habit": (
            """<p onclick='a(["{{ texts|safeseq|join:'","'|safe }}"])'>""",
            r"""<p onclick='a(["it\u0027s&quot;,&quot;\u003Cb\u003E\u0027"])'>""",
        ),
        "numbers": ("<script>a = [{{ list|join:', ' }}]</script>", "<script>a = [1, 2]</script>"),
        "values": (
            "<script>a = [{{ texts|join:',' }}]</script>",
            r'<script>a = ["it\u0027s","\u003Cb\u003E\u0027"]</script>',
        ),
        "one by one after another filter": (
            "<script>a = [{{ list|slice:':1'|join:', ' }}]</script>",
            "<script>a = [1]</script>",
        ),
        "separated by a variable": (
            "<script>a = '{{ list|join:z }}'</script>",
            r"<script>a = '1j\u0026lt\u003B2'</script>",
        ),
        "not the last filter": (
            "<script>a = '{{ list|join:\"'\"|upper }}'</script>",
            r"<script>a = '1\u00272'</script>",
        ),
        "the characters of a string": (
            "<script>a = '{{ y|join:',' }}'</script>",
            r"<script>a = '\u0026'</script>",
        ),
        "nothing": ("<script>a = [{{ empty|join:',' }}]</script>", "<script>a = []</script>"),
        "markup in a string": (
            "<script>b.innerHTML = '{{ texts|join:'<br>' }}'</script>",
            None,
        ),
        "text": ("<p>{{ texts|join:'<br>' }}", "<p>it&#x27;s<br>&lt;b&gt;&#x27;"),
        "an attribute": (
            "<p title='{{ texts|join:'<br>' }}'>",
            "<p title='it&#x27;s&lt;br&gt;&lt;b&gt;&#x27;'>",
        ),
        "a style": ("<p style='a: {{ list|join:'px ' }}px'>", "<p style='a: 1px 2px'>"),
        "attributes": (
            "<p {{ names|join:' ' }}>",
            "<p hidden ringfence-refused>",
        ),
    }.values(),
)
def test_what_joins_is_the_templates_own_text(source, expected):
    out = rendered(
        source,
        texts=["it's", "<b>'"],
        list=[1, 2],
        empty=[],
        names=["hidden", "onclick=a()"],
        y="&",
        z="j<",
    )

    if expected is None:
        assert "<br>" in out
        assert r"\u0026lt\u003Bb" in out
    else:
        assert out == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    {
        "vouched for in the template": ("{{ x|safe|escapejs }}", "<b>it's</b>"),
        "vouched for in Python": ("{{ marked|escapejs }}", "<b>it's</b>"),
        "made by a filter": ("{{ x|linebreaksbr|escapejs }}", "&lt;b&gt;it&#x27;s&lt;/b&gt;"),
        "vouched for afterwards": ("{{ x|escapejs|safe }}", "&lt;b&gt;it&#x27;s&lt;/b&gt;"),
        "vouched for by nobody": ("{{ x|escapejs }}", "&lt;b&gt;it&#x27;s&lt;/b&gt;"),
        "joined to more": ("{{ marked|escapejs|add:x }}", "&lt;b&gt;it&#x27;s&lt;/b&gt;" * 2),
    }.values(),
)
def test_markup_is_markup_still_behind_escapejs(source, expected):
    before, after = "<script>e.innerHTML = '<p>", "</p>'</script>"
    out = rendered(before + source + after, x="<b>it's</b>", marked=mark_safe("<b>it's</b>"))

    assert json.loads(f'"{out.removeprefix(before).removesuffix(after)}"') == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(5, "5"), (-5, "-5"), ("true", "true"), ("it's", r'"it\u0027s"')]
)
def test_a_literal_is_bare_behind_escapejs(value, expected):
    assert rendered("<script>a = {{ x|escapejs }}", x=value) == f"<script>a = {expected}"


# Forms


class StockRenderer(renderers.DjangoTemplates):
    backend = StockTemplates


class Form(forms.Form):
    name = forms.CharField(initial='"><script>', help_text="<i>help</i>")
    kind = forms.ChoiceField(choices=[("<", "<b>"), ("a", "A")])

    class Media:
        js = ("a.js",)
        css = {"all": ["a.css"]}  # noqa: RUF012 -- as forms are written


@pytest.mark.parametrize(
    "source",
    ["{{ form }}", "{{ form.as_p }}", "{{ form.name }}", "{{ form.kind }}", "{{ form.media }}"],
)
def test_forms_come_out_as_they_do_without_us(source, settings):
    stock = engines["django"].from_string(source).render({"form": Form(renderer=StockRenderer())})
    settings.TEMPLATES = [
        {
            "NAME": "django",
            "BACKEND": "ringfence.template.DjangoTemplates",
            "APP_DIRS": True,
        }
    ]

    assert engines["django"].from_string(source).render({"form": Form()}) == stock


class File:
    url = "javascript:f()"

    def __str__(self):
        return "a.txt"


class Upload(forms.Form):
    file = forms.FileField(required=False, initial=File())


class Named(forms.Form):
    name = forms.CharField(widget=forms.TextInput(attrs={"x onclick=f() y": "1", "@click": "f()"}))


@pytest.mark.parametrize(
    ("form", "there", "missing"),
    [
        pytest.param(Upload, f'href="{ABOUT}"', "javascript:", id="a link to a file"),
        pytest.param(Named, ' @click="f()"', "onclick=", id="a name of more than one attribute"),
    ],
)
def test_forms_are_ours_where_a_backend_was_made_by_hand(form, there, missing):
    out = rendered("<form>{{ form }}</form>", form=form(renderer=renderers.DjangoTemplates()))

    assert there in out
    assert missing not in out


# Values


def test_string_if_invalid_is_written_for_its_place():
    engine = make_engine(string_if_invalid="<%s'>")

    out = engine.from_string("<p>{{ a.b }}<script>c = '{{ a.b }}'</script>").render({})

    assert "<script>c = '\\u003C" in out
    assert "<p>&lt;a.b&#x27;&gt;" in out


def test_numbers_are_localized_in_text_and_not_in_scripts(settings):
    settings.USE_THOUSAND_SEPARATOR = True
    with translation.override("de"):
        out = render("<p>{{ x }} {{ y }}<script>a = {{ x }}; b = {{ y }}</script>", x=1.5, y=12345)

    assert out == "<p>1,5 12.345<script>a = 1.5; b = 12345</script>"


class Odd:
    def __str__(self):
        return "<odd>"


class Markup:
    def __html__(self):
        return "<b>"

    def __str__(self):
        return "unused"


@pytest.mark.parametrize(
    "value", [Odd(), Markup(), [1, "<"], 1.0, lambda: "<", None, b"<", mark_safe("<b>")]
)
@pytest.mark.parametrize("source", ["{{ x }}", "{{ x|default:'<b>' }}", "{{ x|upper }}"])
def test_values_in_text_are_written_as_django_writes_them(value, source):
    stock = engines["django"].from_string(source).render({"x": value})

    assert render(source, x=value).lower() == stock.lower()


@pytest.mark.parametrize(
    "source", ["<p>{{ x }}</p>", "<a href='/?t={{ x }}'>", "<p data-t='{{ x }}'>"]
)
def test_a_lazy_token_is_written(source):
    token = SimpleLazyObject(lambda: "abc")

    assert render(source, x=token) == source.replace("{{ x }}", "abc")


# Templates that are no HTML


@pytest.mark.parametrize(
    ("name", "source", "expected"),
    [
        ("mail.txt", "<script>{{ x }}</script>", "<script>a&#x27;b&lt;</script>"),
        ("mail.txt.j2", "{{ x }} <a href='{{ x }}", "a&#x27;b&lt; <a href='a&#x27;b&lt;"),
        ("a.js", "f({{ x }}, '{{ x }}')", "f(\"a\\u0027b\\u003C\", 'a\\u0027b\\u003C')"),
        (
            "a.json",
            '{"a": {{ x }}, "b": "{{ x }}"}',
            '{"a": "a\\u0027b\\u003C", "b": "a\\u0027b\\u003C"}',
        ),
        ("a.css", "p { quotes: '{{ x }}' }", "p { quotes: 'a\\27 b\\3c ' }"),
        ("a.xml", "<title>{{ x }}</title>", "<title>a&#x27;b&lt;</title>"),
        ("a.xml", "<![CDATA[{{ x }}]]>", None),
        ("a.svg", "<svg><a href='{{ y }}'>{{ x }}</a>", f"<svg><a href='{ABOUT}'>a&#x27;b&lt;</a>"),
    ],
)
def test_a_templates_name_says_what_it_is(name, source, expected):
    out = make_engine({name: source}).get_template(name).render({"x": "a'b<", "y": EVIL})

    if expected is not None:
        assert out == expected
    else:
        assert "]]><" not in out


# How templates are found and rendered


def test_select_template_and_from_string():
    engine = make_engine({"a.html": "<a href='{{ x }}'>"})

    assert engine.get_template("a.html").render({"x": EVIL}) == f"<a href='{ABOUT}'>"
    assert (
        engine.engine.select_template(["none.html", "a.html"]).render(Context({"x": EVIL}))
        == f"<a href='{ABOUT}'>"
    )


def test_the_cached_loader_serves_the_same_template_in_every_place():
    loaders = [
        (
            "django.template.loaders.cached.Loader",
            [("django.template.loaders.locmem.Loader", {"part.html": "{{ x }}"})],
        )
    ]
    engine = make_engine(loaders=loaders)
    source = "{% include 'part.html' %}<a href='{% include 'part.html' %}'>"

    assert engine.get_template("part.html").template is engine.get_template("part.html").template
    assert engine.from_string(source).render({"x": "javascript:f()"}) == (
        f"javascript:f()<a href='{ABOUT}'>"
    )


def test_a_rendering_that_raised_leaves_nothing_behind():
    engine = make_engine(builtins=BUILTINS)
    template = engine.from_string(
        "{{ x }}<a href='{% if x %}{% raising %}{% endraising %}{% endif %}'>"
    )
    context = Context({"x": "&"})

    with pytest.raises(ValueError, match="on purpose"):
        template.template.render(context)

    assert not hasattr(context, "_ringfence_run")
    context["x"] = ""
    assert template.template.render(context) == "<a href=''>"


def test_threads_do_not_disturb_one_another():
    engine = make_engine()
    template = engine.from_string(
        "<p>{% for i in list %}{{ x }}<a href='/?a={{ x }}'>{% endfor %}<script>a = {{ x }}"
    )
    expected = {
        value: template.render({"x": value, "list": range(20)}) for value in ("a&", "b'", "c<")
    }
    wrong = []

    def work(value):
        outs = [template.render({"x": value, "list": range(20)}) for _ in range(20)]
        wrong.extend(out for out in outs if out != expected[value])

    threads = [threading.Thread(target=work, args=(value,)) for value in expected for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert not wrong


def test_states_that_data_made_are_not_remembered():
    template = make_engine().from_string("<a href='{{ x }}{{ y }}'><p {{ x }}=1>")
    template.render({"x": "a", "y": "b"})
    gc.collect()
    before = statistics()["places"]

    for number in range(50):
        template.render({"x": f"name{number}", "y": "b"})

    assert statistics()["places"] <= before + 2


# Views


def page(request):
    return TemplateResponse(request, "page.html", {"x": EVIL})


async def async_page(request):
    await asyncio.sleep(0)
    return HttpResponse(render_to_string("page.html", {"x": EVIL}, request))


def streamed(request):
    template = engines["site"].get_template("page.html")
    return StreamingHttpResponse(template.render({"x": value}) for value in (EVIL, "/a"))


def broken(request):
    return TemplateResponse(request, "broken.html", {"x": EVIL})


urlpatterns = [
    path("page", page),
    path("async", async_page),
    path("streamed", streamed),
    path("broken", broken),
]


@pytest.fixture
def site(settings):
    settings.ROOT_URLCONF = __name__
    settings.TEMPLATES = [
        {
            "NAME": "site",
            "BACKEND": "ringfence.template.DjangoTemplates",
            "OPTIONS": {
                "debug": True,
                "builtins": BUILTINS,
                "loaders": [
                    (
                        "django.template.loaders.locmem.Loader",
                        {
                            "page.html": "{% include 'part.html' %}",
                            "part.html": "<a href='{{ x }}'>",
                            "broken.html": "<p>\n\n{% raising %}{{ x }}{% endraising %}\n",
                        },
                    )
                ],
            },
        }
    ]
    return settings


def test_a_test_sees_the_templates_and_the_context(site):
    response = Client().get("/page")

    assert response.content.decode() == f"<a href='{ABOUT}'>"
    assert [template.name for template in response.templates] == ["page.html", "part.html"]
    assert response.context["x"] == EVIL


async def test_an_async_view(site):
    response = await AsyncClient().get("/async")

    assert response.content.decode() == f"<a href='{ABOUT}'>"


def test_a_streamed_response(site):
    response = Client().get("/streamed")

    assert b"".join(response.streaming_content).decode() == f"<a href='{ABOUT}'><a href='/a'>"


def test_the_debug_page_shows_the_line(site):
    site.DEBUG = True
    client = Client(raise_request_exception=False)

    response = client.get("/broken")
    text = response.content.decode()

    assert response.status_code == 500
    assert "error at line <strong>3</strong>" in text
    assert "on purpose" in text


def test_an_engine_of_an_unknown_option_is_refused_as_by_django():
    with pytest.raises((TypeError, ImproperlyConfigured)):
        make_engine(unknown=True)


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("text/html", '{"a": &lt;b&gt;}'),
        ("text/plain; charset=utf-8", '{"a": &lt;b&gt;}'),
        ("application/json", '{"a": "\\u003Cb\\u003E"}'),
        ("application/ld+json", '{"a": "\\u003Cb\\u003E"}'),
    ],
)
def test_a_responses_type_says_what_its_template_is(content_type, expected, settings):
    settings.TEMPLATES = [
        {
            "BACKEND": "ringfence.template.DjangoTemplates",
            "OPTIONS": {
                "loaders": [("django.template.loaders.locmem.Loader", {"a": '{"a": {{ x }}}'})]
            },
        }
    ]
    response = SimpleTemplateResponse("a", {"x": "<b>"}, content_type=content_type).render()

    assert response.content.decode() == expected
