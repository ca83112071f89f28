"""What comments accept: where they stand, and only with a reason."""

from __future__ import annotations

import time

import pytest

from ringfence.audit.accept import applied, in_python, in_script, in_template, unknown, unreasoned
from ringfence.audit.model import Project, PythonFacts

A = ("SQL401", "ours")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("x  # ringfence: accept SQL401 ours", {1: (A,)}, id="beside"),
        pytest.param("# ringfence: accept SQL401 ours\nx", {1: (A,), 2: (A,)}, id="above"),
        pytest.param("f(\n  x,  # ringfence: accept SQL401 ours\n)", {2: (A,)}, id="inside a call"),
        pytest.param(
            "# ringfence: accept SQL401 ours\n# ringfence: accept XSS501 too\nx",
            {1: (A,), 2: (A, ("XSS501", "too")), 3: (A, ("XSS501", "too"))},
            id="one above the other",
        ),
        pytest.param("x  # ringfence: accept SQL401: ours", {1: (A,)}, id="with a colon"),
        pytest.param("x  # noqa # ringfence: accept SQL401 ours", {1: (A,)}, id="after another"),
        pytest.param("x  # ringfence: accept SQL401", {1: (("SQL401", ""),)}, id="no reason"),
        pytest.param("x  # ringfence: accept", {1: (("", ""),)}, id="no code"),
        pytest.param("x = '# ringfence: accept SQL401 ours'", {}, id="in a string"),
        pytest.param('"""\n# ringfence: accept SQL401 ours\n"""', {}, id="in a docstring"),
        pytest.param("print 'x' # ringfence: accept SQL401 ours\n", {1: (A,)}, id="Python 2"),
        pytest.param("x = (  # ringfence: accept SQL401 ours", {1: (A,)}, id="torn"),
        pytest.param("x = 1  # ringfence is nice", {}, id="something else"),
    ],
)
def test_python(text, expected):
    assert in_python(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("{{ x }} {# ringfence: accept SQL401 ours #}", {1: (A,)}, id="beside"),
        pytest.param(
            "{# ringfence: accept SQL401 ours #}\n{{ x }}", {1: (A,), 2: (A,)}, id="above"
        ),
        pytest.param("{#- ringfence: accept SQL401 ours -#}{{ x }}", {1: (A,)}, id="Jinja2's"),
        pytest.param("<!-- ringfence: accept SQL401 ours -->", {}, id="in a page's comment"),
        pytest.param("{# ringfence: accept SQL401 ours", {}, id="torn"),
        pytest.param("{#" * 20_000 + "ringfence: accept", {}, id="hostile"),
    ],
)
def test_templates(text, expected):
    assert in_template(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("f(x); // ringfence: accept SQL401 ours", {1: (A,)}, id="beside"),
        pytest.param("// ringfence: accept SQL401 ours\nf(x)", {1: (A,), 2: (A,)}, id="above"),
        pytest.param("f('//'); // ringfence: accept SQL401 ours", {1: (A,)}, id="after a string"),
        pytest.param("/* ringfence: accept SQL401 ours */", {}, id="another comment"),
        pytest.param("//" * 20_000 + "ringfence: accept", None, id="hostile"),
    ],
)
def test_scripts(text, expected):
    found = in_script(text)
    assert expected is None or found == expected


MANY = 20_000


@pytest.mark.parametrize(
    ("read", "text", "lines"),
    [
        pytest.param(in_python, "# ringfence: accept SQL401 ours\n" * MANY, MANY + 1, id="python"),
        pytest.param(
            in_template, "{# ringfence: accept SQL401 ours #}\n" * MANY, MANY + 1, id="dtl"
        ),
        pytest.param(in_template, "{# ringfence: accept SQL401 ours #}" * MANY, 1, id="one line"),
    ],
)
def test_very_many_take_no_time(read, text, lines):
    before = time.process_time()
    found = read(text)
    assert time.process_time() - before < 10
    assert len(found) == lines
    assert found[1][0] == A


def test_a_long_statement_is_not_looked_through(finding):
    accepted = dict.fromkeys(range(1, 200000), (("XSS501", "ours"),))
    findings = [finding(line=3, end_line=199_999) for _ in range(200)]
    before = time.process_time()
    applied(findings, project(accepted))
    assert time.process_time() - before < 3


def project(accepted, path="shop/views.py"):
    facts = PythonFacts(path, "shop.views", {}, (), (), (), (), (), 9, accepted=accepted)
    return Project(python={path: facts})


@pytest.mark.parametrize(
    ("accepted", "why"),
    [
        pytest.param({3: (A,)}, "ours", id="its line"),
        pytest.param({5: (A,)}, "ours", id="its last line"),
        pytest.param({2: (A,)}, "", id="the line before"),
        pytest.param({6: (A,)}, "", id="the line after"),
        pytest.param({3: (("XSS501", "ours"),)}, "", id="another code"),
        pytest.param({3: (("SQL401", ""),)}, "", id="no reason"),
        pytest.param({3: (("SQL401", ""), A)}, "ours", id="two, one with a reason"),
    ],
)
def test_a_finding_is_accepted_where_it_stands(finding, accepted, why):
    (found,) = applied([finding(line=3, end_line=5)], project(accepted))
    assert found.accepted == why


def test_a_finding_in_another_file_is_not(finding):
    (found,) = applied([finding(path="other.py")], project({3: (A,)}))
    assert found.accepted == ""


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        pytest.param("x  # ringfence: accept SQL401", [1], id="no reason"),
        pytest.param("# ringfence: accept SQL401\nx", [1], id="above, told once"),
        pytest.param("x  # ringfence: accept", [1], id="no code"),
        pytest.param("x  # ringfence: accept SQL401 ours", [], id="a reason"),
    ],
)
def test_a_comment_without_a_reason_is_a_finding(text, lines):
    found = list(unreasoned(project(in_python(text))))
    assert [hit.place.line for hit in found] == lines


@pytest.mark.parametrize(
    ("code", "found"),
    [pytest.param("SQL401", [], id="known"), pytest.param("SQL999", [1], id="unknown")],
)
def test_a_comment_about_no_code_is_a_finding(code, found):
    hits = unknown(project(in_python(f"x  # ringfence: accept {code} ours")), {"SQL401"})
    assert [hit.place.line for hit in hits] == found
