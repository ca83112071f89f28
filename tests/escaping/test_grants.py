"""What template text is granted, seen in the page and its header; and that data is granted nothing.

The engine and the fence together: what each does alone is tested beside it.
"""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from django import forms
from django.core.cache import cache

from ringfence.rings.escaping.provenance import hash_of
from tests.escaping.pages import get

STRICT = {"csp": "strict"}
NONCE = ' nonce="NONCE"'
#: Makes the page one that only a nonce serves.
FILE = "<script src='/a.js'></script>"


def escaping(**options):
    return {**STRICT, "escaping": options}


@pytest.mark.parametrize(
    ("tag", "expected"),
    {
        "script": ("<script>f({{ x }})</script>", f"<script{NONCE}>f(1)</script>"),
        "literal script": ("<script>f()</script>", f"<script{NONCE}>f()</script>"),
        "module": (
            "<script type=module>f({{ x }})</script>",
            f"<script type=module{NONCE}>f(1)</script>",
        ),
        "import map": (
            "<script type=importmap>{}</script>",
            f"<script type=importmap{NONCE}>{{}}</script>",
        ),
        "file": (
            "<script src='/b.js' defer></script>",
            f"<script src='/b.js' defer{NONCE}></script>",
        ),
        "file of a variable": (
            "<script src='/{{ x }}.js'></script>",
            f"<script src='/1.js'{NONCE}></script>",
        ),
        "style": ("<style>p {}</style>", f"<style{NONCE}>p {{}}</style>"),
        "style sheet": (
            "<link rel=stylesheet href=/a.css>",
            f"<link rel=stylesheet href=/a.css{NONCE}>",
        ),
        "style sheet, closed": (
            "<link rel='stylesheet' href='/a.css' />",
            f"<link rel='stylesheet' href='/a.css' {NONCE}/>",
        ),
        "preload": (
            "<link rel=preload as=script href=/a.js>",
            f"<link rel=preload as=script href=/a.js{NONCE}>",
        ),
        "modulepreload": (
            "<link rel=modulepreload href=/a.js>",
            f"<link rel=modulepreload href=/a.js{NONCE}>",
        ),
        "icon": ("<link rel=icon href=/a.png>", "<link rel=icon href=/a.png>"),
        "data block": (
            "<script type='application/json'>{{ x }}</script>",
            "<script type='application/json'>1</script>",
        ),
        "tag in a comment": ("<!-- <script>f()</script> -->", "<!-- <script>f()</script> -->"),
        "tag in an attribute": ("<p title='<script>'>", "<p title='<script>'>"),
        "tag in a textarea": ("<textarea><script></textarea>", "<textarea><script></textarea>"),
        "tag over two texts": (
            "<script {% if x %}async{% endif %} src=/b.js></script>",
            f"<script async src=/b.js{NONCE}></script>",
        ),
        "verbatim": (
            "{% verbatim %}<script>f()</script>{% endverbatim %}",
            f"<script{NONCE}>f()</script>",
        ),
    }.values(),
    ids=lambda value: value[:40],
)
def test_the_templates_own_tags_get_the_nonce(tag, expected):
    answer = get(FILE + tag, {"x": 1})

    assert answer.nonce
    text = answer.plain.removeprefix(f"<script src='/a.js'{NONCE}></script>")
    assert text == expected


@pytest.mark.parametrize(
    "source",
    [
        "{{ x|safe }}",
        "{% autoescape off %}{{ x }}{% endautoescape %}",
        "{% filter lower %}{{ x|safe }}{% endfilter %}",
        "{% vouched x %}",
        "{% blocktranslate %}{{ x }}{% endblocktranslate %}",
        "{% wrapping %}{{ x|safe }}{% endwrapping %}",
        "{% capturing %}{{ x|safe }}{% endcapturing %}{{ captured }}",
    ],
)
@pytest.mark.parametrize(
    "markup",
    [
        "<script>f()</script>",
        "<style>p {}</style>",
        "<script src=/b.js></script>",
        "<link rel=stylesheet href=/b.css>",
        "<p onclick='f()'>",
        "<p style='color: red'>",
        "<form method=post></form>",
    ],
)
def test_what_data_brings_is_granted_nothing(source, markup):
    answer = get(FILE + source, {"x": markup}, ringfence=escaping(handlers="all"))

    assert answer.plain.count("NONCE") == 1
    assert answer.policy["script-src"] == f"'nonce-{answer.nonce}' 'strict-dynamic'"
    assert "script-src-attr" not in answer.policy
    assert "csrfmiddlewaretoken" not in answer.text


