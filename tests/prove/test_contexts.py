"""The payload that tells by itself where it ran, and what is made of what was seen."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from ringfence.prove.attacks import ATTACKS
from ringfence.prove.contexts import WAYS, attack, new_number, payload, ways_of
from ringfence.prove.stage import Outcome, Target

NUMBER = "123456789"
TARGET = Target("/profile/", "a column", column="app.Model.name")


def visit(on_load=(), on_press=(), source=NUMBER, status=200, error=None):
    return SimpleNamespace(
        on_load=frozenset(on_load),
        on_press=frozenset(on_press),
        source=source,
        status=status,
        error=error,
    )


@pytest.mark.parametrize(
    ("on_load", "on_press", "ways"),
    [
        ([], [], []),
        (["1234567891"], ["1234567891"], ["link"]),
        ([], ["1234567892"], ["handler"]),
        (["1234567892"], [], ["string"]),
        (["1234567892"], ["1234567892"], ["handler", "string"]),
        (["1234567893"], [], ["attribute"]),
        ([], ["1234567893"], ["attribute"]),
        (["2234567892"], ["2234567891"], []),
    ],
    ids=str,
)
def test_by_which_ways_it_ran(on_load, on_press, ways):
    assert ways_of(visit(on_load, on_press), NUMBER) == ways


def test_the_payload_is_no_markup_and_fits_a_column():
    text = payload(NUMBER)
    assert not set("<>&") & set(text)
    assert len(text) <= 150
    assert text.startswith("javascript:")


def test_numbers_are_of_one_length():
    numbers = {new_number() for _ in range(100)}
    assert {len(number) for number in numbers} == {len(NUMBER)}
    assert len(numbers) > 90


class Stage:
    """Answers each visit with what it was given; the number is what was stored."""

    def __init__(self, stored=True, **seen):
        self.stored = stored
        self.seen = seen
        self.number = ""

    def url(self, path):
        return path

    def poison(self, column, text):
        self.number = text.partition("(")[2][: len(NUMBER)]
        return self.stored

    def press(self, url):
        filled = {
            name: [self.number + digit for digit in value]
            if name.startswith("on_")
            else value.replace("NUMBER", self.number)
            if isinstance(value, str)
            else value
            for name, value in self.seen.items()
        }
        return visit(**{"source": self.number, **filled})


@pytest.mark.parametrize(
    ("stage", "outcome", "mechanism"),
    [
        pytest.param(Stage(on_press="2"), Outcome.SUCCEEDED, "ran", id="ran"),
        pytest.param(Stage(), Outcome.STOPPED, "not run", id="did not run"),
        pytest.param(Stage(on_load="2"), Outcome.STOPPED, "not run", id="ran in another way"),
        pytest.param(Stage(source="x ringfence-refused"), Outcome.STOPPED, "not run", id="refused"),
        pytest.param(Stage(source="x"), Outcome.INCONCLUSIVE, "absent", id="not there"),
        pytest.param(Stage(status=500), Outcome.INCONCLUSIVE, "crash", id="a crash"),
        pytest.param(Stage(error="x", status=0), Outcome.INCONCLUSIVE, "crash", id="no answer"),
        pytest.param(Stage(stored=False), Outcome.INCONCLUSIVE, "not stored", id="not stored"),
    ],
)
def test_what_a_strike_comes_to(stage, outcome, mechanism):
    found = attack("handler", title="", stopped_by=(), fix="").strike(stage, TARGET)
    assert (found.outcome, found.mechanism) == (outcome, mechanism)


def test_each_way_has_an_attack_that_escaping_claims():
    named = {item.name: item for item in ATTACKS}
    assert set(WAYS) <= set(named)
    for name in WAYS:
        assert "escaping" in named[name].stopped_by


def test_where_an_attack_aims():
    aimed = attack("link", title="", stopped_by=(), fix="")
    survey = SimpleNamespace(
        contexts=(("handler", "a", "/1/"), ("link", "b", "/2/")), why_no_contexts="nothing"
    )
    assert [(target.column, target.path) for target in aimed.find(survey)] == [("b", "/2/")]
    survey.contexts = ()
    assert aimed.find(survey) == "nothing"
