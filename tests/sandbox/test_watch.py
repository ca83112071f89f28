"""What is seen of a site that writes its pages, by either engine and in Python."""

from __future__ import annotations

import textwrap

import jinja2
import pytest
from django.http import HttpResponse
from django.template import Context, Engine
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from ringfence.rings.escaping.backend import Engine as OwnEngine
from ringfence.sandbox.taint import Taint
from ringfence.sandbox.trail import Trail, decisive
from ringfence.sandbox.watch import watching

NUMBER = "123456789"
PAYLOAD = f"<script>ringfence({NUMBER}4)</script>"
PAGES = {
    "base.html": "<main>{% block main %}{% endblock %}</main>",
    "page.html": """\
        {% extends "base.html" %}
        {% block main %}
        <p>{{ words }}</p>
        {% for each in many %}
        <p>{{ each|safe }}</p>
        {% endfor %}
        {% include "part.html" with text=other %}
        {% firstof first "none" %}
        {% endblock %}
        """,
    "part.html": "\n<h2>{{ text }}</h2>\n",
}


@pytest.fixture
def trail():
    trail = Trail()
    with watching(trail, Taint()):
        trail.follow([NUMBER])
        yield trail


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, text in PAGES.items():
        (tmp_path / name).write_text(textwrap.dedent(text))
    return tmp_path


def place_in(trail, text):
    (written,) = trail.written(str(text))
    spot = decisive(trail.spots(written))
    return spot.file, spot.line, spot.text


@pytest.mark.parametrize(
    ("context", "place"),
    [
        pytest.param({"words": PAYLOAD}, ("page.html", 3, "{{ words }}"), id="a variable"),
        pytest.param({"many": [PAYLOAD]}, ("page.html", 5, "{{ each|safe }}"), id="in a loop"),
        pytest.param({"other": PAYLOAD}, ("part.html", 2, "{{ text }}"), id="included"),
        pytest.param(
            {"first": PAYLOAD}, ("page.html", 8, '{% firstof first "none" %}'), id="by a tag"
        ),
    ],
)
def test_djangos_templates(trail, folder, context, place):
    engine = Engine(dirs=[folder])
    out = engine.get_template("page.html").render(Context(context))
    assert place_in(trail, out) == place
    assert type(out) is SafeString


def test_what_a_template_was_given_as_markup(trail, folder):
    engine = Engine(dirs=[folder])
    made = mark_safe(f"<b>{PAYLOAD}</b>")  # noqa: S308 - what is watched
    line = test_what_a_template_was_given_as_markup.__code__.co_firstlineno + 2
    out = engine.get_template("page.html").render(Context({"words": made}))
    file, found, text = place_in(trail, out)
    assert (file, found) == (__file__, line)
    assert text.endswith("test_what_a_template_was_given_as_markup")
    careful = format_html("<b>{}</b>", PAYLOAD)
    out = engine.get_template("page.html").render(Context({"words": careful}))
    assert place_in(trail, out) == ("page.html", 3, "{{ words }}")


@pytest.mark.parametrize("finalize", [None, lambda value: value])
def test_jinjas_templates(trail, folder, finalize):
    (folder / "page.jinja").write_text("<p>\n{% for w in words %}\n{{ w }} {{ 1 }}\n{% endfor %}")
    options = {"finalize": finalize} if finalize else {}
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder), autoescape=True, **options
    )
    template = environment.get_template("page.jinja")
    out = template.render(words=["x", PAYLOAD])
    assert place_in(trail, out) == ("page.jinja", 3, "{{ w }} {{ 1 }}")
    assert "&lt;script" in out


def test_what_is_compiled_here_is_kept_in_no_cache(trail, folder):
    cache = jinja2.FileSystemBytecodeCache(str(folder))
    environment = jinja2.Environment(
        loader=jinja2.DictLoader({"a": "{{ 1 }}"}), bytecode_cache=cache, autoescape=True
    )
    environment.get_template("a")
    assert not list(folder.glob("*.cache"))


def test_what_python_answers_with(trail, folder):
    answer = HttpResponse(f"<h1>{PAYLOAD}</h1>")
    line = test_what_python_answers_with.__code__.co_firstlineno + 1
    assert place_in(trail, answer.content.decode())[:2] == (__file__, line)


def test_nothing_is_watched_any_more_behind_the_block(folder):
    trail = Trail()
    with watching(trail, Taint()):
        pass
    trail.follow([NUMBER])
    out = Engine(dirs=[folder]).get_template("page.html").render(Context({"words": PAYLOAD}))
    assert trail.written(out) == {NUMBER}
    made = mark_safe(PAYLOAD)  # noqa: S308 - what is watched
    assert trail.written(HttpResponse(made).content.decode()) == {NUMBER}


TAINTED = {
    "variables.html": """\
        <p>{{ words|upper }}</p>
        {% if words == "x" %}<p>{{ safe }}{{ number }}</p>{% endif %}
        {{ "constant" }}{% for each in many %}{{ each }}{% endfor %}
        """,
    "variables.jinja": """\
        <p>{{ words|upper }}</p>
        {% if words == "x" %}<p>{{ safe }}{{ number }}</p>{% endif %}
        {{ "constant" }}{% for each in many %}{{ each }}{% endfor %}
        """,
}
VALUES = {"words": "x", "safe": mark_safe("<b>y</b>"), "number": 7, "many": ["z"]}


def rendered(kind, folder):
    if kind == "jinja":
        environment = jinja2.Environment(loader=jinja2.FileSystemLoader(folder), autoescape=True)
        return environment.get_template("variables.jinja").render(VALUES)
    engine = OwnEngine(dirs=[folder]) if kind == "ours" else Engine(dirs=[folder])
    return engine.get_template("variables.html").render(Context(VALUES))


@pytest.mark.parametrize("kind", ["django", "ours", "jinja"])
def test_text_is_added_to_each_variable_before_its_filters(folder, kind):
    for name, text in TAINTED.items():
        (folder / name).write_text(textwrap.dedent(text))
    taint = Taint()
    with watching(Trail(), taint):
        before = rendered(kind, folder)
        with taint.adding("+a{}".format):
            out = rendered(kind, folder)
        assert rendered(kind, folder) == before
        numbers = {spot.text: number for spot, number in taint._numbers.items()}
        words, each = sorted(numbers, reverse=True)
        assert f"<p>X+A{numbers[words]}</p>" in out
        assert f"constantz+a{numbers[each]}" in out
        assert "<b>y</b>7" in out
        met = {(spot.line, spot.text) for spot in taint.met()}
        assert {line for line, _ in met} == {1, 3}
        assert taint.spot_of(numbers[words]).text.startswith("{{ words|upper }}")
        # One of them alone.
        with taint.adding("+a{}".format, [taint.spot_of(numbers[each])]):
            out = rendered(kind, folder)
        assert "<p>X</p>" in out
        assert "z+a" in out


def test_what_a_package_shows_is_left_alone(tmp_path):
    folder = tmp_path / "site-packages"
    folder.mkdir()
    (folder / "page.html").write_text("{{ words }}")
    taint = Taint()
    with watching(Trail(), taint), taint.adding("+a{}".format):
        template = Engine(dirs=[folder]).get_template("page.html")
        assert template.render(Context({"words": "x"})) == "x"
    assert taint.met() == ()
