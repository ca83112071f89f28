"""The payload that tells by itself where it ran, and what is made of what was seen."""

from __future__ import annotations

import dataclasses

import pytest

from ringfence.prove.attacks import ATTACKS
from ringfence.prove.discover.survey import NOTHING, Page
from ringfence.prove.stage import Outcome, Place, Target, new_number
from ringfence.prove.stored import WAYS, attack, payload, ways_of
from ringfence.sandbox.client import Answer
from ringfence.sandbox.visit import Visit

NUMBER = "123456789"
TARGET = Target("/profile/", "a column at /profile/", column="app.Model.name")
GUESS = Target("", "app.Model.name", column="app.Model.name")


PLACE = Place("template", "{{ name|safe }}", "templates/page.html", 3)


def visit(on_load=(), on_press=(), **seen):
    return Visit(
        **{"url": "/", "status": 200, "source": NUMBER, **seen},
        on_load=frozenset(on_load),
        on_press=frozenset(on_press),
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
        (["1234567894"], [], ["script"]),
        ([], ["1234567895"], ["script"]),
        (["2234567892"], ["2234567891"], []),
    ],
    ids=str,
)
def test_by_which_ways_it_ran(on_load, on_press, ways):
    assert ways_of(visit(on_load, on_press), NUMBER) == ways


def test_the_payload_is_no_markup_and_fits_a_column():
    text = payload(NUMBER, markup=False)
    assert not set("<>&") & set(text)
    assert len(text) <= 150
    assert text.startswith("javascript:")


def test_numbers_are_of_one_length():
    numbers = {new_number() for _ in range(100)}
    assert {len(number) for number in numbers} == {len(NUMBER)}
    assert len(numbers) > 90


class Stage:
    """Answers each visit with what it was given; the number is what was stored."""

    def __init__(self, stored=True, pages=(), **seen):
        self.stored = stored
        self.seen = seen
        self.number = ""
        self.survey = dataclasses.replace(NOTHING, pages=pages)
        self.visited = []

    def url(self, path):
        return path

    def become(self, visitor, *, afresh=False):
        self.visitor = visitor

    def poison(self, column, text):
        self.number = text.partition("(")[2][: len(NUMBER)]
        return self.stored

    def picture(self):
        return b""

    def trace(self, numbers):
        self.followed = set(numbers)

    def place(self, identifier, *, pressed=False):
        assert identifier[:9] in self.followed
        return dataclasses.replace(PLACE, line=6) if pressed else PLACE

    def ask(self, method, target, *, visitor, headers=None, body=b""):
        shows = target == "/shows/"
        return Answer(200, {}, self.number if shows else "<script>")

    def visit(self, url, *, press=False):
        self.visited.append((self.visitor, url))
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
    ],
)
def test_what_a_strike_at_a_page_comes_to(stage, outcome, mechanism):
    aimed = attack("handler", title="", stopped_by=(), fix="")
    (found,) = aimed.strike(stage, [TARGET])
    assert (found.outcome, found.mechanism) == (outcome, mechanism)


def page(path, visitor="user", pattern="p", kind="text/html", status=200):
    return Page(path, visitor, status, kind, False, pattern, None, {})


PAGES = (
    page("/shows/"),
    page("/other/", pattern="o"),
    page("/other/2/", pattern="o"),
    page("/shows/", visitor="staff"),
    page("/json/", kind="application/json", pattern="j"),
)


def test_what_is_guessed_is_looked_for_where_it_may_show():
    stage = Stage(pages=PAGES)
    attack("handler", title="", stopped_by=(), fix="").strike(stage, [GUESS])
    # Scripts of a page without the text may fetch it: one page of a kind is enough. A page that has
    # the text from where another had it is no news.
    assert stage.visited == [("user", "/shows/"), ("user", "/other/")]


def test_ways_that_share_a_payload_share_their_visits():
    stage = Stage(pages=PAGES)
    for name in ("handler", "link", "string"):
        attack(name, title="", stopped_by=(), fix="").strike(stage, [GUESS])
    assert len(stage.visited) == 2
    attack("script", title="", stopped_by=(), fix="").strike(stage, [GUESS])
    assert len(stage.visited) == 4


def test_a_guess_that_runs_says_where():
    stage = Stage(pages=PAGES, on_press="2")
    (found,) = attack("handler", title="", stopped_by=(), fix="").strike(stage, [GUESS])
    assert found.outcome is Outcome.SUCCEEDED
    assert (found.target.path, found.target.visitor) == ("/shows/", "user")
    assert found.target.label == "app.Model.name at /shows/"
    assert found.place.line == 6


def test_a_number_that_ran_twice_is_put_down_to_each_place():
    stage = Stage(pages=PAGES, on_press="2", on_load="2")
    lines = {"handler": 6, "string": 3}
    for name, line in lines.items():
        (found,) = attack(name, title="", stopped_by=(), fix="").strike(stage, [GUESS])
        assert found.place.line == line


def test_a_column_that_takes_no_text_says_nothing():
    stage = Stage(stored=False)
    (found,) = attack("handler", title="", stopped_by=(), fix="").strike(stage, [GUESS])
    assert (found.outcome, found.mechanism) == (Outcome.INCONCLUSIVE, "not stored")


def test_each_way_has_an_attack_that_a_ring_claims():
    named = {item.name: item for item in ATTACKS}
    assert set(WAYS) <= set(named)
    for name in WAYS:
        assert {"csp", "escaping"} & set(named[name].stopped_by)


@pytest.mark.parametrize(
    ("way", "columns"),
    [
        pytest.param("link", ["a.M.long", "a.M.any"], id="room for 149 characters"),
        pytest.param("script", ["a.M.long", "a.M.any", "a.M.short"], id="room for 81 characters"),
    ],
)
def test_where_an_attack_aims(way, columns):
    survey = dataclasses.replace(
        NOTHING, columns=(("a.M.long", 200), ("a.M.any", None), ("a.M.short", 100), ("a.M.x", 50))
    )
    aimed = attack(way, title="", stopped_by=(), fix="").find(survey)
    assert [target.column for target in aimed] == columns


def test_without_columns_it_says_so():
    assert "text column" in attack("link", title="", stopped_by=(), fix="").find(NOTHING)