def test_a_tag_that_vouched_markup_left_open_is_granted_nothing():
    answer = get(FILE + "{{ x|safe }} src=/b.js></script><p>", {"x": "<script"})

    assert answer.plain.count("NONCE") == 1


class Form(forms.Form):
    class Media:
        js = ("m.js",)
        css = {"all": ["m.css"]}  # noqa: RUF012 -- as forms are written


def test_a_forms_own_media_get_the_nonce():
    answer = get("{{ form.media }}", {"form": Form()})

    assert re.findall(r"<(\w+) [^>]*nonce=\"NONCE\"", answer.plain) == ["link", "script"]


# Hashes


def test_a_page_whose_scripts_are_literal_is_the_same_for_everyone():
    answer = get("<script>f()</script><script>g()</script>")

    assert answer.text == "<script>f()</script><script>g()</script>"
    assert answer.policy["script-src"] == f"'strict-dynamic' {hash_of('f()')} {hash_of('g()')}"


def test_one_script_with_data_wants_the_nonce():
    answer = get("<script>f()</script><script>g({{ x }})</script>", {"x": "a"})

    assert answer.plain == f'<script{NONCE}>f()</script><script{NONCE}>g("a")</script>'


def test_hashes_of_scripts_with_data_are_of_the_final_text():
    answer = get("<script>g({{ x }})</script>", {"x": "a"}, ringfence=escaping(hashes="always"))

    assert answer.text == '<script>g("a")</script>'
    assert hash_of('g("a")') in answer.policy["script-src"]


def test_no_hashes():
    answer = get("<script>f()</script>", ringfence=escaping(hashes="never"))

    assert answer.plain == f"<script{NONCE}>f()</script>"


# Handlers


@pytest.mark.parametrize(
    ("source", "handlers", "hashed"),
    [
        ("<p onclick='f()'>", "literal", "f()"),
        ('<p onclick="f(&quot;a&quot;)">', "literal", 'f("a")'),
        ("<p onclick=f()>", "literal", "f()"),
        ("<p onclick='f({{ x }})'>", "literal", None),
        ("<p onclick='f({{ x }})'>", "all", 'f("a\\u0027")'),
        ("<p onclick='{% if x %}f(){% endif %}'>", "literal", "f()"),
        ("<p onclick='f()'>", "none", None),
        ("<p title='onclick=f()'>", "literal", None),
    ],
)
def test_handlers_are_allowed_by_hash(source, handlers, hashed):
    answer = get(source, {"x": "a'"}, ringfence=escaping(handlers=handlers))

    expected = None if hashed is None else f"'unsafe-hashes' {hash_of(hashed)}"
    assert answer.policy.get("script-src-attr") == expected
    assert hashed is None or hash_of(hashed) not in answer.policy["script-src"]


def test_style_attributes_are_allowed_by_hash():
    ringfence = {"csp": {"preset": "strict", "style-src": ["'self'"]}}
    answer = get("<p style='color: red'>", ringfence=ringfence)

    assert answer.policy["style-src-attr"] == f"'unsafe-hashes' {hash_of('color: red')}"


def test_a_cached_fragment_keeps_what_it_was_granted():
    cache.clear()
    source = "{% cache 60 a %}<script>f({{ x }})</script><p onclick='f()'>{% endcache %}"
    first, second = get(source, {"x": "a"}), get(source, {"x": "b"})

    for answer in (first, second):
        assert answer.plain == f"<script{NONCE}>f(\"a\")</script><p onclick='f()'>"
        assert answer.policy["script-src-attr"] == f"'unsafe-hashes' {hash_of('f()')}"
    assert first.nonce != second.nonce


