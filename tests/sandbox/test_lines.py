"""A line of a page, and the line of the template that it was."""

from __future__ import annotations

import pytest
from django.test import override_settings

from ringfence.sandbox.lines import Lines, line_of_stack

ONE = """{% extends "base.html" %}
{% block main %}
<div id="one"></div>
<script>
x.innerHTML = event.data; // {# a remark #}
</script>
{% endblock %}
"""
TWO = ONE.replace("one", "two").replace("<script>", "<script>\nif (!mine) stop();")


@pytest.fixture
def lines(tmp_path):
    (tmp_path / "one.html").write_text(ONE)
    (tmp_path / "two.html").write_text(TWO)
    engine = {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [tmp_path],
    }
    with override_settings(TEMPLATES=[engine]):
        yield Lines()


def served(template):
    body = template.split("{% block main %}")[1].split("{% endblock %}")[0]
    return f"<html>\n<body>\n{body}</body>".replace("{# a remark #}", "")


@pytest.mark.parametrize(
    ("name", "template", "line"),
    [pytest.param("one.html", ONE, 5, id="one"), pytest.param("two.html", TWO, 6, id="two")],
)
def test_of_alike_lines_that_of_the_page_is_found(lines, tmp_path, name, template, line):
    page = served(template)
    number = next(n for n, text in enumerate(page.splitlines(), 1) if "innerHTML" in text)
    assert lines.find(page, number) == (str(tmp_path / name), line)


@pytest.mark.parametrize("number", [0, 1, 3, 99])
def test_a_line_of_no_template_is_none(lines, number):
    assert lines.find(served(ONE), number) is None


@pytest.mark.parametrize(
    ("stack", "found"),
    [
        pytest.param(
            "Error\n at eval (eval at <anonymous> (https://a.test/p/:4:1), <anonymous>:1:1)\n"
            " at https://a.test/p/:8:4",
            ("https://a.test/p/", 8),
            id="evaluated",
        ),
        pytest.param(
            "Error\n at eval (eval at <anonymous> (https://a.test/p/:4:1), <anonymous>:1:1)",
            ("https://a.test/p/", 4),
            id="evaluated later",
        ),
        pytest.param(
            "Error\n at f (https://a.test/p/?q=javascript:f(1)//'-f(2)-':8:4)",
            ("https://a.test/p/?q=javascript:f(1)//'-f(2)-'", 8),
            id="an address with brackets",
        ),
        pytest.param(
            "Error\n at told (<anonymous>:9:1)\n at https://a.test/s.js:3:1",
            ("https://a.test/s.js", 3),
            id="a file",
        ),
        pytest.param("Error\n at https://a.test.evil/s.js:3:1", None, id="another site"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_where_a_stack_comes_from(stack, found):
    assert line_of_stack(stack, "https://a.test") == found
