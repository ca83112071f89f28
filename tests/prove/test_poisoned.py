"""Every variable of every template, poisoned before its filters."""

from __future__ import annotations

import dataclasses
import re
from contextlib import contextmanager

import pytest

from ringfence.prove.attacks import ATTACKS
from ringfence.prove.discover.survey import NOTHING, Page
from ringfence.prove.stage import Outcome, Place
from ringfence.sandbox.client import Answer
from ringfence.sandbox.visit import Visit

NAMED = {attack.name: attack for attack in ATTACKS}
SAFE, RAW, OTHER = (
    Place("template", text, "page.html", line)
    for line, text in enumerate(["{{ a }}", "{{ b|safe }}", "{{ c|safe }}"], 1)
)
NUMBERS = {SAFE: "111111111", RAW: "222222222", OTHER: "333333333"}
#: The variables that each page shows.
PAGES = {"/one/": [SAFE, RAW], "/two/": [RAW], "/three/": [RAW, OTHER]}


class Stage:
    def __init__(self, *, stops=False, status=200):
        self.stops = stops
        self.status = status
        self.visited = []
        self.make = None
        pages = tuple(Page(path, "user", 200, "text/html", False, path, None, {}) for path in PAGES)
        self.survey = dataclasses.replace(NOTHING, pages=pages, variables=tuple(NUMBERS))

    @contextmanager
    def tainted(self, make, places=None):
        self.make, self.places = make, places
        yield
        self.make = None

    def variable(self, number):
        return next((place for place, known in NUMBERS.items() if known == number), None)

    def become(self, visitor): ...

    def url(self, path):
        return path

    def picture(self):
        return b""

    def source(self, path):
        text = ""
        for place in PAGES[path]:
            if place in self.places:
                added = self.make(NUMBERS[place])
                text += added.replace("<", "&lt;") if place is SAFE else added
        return text

    def ask(self, method, path, *, visitor):
        return Answer(self.status, {}, self.source(path) if self.make else "")

    def visit(self, url, *, press=False):
        self.visited.append(url)
        source = self.source(url)
        fired = [] if self.stops else re.findall(r"<img src=x: onerror=ringfence\((\d+)", source)
        return Visit(url, self.status, source, on_load=frozenset(fired))


def test_each_variable_that_runs_is_named_and_no_page_is_opened_for_nothing():
    attack, stage = NAMED["template"], Stage()
    results = attack.strike(stage, attack.find(stage.survey))
    assert [result.outcome.value for result in results] == ["stopped", "succeeded", "succeeded"]
    assert [result.target.place for result in results[1:]] == [RAW, OTHER]
    assert [result.target.path for result in results[1:]] == ["/one/", "/three/"]
    # The second page shows nothing that the first one did not.
    assert stage.visited == ["/one/", "/three/"]


@pytest.mark.parametrize(
    ("options", "outcome"),
    [
        pytest.param({}, Outcome.SUCCEEDED, id="runs"),
        pytest.param({"stops": True}, Outcome.STOPPED, id="does not run"),
        pytest.param({"status": 500}, Outcome.INCONCLUSIVE, id="crashes"),
    ],
)
def test_in_another_state_only_those_are_poisoned_that_ran(options, outcome):
    attack, first = NAMED["template"], Stage()
    ran = attack.strike(first, attack.find(first.survey))[1].target
    stage = Stage(**({"stops": True} | options if "status" in options else options))
    (result,) = attack.strike(stage, [ran])
    assert result.outcome is outcome
    assert stage.places == {RAW}


def test_ways_without_markup_share_their_visits():
    stage = Stage(stops=True)
    for name in ("template_attribute", "template_handler", "template_string"):
        attack = NAMED[name]
        attack.strike(stage, attack.find(stage.survey))
    assert len(stage.visited) == 2


def test_without_variables_it_says_so():
    assert "template" in NAMED["template"].find(NOTHING)