# Forms

TOKENS = {**STRICT, "csrf": {}}


def tokens(answer):
    return answer.text.count("csrfmiddlewaretoken")


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("<form method=post></form>", 1),
        ("<form method='POST' action='/a'></form>", 1),
        ("<form method=post action=''></form>", 1),
        ("<form method=post action='{{ own }}'></form>", 1),
        ("<form method=post action='http://testserver/a'></form>", 1),
        ("<form method=post>{% csrf_token %}</form>", 1),
        ("<form method=post><input name=csrfmiddlewaretoken></form>", 1),
        ("<form method=post></form><form method=post></form>", 2),
        ("<form></form>", 0),
        ("<form method=get></form>", 0),
        ("<form method=post action='https://pay.example/'></form>", 0),
        ("<form method=post action='//pay.example/'></form>", 0),
        ("<form method=post action='\\\\pay.example/'></form>", 0),
        ("<form method=post action='/{{ slash }}pay.example/'></form>", 0),
        ("<form method=post action='{{ foreign }}'></form>", 0),
        ("<form method=post action='http://testserver.evil.example/'></form>", 0),
        ("<form method=post action='http://testserver@evil.example/'></form>", 0),
        ("<p title='<form method=post></form>'>", 0),
    ],
)
def test_forms_that_post_to_the_site_get_a_token(source, count):
    context = {"own": "/a", "foreign": "https://pay.example/", "slash": "/"}

    assert tokens(get(source, context)) == count


def test_a_token_is_no_matter_where_the_site_says_so():
    answer = get("<form method=post></form>", ringfence=escaping(csrf_token=False))

    assert tokens(answer) == 0


def test_without_the_csrf_ring_there_is_no_token():
    answer = get("<form method=post></form>", ringfence={**STRICT, "csrf": False})

    assert tokens(answer) == 0


# Links


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<a href=/ target=_blank>", '<a href=/ target=_blank rel="noopener">'),
        ("<a href=/ target='_BLANK'>", "<a href=/ target='_BLANK' rel=\"noopener\">"),
        ("<a href=/ target=_blank rel=opener>", "<a href=/ target=_blank rel=opener>"),
        ("<a href=/ target=_self>", "<a href=/ target=_self>"),
        ("<a href=/>", "<a href=/>"),
    ],
)
def test_links_to_a_new_window(source, expected):
    assert get(source).text == expected
    assert get(source, ringfence=escaping(noopener=False)).text == source


# Integrity


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("<script src='/static/a.1234.js'></script>", 1),
        ("<script src='{% static 'a.js' %}'></script>", 1),
        ("<link rel=stylesheet href='{% static 'a.js' %}'>", 1),
        ("<script src='{% static 'a.js' %}' integrity='sha384-x'></script>", 0),
        ("<script src='/static/none.js'></script>", 0),
        ("<script src='https://cdn.example/a.js'></script>", 0),
        ("<img src='{% static 'a.js' %}'>", 0),
    ],
)
def test_static_files_that_the_storage_knows_get_their_digest(source, count, settings, tmp_path):
    (tmp_path / "a.js").write_text("f()")
    (tmp_path / "a.1234.js").write_text("f()")
    (tmp_path / "staticfiles.json").write_text(
        '{"version": "1.1", "hash": "", "paths": {"a.js": "a.1234.js"}}'
    )
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
    }
    digest = base64.b64encode(hashlib.sha384(b"f()").digest()).decode()

    without = get(source)
    answer = get(source, ringfence=escaping(integrity=True))

    assert answer.text.count(f' integrity="sha384-{digest}"') == count
    assert 'integrity="' not in without.text


def test_without_a_policy_nothing_is_written():
    source = "<script>f()</script><style>p {}</style><p onclick='f()'>"

    assert get(source, ringfence={"csp": False}).text == source


def test_without_provenance_nothing_is_granted():
    source = "<script>f()</script><p onclick='f()'>"
    answer = get(source, ringfence=escaping(provenance=False))

    assert answer.text == source
    assert "script-src-attr" not in answer.policy
