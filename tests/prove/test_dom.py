"""What a link's fragment or query becomes by a script of the page's own."""

from __future__ import annotations

import dataclasses
import re
from urllib.parse import unquote, urlsplit

import pytest

from ringfence.prove.attacks.dom import ATTACK
from ringfence.prove.discover.survey import NOTHING, Page
from ringfence.prove.stage import Outcome, Place
from ringfence.sandbox.client import Answer
from ringfence.sandbox.visit import Visit

LINE = Place("template", "x.innerHTML = y;", "page.html", 7)
SEARCHES = '<script>\nconst q = new URLSearchParams(location.search).get("name");\n</script>'
NAVIGATES = "<script>\nconst to = location.hash.slice(1);\nlocation.href = to;\n</script>"
SURVEY = dataclasses.replace(
    NOTHING,
    pages=(Page("/p/", "anonymous", 200, "text/html", False, "p", None, {}),),
)


class Stage:
    def __init__(self, source, *, digit="", part="fragment", place=LINE, status=200):
        self.source, self.digit, self.part = source, digit, part
        self.known, self.status = place, status
        self.visited = []

    def become(self, visitor): ...

    def trace(self, numbers): ...

    def url(self, path):
        return path

    def ask(self, method, path, *, visitor):
        return Answer(200, {}, self.source)

    def place(self, identifier, *, pressed=False):
        return self.known

    def line(self, source, number):
        return Place("template", source.splitlines()[number - 1], "page.html", number)

    def picture(self):
        return b""

    def visit(self, url, *, press=False):
        self.visited.append(url)
        text = unquote(getattr(urlsplit(url), self.part))
        fired = re.findall(r"ringfence\((\d{10})\)", text)
        ran = frozenset(each for each in fired if each.endswith(self.digit or "x"))
        return Visit(url, self.status, self.source, on_load=ran)


def strike(stage, target):
    (result,) = ATTACK.strike(stage, [target])
    return result


HASH, SEARCH = ATTACK.find(SURVEY)


@pytest.mark.parametrize(
    ("target", "stage", "place", "parameter"),
    [
        pytest.param(HASH, Stage(NAVIGATES, digit="4"), LINE, None, id="markup of a fragment"),
        pytest.param(
            HASH,
            Stage(NAVIGATES, digit="1", place=None),
            Place("template", "location.href = to;", "page.html", 3),
            None,
            id="an address",
        ),
        pytest.param(
            SEARCH, Stage(SEARCHES, digit="4", part="query"), LINE, "name", id="a parameter"
        ),
    ],
)
def test_what_runs_is_put_down_to_the_script(target, stage, place, parameter):
    found = strike(stage, target)
    assert found.outcome is Outcome.SUCCEEDED
    assert (found.place, found.target.parameter) == (place, parameter)
    again = strike(Stage(stage.source, digit=stage.digit, part=stage.part), found.target)
    assert again.outcome is Outcome.SUCCEEDED
    stopped = strike(Stage(stage.source), found.target)
    assert (stopped.outcome, stopped.mechanism) == (Outcome.STOPPED, "not run")
    crashed = strike(Stage(stage.source, status=500), found.target)
    assert crashed.outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(
    ("target", "source"),
    [
        pytest.param(HASH, "<p>no script</p>", id="no script"),
        pytest.param(SEARCH, NAVIGATES, id="a script that reads no query"),
    ],
)
def test_a_page_that_reads_nothing_costs_no_browser(target, source):
    stage = Stage(source)
    assert strike(stage, target).outcome is Outcome.STOPPED
    assert stage.visited == []


def test_without_pages_it_says_so():
    assert "page" in ATTACK.find(NOTHING)
