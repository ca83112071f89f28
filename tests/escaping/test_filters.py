"""``{% load ringfence %}``: filters that make typed strings."""

from __future__ import annotations

import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from ringfence.template import SafeCSS, SafeHTML, SafeJS, SafeURL
from ringfence.templatetags.ringfence import safe_css, safe_html, safe_js, safe_url, sanitize
from tests.escaping.engines import render as render_source


def render(source, **context):
    return render_source("{% load ringfence %}" + source, **context)


@pytest.mark.parametrize(
    ("make", "kind"),
    [(safe_url, SafeURL), (safe_js, SafeJS), (safe_css, SafeCSS), (safe_html, SafeHTML)],
)
@pytest.mark.parametrize("value", ["text", 5, None, SafeHTML("x")])
def test_a_filter_makes_its_type_of_anything(make, kind, value):
    assert type(make(value)) is kind
    assert make(value) == str(value)


@pytest.mark.parametrize(
    ("source", "value", "expected"),
    [
        ("<a href='{{ x|safe_url }}'>", "javascript:f('&')", "javascript:f(&#x27;&amp;&#x27;)"),
        ("<script src='{{ x|safe_url }}'>", "https://cdn.example/a.js", "https://cdn.example/a.js"),
        ("<p onclick='{{ x|safe_js }}'>", "go('a')", "go(&#x27;a&#x27;)"),
        ("<script>{{ x|safe_js }}</script>", "go('a')", "go('a')"),
        ("<p style='{{ x|safe_css }}'>", "behavior: url(a)", "behavior: url(a)"),
        ("<style>{{ x|safe_css }}</style>", "p > b { color: red }", "p > b { color: red }"),
        ("<p>{{ x|safe_html }}</p>", "<b>&amp;</b>", "<b>&amp;</b>"),
        ("<p>{{ x|sanitize }}</p>", "<b onclick=f()>a</b><script>f()</script>", "<b>a</b>"),
        (
            "<p>{{ x|sanitize }}</p>",
            "<a href='javascript:f()' style='color: red'>a</a>",
            '<a rel="noopener noreferrer">a</a>',
        ),
    ],
)
def test_a_filter_is_heeded_in_its_own_language(source, value, expected):
    before, _, rest = source.partition("{{")
    after = rest.partition("}}")[2]

    assert render(source, x=value) == before + expected + after


@pytest.mark.parametrize("name", ["safe_url", "safe_js", "safe_css"])
def test_a_type_of_another_language_is_text_in_html(name):
    assert render("<p>{{ x|" + name + " }}", x="<b>") == "<p>&lt;b&gt;"


@pytest.mark.parametrize("name", ["safe_html", "sanitize", "safe_css", "safe_url"])
def test_a_type_of_another_language_is_data_in_javascript(name):
    assert render("<script>f({{ x|" + name + " }})</script>", x="a';b") == (
        r'<script>f("a\u0027\u003Bb")</script>'
    )


def test_vouched_javascript_cannot_end_its_element():
    assert "</script><b>" not in render("<script>{{ x|safe_js }}</script>", x="'</script><b>'")


def test_sanitized_markup_keeps_what_is_harmless():
    markup = "<p>1 &lt; 2 <em>and</em> <a href='https://example.com/'>so on</a></p>"

    assert sanitize(markup) == (
        '<p>1 &lt; 2 <em>and</em> <a href="https://example.com/" '
        'rel="noopener noreferrer">so on</a></p>'
    )


def test_nothing_is_nothing():
    assert sanitize(None) == ""


def test_without_nh3_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "nh3", None)

    with pytest.raises(ImproperlyConfigured, match=r"django-ringfence\[sanitize\]"):
        sanitize("<b>")
