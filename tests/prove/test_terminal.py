"""The matrix holds what the attacked site chose to call its pages."""

from __future__ import annotations

import io
import json

import pytest

from ringfence.prove.attacks.read import ATTACK as READ
from ringfence.prove.depth import judge
from ringfence.prove.discover.survey import Coverage
from ringfence.prove.stage import Outcome, Result, Target

# rich comes with the extra that brings the browser.
pytestmark = pytest.mark.browser

HOSTILE = "GET /\x1b[2J\x1b]0;owned\x07[red]\u202e\r\n\x9b31m\ud800/"


class Stream(io.StringIO):
    def __init__(self, *, terminal=False, encoding="utf-8"):
        super().__init__()
        self._terminal = terminal
        self._encoding = encoding

    @property
    def encoding(self):
        return self._encoding

    def isatty(self):
        return self._terminal


def trial(outcome, label=HOSTILE, *, evidence="seen"):
    from ringfence.prove.run import Trial

    states = ("transport", "isolation", "cors", "csrf", "csp")
    results = {state: Result(outcome, "refused", evidence) for state in ("on", *states)}
    results["off"] = Result(Outcome.SUCCEEDED, "read", evidence)
    results["reference"] = Result(Outcome.STOPPED, "refused", evidence)
    found = Trial(READ, Target("/", label), results)
    found.judgement = judge(results, states)
    return found


def proof(*trials, notes=(), **found):
    from ringfence.prove.run import Proof

    return Proof(
        trials=list(trials),
        rings=("transport", "isolation", "cors", "csrf", "csp"),
        notes=list(notes),
        pages=1,
        runs=8,
        seconds=1.0,
        browser="Chromium 1",
        **{"coverage": Coverage(10, 8, ()), **found},
    )


def rendered(*trials, notes=(), title="proof", untargeted=(), **stream):
    from ringfence.prove.render.terminal import render

    out = Stream(**stream)
    render(proof(*trials, notes=notes, untargeted=list(untargeted)), out, title=title)
    return out.getvalue()


@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("terminal", [False, True], ids=["file", "terminal"])
def test_a_hostile_label_commands_no_terminal(outcome, terminal):
    hostile = trial(outcome, evidence=HOSTILE)
    text = rendered(hostile, notes=(HOSTILE,), title=HOSTILE, terminal=terminal)
    # What rich itself writes for colours is all that a terminal is told.
    assert "\x1b[2J" not in text
    assert "\x1b]0;" not in text
    assert not {"\x07", "\r", "\x9b", "\u202e", "\ud800"} & set(text)
    assert "[red]" in text.replace("\n", "")


def test_a_file_gets_plain_text():
    assert "\x1b" not in rendered(trial(Outcome.STOPPED, "GET /a/"))


@pytest.mark.parametrize(
    ("outcome", "square", "depth"),
    [
        pytest.param(Outcome.STOPPED, "■", "5", id="stopped"),
        pytest.param(Outcome.SUCCEEDED, "□", "0", id="succeeded"),
        pytest.param(Outcome.ENVIRONMENT, "~", "0", id="environment"),
        pytest.param(Outcome.INCONCLUSIVE, "?", "?", id="inconclusive"),
    ],
)
def test_squares_and_depth(outcome, square, depth):
    row = next(line for line in rendered(trial(outcome, "GET /a/")).splitlines() if "/a/" in line)
    assert row.split() == ["read", "GET", "/a/", "□", *[square] * 6, depth]


def test_a_stream_without_squares_gets_ascii():
    text = rendered(trial(Outcome.STOPPED, "GET /a/"), encoding="ascii")
    assert text.isascii()
    assert "#" in text


@pytest.mark.parametrize(
    ("outcomes", "status"),
    [
        pytest.param([Outcome.STOPPED], 0, id="all stopped"),
        pytest.param([Outcome.STOPPED, Outcome.SUCCEEDED], 1, id="one succeeded"),
        pytest.param([Outcome.ENVIRONMENT], 1, id="the browser's defaults are not the site's"),
        pytest.param([Outcome.INCONCLUSIVE, Outcome.SUCCEEDED], 1, id="success outweighs"),
        pytest.param([Outcome.INCONCLUSIVE, Outcome.STOPPED], 3, id="inconclusive"),
    ],
)
def test_exit_status(outcomes, status):
    from ringfence.prove.document import exit_status

    assert exit_status(proof(*map(trial, outcomes))) == status


def test_a_proof_of_nothing_is_no_proof():
    from ringfence.prove.document import exit_status

    assert exit_status(proof()) == 3


def test_document_survives_hostile_labels():
    from ringfence.prove.document import VERSION, as_document

    document = json.loads(json.dumps(as_document(proof(trial(Outcome.STOPPED)))))
    assert document["version"] == VERSION
    (verdict,) = document["verdicts"]
    assert verdict["target"] == HOSTILE
    assert verdict["verdict"] == "stopped"
    assert verdict["evidence"]["off"]["outcome"] == "succeeded"


@pytest.mark.parametrize(
    ("found", "asked", "status"),
    [
        pytest.param({}, {"min_coverage": 0.8}, 0, id="enough was seen"),
        pytest.param({}, {"min_coverage": 0.9}, 3, id="too little was seen"),
        pytest.param({"coverage": None}, {}, 3, id="nothing was looked at"),
        pytest.param({"partial": "ended early"}, {}, 3, id="ended early"),
        pytest.param({}, {"fail_under": 5}, 0, id="as deep as asked for"),
        pytest.param({}, {"fail_under": 6}, 1, id="not as deep as asked for"),
    ],
)
def test_exit_status_of_what_was_asked_for(found, asked, status):
    from ringfence.prove.document import exit_status

    assert exit_status(proof(trial(Outcome.STOPPED), **found), **asked) == status


def test_an_attack_that_nothing_came_of_is_told():
    from ringfence.prove.run import Untargeted

    text = rendered(trial(Outcome.STOPPED), untargeted=[Untargeted(READ, 12, "nothing \x1b[2J")])
    assert "read: not tried further: nothing \\x1b[2J" in text
