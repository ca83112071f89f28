"""The matrix holds what the attacked site chose to call its pages."""

from __future__ import annotations

import io
import json

import pytest

from ringfence.prove.attacks.read import ATTACK as READ
from ringfence.prove.depth import judge
from ringfence.prove.discover.survey import Coverage
from ringfence.prove.stage import Outcome, Place, Result, Target

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


def rendered(*trials, notes=(), title="proof", found=(), verbose=False, **stream):
    from ringfence.prove.render.terminal import render

    out = Stream(**stream)
    render(proof(*trials, notes=notes, **dict(found)), out, title=title, verbose=verbose)
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

    text = rendered(
        trial(Outcome.STOPPED), found={"untargeted": [Untargeted(READ, 12, "nothing \x1b[2J")]}
    )
    assert "No target: read (nothing \\x1b[2J)." in text


def matrix_of(text):
    lines = text.splitlines()
    first = next(n for n, line in enumerate(lines) if line.lstrip().startswith("attack"))
    last = next(n for n, line in enumerate(lines) if line.startswith("■"))
    return "\n".join(lines[first:last])


def test_equal_rows_of_one_attack_are_one_unless_asked():
    many = [trial(Outcome.STOPPED, f"GET /{number}/") for number in range(200)]
    many.append(trial(Outcome.SUCCEEDED, "GET /open/"))
    folded = matrix_of(rendered(*many))
    assert "GET /0/ and 199 more" in folded
    assert "GET /open/" in folded
    assert "GET /7/" not in folded
    unfolded = matrix_of(rendered(*many, verbose=True))
    assert all(f"GET /{number}/" in unfolded for number in range(200))


def shallow(label):
    from ringfence.prove.run import Trial

    on = ("on", "reference", "csrf")
    results = {state: Result(Outcome.STOPPED, "refused", "refused") for state in on}
    results["off"] = Result(Outcome.SUCCEEDED, "read", "read")
    found = Trial(READ, Target("/", label, place=Place("view", "shop.views.a", "shop/a.py", 7)))
    found.results.update(results)
    found.judgement = judge(results, ("csrf",))
    return found


def test_what_succeeded_stands_before_what_is_one_mistake_away():
    text = rendered(shallow("GET /near/"), trial(Outcome.SUCCEEDED, "GET /open/"))
    assert text.index("depth 0: SUCCEEDED") < text.index("depth 1: one mistake away")
    assert "shop/a.py:7 shop.views.a" in text
    assert "only csrf stops it: refused" in text
    assert text.count(READ.fix) == 2


@pytest.mark.parametrize(
    ("found", "said"),
    [
        pytest.param(
            {"partial": "ended early: interrupted"},
            "PARTIAL: ended early: interrupted",
            id="ended early",
        ),
        pytest.param(
            {"moving_in": ["ringfence comes in \x1b[2J"]},
            "ringfence init would change:\n  ringfence comes in \\x1b[2J",
            id="what init would change",
        ),
        pytest.param(
            {"coverage": Coverage(3, 1, (("a/<int:pk>/", "no row"), ("", "no link")))},
            "1 of 3 URL patterns reached (33%). Not reached, and why:\n"
            "  a/<int:pk>/  no row\n  (empty)  no link",
            id="what was not reached",
        ),
    ],
)
def test_what_stands_around_the_matrix(found, said):
    text = rendered(trial(Outcome.STOPPED), found=found)
    assert said in "\n".join(line.rstrip() for line in text.splitlines())


def test_of_many_missing_patterns_ten_are_named():
    missing = tuple((f"p{number}/", "no row") for number in range(30))
    text = rendered(trial(Outcome.STOPPED), found={"coverage": Coverage(40, 10, missing)})
    assert "p9/" in text
    assert "p10/" not in text
    assert "and 20 more (--json has all)" in text
