"""``manage.py ringfence explain-template``: what it says of each place, and that it is so."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import override_settings

from ringfence.rings.escaping.explain import explain
from ringfence.rings.escaping.policy import EscapingPolicy
from tests.escaping.engines import make_engine


def rows(source, *, policy=None, templates=None, name="page.html"):
    engine = make_engine({name: source, **(templates or {})})
    return explain(engine.get_template(name).template, policy or EscapingPolicy())


def variables(*args, **kwargs):
    return [
        (row.line, row.what, row.context, row.how)
        for row in rows(*args, **kwargs)
        if row.kind == "variable"
    ]


def grants(*args, **kwargs):
    return [(row.line, row.what, row.how) for row in rows(*args, **kwargs) if row.kind == "grant"]


@pytest.mark.parametrize(
    ("source", "context", "how"),
    [
        ("<p>{{ x }}", "HTML text", "HTML-escaped"),
        ("<p>{{ x|safe }}", "HTML text", "written as it is: markup that is vouched for"),
        (
            "{% autoescape off %}{{ x }}{% endautoescape %}",
            "HTML text",
            "written as it is: markup that is vouched for",
        ),
        ("<p title='{{ x }}'>", "HTML attribute", "HTML-escaped"),
        (
            "<p title='{{ x|safe }}'>",
            "HTML attribute",
            "HTML-escaped, existing entities kept",
        ),
        ("<p title={{ x }}>", "HTML unquoted attribute", "HTML-escaped"),
        ("<title>{{ x }}", "text of <title>", "HTML-escaped"),
        ("<!-- {{ x }}", "HTML comment", "HTML-escaped, dashes parted"),
        ("<p {{ x }}>", "HTML attributes", "judged as complete, harmless attributes"),
        (
            "<p data-{{ x }}=1>",
            "HTML attribute name",
            "judged as a part of a harmless attribute's name",
        ),
        ("<h{{ x }}>", "HTML tag name", "judged as the name of a harmless element"),
        (
            "<a href='{{ x }}'>",
            "whole URL in an attribute",
            "URL judged, then HTML-escaped",
        ),
        (
            "<a href='/?q={{ x }}'>",
            "URL parameter in an attribute",
            "percent-encoded where it would end the parameter, then HTML-escaped",
        ),
        (
            "<a href='/page/{{ x }}'>",
            "URL path in an attribute",
            "no change as a URL, then HTML-escaped",
        ),
        (
            "<img srcset='{{ x }} 2x'>",
            "whole URL, in a list in an attribute",
            "URL judged, then HTML-escaped",
        ),
        ("<script>let a = {{ x }};", "JavaScript value", "written as a literal"),
        ("<script>let a = '{{ x }}';", "JavaScript string", "JavaScript string escapes"),
        (
            "<script>let a = `{{ x }}`;",
            "JavaScript template literal",
            "JavaScript string escapes",
        ),
        (
            "<script>/* {{ x }} */",
            "JavaScript comment",
            "JavaScript string escapes, asterisks too",
        ),
        (
            "<script>e.innerHTML = '<p>{{ x }}'",
            "JavaScript string: HTML text",
            "HTML-escaped, then JavaScript string escapes",
        ),
        ("<script type='application/json'>{{ x }}", "JSON value", "written as JSON"),
        (
            "<p onclick='f({{ x }})'>",
            "JavaScript value in an attribute",
            "written as a literal, then HTML-escaped",
        ),
        (
            "<a href='javascript:f({{ x }})'>",
            "JavaScript value in a javascript: URL in an attribute",
            "written as a literal, then HTML-escaped",
        ),
        (
            "<p style='color: {{ x }}'>",
            "CSS value in an attribute",
            "judged as a harmless CSS value, then HTML-escaped",
        ),
        ("<style>p { quotes: '{{ x }}' }", "CSS string", "CSS string escapes"),
        (
            "<style>p { background: url({{ x }}) }",
            "whole URL in CSS",
            "URL judged, then CSS escapes",
        ),
        ("<style>#a-{{ x }} {}", "CSS selector", "CSS identifier escapes"),
        (
            "<iframe srcdoc='<p>{{ x }}'>",
            "HTML text in an attribute",
            "HTML-escaped, then HTML-escaped",
        ),
    ],
)
def test_a_place_is_named_with_what_is_done_there(source, context, how):
    assert [row[2:] for row in variables(source)] == [(context, how)]


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<script>{{ x }}</script>", "The variable is the script: whatever it holds would run."),
        (
            "<script>let a = `${ {{ x }} }`</script>",
            "The variable stands inside ${} of a template literal.",
        ),
        (
            "<style>{{ x }}</style>",
            "A variable stands where a selector begins, or brings a whole style sheet.",
        ),
    ],
)
def test_a_refusal_is_told_with_its_fix(source, reason):
    (row,) = [row for row in rows(source) if row.kind == "variable"]

    assert row.how == f"refused: {reason}"
    assert row.fix


@pytest.mark.parametrize(
    ("tag", "shown"),
    [
        ("{% url 'home' %}", "{% url 'home' %}"),
        ("{% firstof a b %}", "{% firstof a b %}"),
        ("{% static 'a.png' %}", "{% static 'a.png' %}"),
        ("{% cycle a b %}", "{% cycle a b %}"),
        ("{% translate 'a' %}", "{% translate 'a' %}"),
        ("{% blocktranslate %}{{ name }}{% endblocktranslate %}", "{{ name }}"),
    ],
)
def test_tags_that_render_a_value_are_told_as_variables(tag, shown):
    assert variables(f"<a href='{tag}'>") == [
        (1, shown, "whole URL in an attribute", "URL judged, then HTML-escaped")
    ]


def test_tags_that_only_store_a_value_are_left_out():
    assert variables("{% url 'home' as u %}{% cycle a b as c silent %}{{ u }}") == [
        (1, "{{ u }}", "HTML text", "HTML-escaped")
    ]


def test_lines_are_those_of_the_template():
    found = variables("<p>\n{{ a }}\n<a\nhref='{{ b }}'>\n\n{% firstof c %}")

    assert [row[:2] for row in found] == [
        (2, "{{ a }}"),
        (4, "{{ b }}"),
        (6, "{% firstof c %}"),
    ]


def test_blocks_stand_where_the_parent_renders_them():
    found = rows(
        "{% extends 'base.html' %}\n"
        "{% block js %}{{ block.super }}; let b = '{{ own }}';{% endblock %}",
        templates={
            "base.html": "<script>{% block js %}let a = {{ theirs }}{% endblock %}</script>"
            "{{ last }}"
        },
    )

    assert [
        (row.template, row.line, row.what, row.context) for row in found if row.kind == "variable"
    ] == [
        ("base.html", 1, "{{ theirs }}", "JavaScript value"),
        ("page.html", 2, "{{ own }}", "JavaScript string"),
        ("base.html", 1, "{{ last }}", "HTML text"),
    ]


def test_blocks_that_the_child_leaves_out_are_the_parents():
    found = rows(
        "{% extends 'middle.html' %}",
        templates={
            "middle.html": "{% extends 'base.html' %}{% block a %}{{ middle }}{% endblock %}",
            "base.html": "{% block a %}{{ base }}{% endblock %}{% block b %}{{ b }}{% endblock %}",
        },
    )

    assert [(row.template, row.what) for row in found] == [
        ("middle.html", "{{ middle }}"),
        ("base.html", "{{ b }}"),
    ]


def test_an_included_template_is_followed_where_it_stands():
    found = rows(
        "<a href='{% include 'part.html' %}'>{% for i in l %}{% include 'part.html' %}{% endfor %}",
        templates={"part.html": "{{ x }}"},
    )

    assert [(row.template, row.context) for row in found] == [
        ("part.html", "whole URL in an attribute"),
        ("part.html", "HTML text"),
    ]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{% include name %}", "what is included is chosen when it is rendered"),
        ("{% extends name %}", "the parent is chosen when it is rendered"),
        ("{% include 'none.html' %}", "there is no template none.html"),
        (
            "{% if a %}<p title='{% else %}<p>{% endif %}{{ x }}",
            "its branches end in different contexts",
        ),
    ],
)
def test_what_cannot_be_followed_is_said(source, expected):
    notes = [row.how for row in rows(source) if row.kind == "note"]

    assert any(note.startswith(expected) for note in notes), notes


def test_a_template_that_includes_itself_ends():
    assert rows("{{ x }}{% if more %}{% include 'page.html' %}{% endif %}")


def test_branches_are_all_told_from_where_the_tag_begins():
    source = (
        "{% if a %}<a href='{{ b }}'>{% elif c %}<p title='{{ d }}'>{% else %}{{ e }}{% endif %}"
    )

    assert [row[1:3] for row in variables(source)] == [
        ("{{ b }}", "whole URL in an attribute"),
        ("{{ d }}", "HTML attribute"),
        ("{{ e }}", "HTML text"),
    ]


HASH = "'sha256-5KYv+PUboo5h+0+YAtGRPbwv5d/QxzHslP4YGnUaxRw='"  # of go()


@pytest.mark.parametrize(
    ("source", "options", "expected"),
    [
        ("<script>go()</script>", {}, [(1, "<script>", f"nonce, or hash {HASH}")]),
        ("<script>go()</script>", {"hashes": "never"}, [(1, "<script>", "nonce")]),
        ("<script>go({{ x }})</script>", {}, [(1, "<script>", "nonce")]),
        (
            "<script>go({{ x }})</script>",
            {"hashes": "always"},
            [(1, "<script>", "nonce, or the hash of its final text")],
        ),
        ("\n<script\nsrc='/a.js'></script>", {}, [(2, "<script>", "nonce")]),
        ("<link rel=stylesheet href=/a.css>", {}, [(1, "<link>", "nonce")]),
        ("<link rel=icon href=/a.png>", {}, []),
        ("<script type=text/template><p></script>", {}, []),
        (
            "<script nonce=x>go()</script>",
            {},
            [(1, "<script>", "has a nonce of its own")],
        ),
        ("<script>go()</script>", {"provenance": False}, []),
        (
            "<p onclick='go()'>",
            {},
            [(1, "handler", f"hash {HASH} in script-src-attr")],
        ),
        (
            "<p onclick='go()'>",
            {"handlers": "none"},
            [(1, "handler", 'no hash: "handlers" is "none"')],
        ),
        (
            "<p\nonclick='go({{ x }})'>",
            {},
            [(2, "handler", 'no hash: a variable stands in it, and "handlers" is "literal"')],
        ),
        (
            "<p onclick='go({{ x }})'>",
            {"handlers": "all"},
            [(1, "handler", "hash of its final text in script-src-attr")],
        ),
        (
            "<p style='{{ x }}: red'>",
            {"handlers": "all"},
            [(1, "style attribute", "hash of its final text in style-src-attr")],
        ),
        ("<a href=/ target=_blank>", {}, [(1, "target=_blank", 'rel="noopener"')]),
        ("<a href=/ target=_blank>", {"noopener": False}, []),
        ("<a href=/ target=_blank rel=opener>", {}, []),
        (
            "\n<form method=post>\n</form>",
            {},
            [(2, "<form>", "CSRF token, where the CSRF ring needs one")],
        ),
        ("<form method=post></form>", {"csrf_token": False}, []),
        ("<form method=get></form>", {}, []),
        (
            "<form method=post action=https://pay.example></form>",
            {},
            [(1, "<form>", "no CSRF token: unless its action is this site's own")],
        ),
        (
            "<form method=post>{% csrf_token %}</form>",
            {},
            [(1, "{% csrf_token %}", "the form's own CSRF token")],
        ),
        (
            "<link rel=stylesheet href=/a.css>",
            {"integrity": True},
            [
                (1, "<link>", "integrity, where the static files' storage knows the file"),
                (1, "<link>", "nonce"),
            ],
        ),
    ],
)
def test_what_the_text_is_granted_is_told(source, options, expected):
    assert grants(source, policy=EscapingPolicy(**options)) == expected


# The command

TEMPLATES = [
    {
        "NAME": "site",
        "BACKEND": "ringfence.template.DjangoTemplates",
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.locmem.Loader",
                    {
                        "page.html": "<p>\n<a href='{{ url }}'>{{ name }}</a>"
                        "<script>{{ x }}</script>",
                        "broken.html": "{% if %}",
                        "odd.html": "{{ a|default:'\x1b[31m' }}",
                    },
                )
            ]
        },
    },
    {"NAME": "stock", "BACKEND": "django.template.backends.django.DjangoTemplates"},
    {"NAME": "jinja", "BACKEND": "django.template.backends.jinja2.Jinja2"},
]


def command(*args):
    out, err = StringIO(), StringIO()
    status = 0
    with override_settings(TEMPLATES=TEMPLATES):
        try:
            call_command("ringfence", "explain-template", *args, stdout=out, stderr=err)
        except SystemExit as exit_:
            status = exit_.code
    return status, out.getvalue(), err.getvalue()


def test_the_command_prints_what_is_done():
    status, out, err = command("page.html")

    assert (status, err) == (0, "")
    assert "2  {{ url }}  [whole URL in an attribute]  URL judged, then HTML-escaped" in out
    assert "refused: The variable is the script" in out
    assert "Fix: Write the script in the template, or pass SafeJS." in out
    assert "Variables: 3, refused: 1. Grants: 1." in out


def test_the_command_prints_json():
    status, out, _ = command("page.html", "--json", "--backend", "site")
    document = json.loads(out)

    assert status == 0
    assert (document["template"], document["backend"]) == ("page.html", "site")
    assert [row["context"] for row in document["rows"] if row["kind"] == "variable"] == [
        "whole URL in an attribute",
        "HTML text",
        "JavaScript value",
    ]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["none.html"], "There is no template 'none.html'.\nIt was looked for in:\n- none.html ("),
        (["broken.html"], "broken.html has an error in its syntax"),
        (["page.html", "--backend", "nobody"], "There are: 'site', 'stock', 'jinja'."),
        (["page.html", "--backend", "stock"], '"BACKEND": "ringfence.template.DjangoTemplates"'),
        (["page.html", "--backend", "jinja"], "only templates in Django's language"),
    ],
)
def test_the_command_says_why_it_cannot(args, said):
    status, out, err = command(*args)

    assert status == 1
    assert out == ""
    assert said in err


def test_nothing_from_a_template_reaches_the_terminal_as_it_is():
    _, out, _ = command("odd.html")

    assert "\x1b" not in out
    assert "\\x1b[31m" in out
