"""Facts come back as they were; what has another shape does not come back at all."""

from __future__ import annotations

import math

import pytest

from ringfence.audit.codec import MalformedError, dumps, loads
from ringfence.audit.model import (
    UNKNOWN,
    Call,
    Finding,
    Hit,
    Place,
    PythonFacts,
    Report,
    Skipped,
    Source,
    Value,
)
from ringfence.finding import Confidence, Severity


def facts(**changed):
    values = {
        "path": "a.py",
        "module": "a",
        "imports": {"x": "y.x"},
        "star_imports": ("z",),
        "calls": (),
        "assignments": (),
        "functions": (),
        "classes": (),
        "lines": 3,
    }
    return PythonFacts(**(values | changed))


LITERALS = [
    *(UNKNOWN, None, True, 0, -(10**5000), 1.5, math.inf, 2j, ..., "", "\udc80é\x00", b"\xff"),
    *((), (1, ("a",)), frozenset({"a", 1}), {"k": [1, {}]}, ["a", None]),
]


@pytest.mark.parametrize("literal", LITERALS, ids=[type(each).__name__ for each in LITERALS])
def test_a_literal_comes_back(literal):
    value = Value(literal=literal)
    whole = facts(calls=(Call("f", (value,), {"k": value}, Place("a.py", 1)),))

    back = loads(PythonFacts, dumps(whole))

    assert back == whole
    assert type(back.calls[0].args[0].literal) is type(literal)


def test_not_a_number_comes_back():
    whole = facts(calls=(Call("f", (Value(literal=math.nan),), {}, Place("a.py", 1)),))
    assert math.isnan(loads(PythonFacts, dumps(whole)).calls[0].args[0].literal)


def test_all_else_comes_back():
    inner = Value(sources=frozenset({Source.REQUEST, Source.URL}), safe_for=frozenset({"html"}))
    value = Value(items=(inner, (inner, Value(literal="x"))), name="request.GET.get", built=True)
    whole = facts(
        calls=(Call("f", (value,), {}, Place("a.py", 1, 2, "f", "x"), receiver=inner),),
        accepted={3: (("SQL401", "ours"),)},
    )
    assert loads(PythonFacts, dumps(whole)) == whole


def test_a_report_comes_back():
    hit = Hit(Place("a.py", 1), "why", "fix", Confidence.LOW, Severity.INFO)
    found = Finding("SQL401", "t", Severity.ERROR, Confidence.LOW, 89, "python", hit, "f" * 32)
    whole = Report((found,), (Skipped("b.py", "r"),), 5, 2, {"XSS401": "no"})
    assert loads(Report, dumps(whole)) == whole


def test_the_same_facts_are_the_same_text():
    one = facts(calls=(Call("f", (Value(safe_for=frozenset("abc")),), {}, Place("a.py", 1)),))
    two = facts(calls=(Call("f", (Value(safe_for=frozenset("cba")),), {}, Place("a.py", 1)),))
    assert dumps(one) == dumps(two)


def test_it_is_one_line_of_ascii():
    written = dumps(facts(path="ä\n\u2028.py"))
    assert written.isascii()
    assert "\n" not in written


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "null", "[]", "{}", "3", '"x"', "[" * 100_000, "[[],[]]"),
        dumps(facts()).replace("3", '"3"'),
        dumps(facts()).replace("3", "true"),
        dumps(facts()) + dumps(facts()),
        dumps(Skipped("a", "b")),
        b"\xff\xfe",
    ],
    ids=[
        *("empty", "torn", "null", "list", "dict", "number", "string", "deep", "short"),
        *("text for a number", "truth for a number", "twice", "other facts", "no text"),
    ],
)
def test_what_has_another_shape_is_refused(text):
    with pytest.raises(MalformedError):
        loads(PythonFacts, text)


def test_an_unknown_constant_is_refused():
    text = dumps(facts(calls=(Call("f", (Value(literal=3),), {}, Place("a.py", 1)),)))
    with pytest.raises(MalformedError):
        loads(PythonFacts, text.replace('["i","0x3"]', '["os.system","id"]'))
