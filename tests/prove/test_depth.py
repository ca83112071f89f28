"""From what each state came to, to a verdict."""

from __future__ import annotations

import pytest

from ringfence.prove.depth import Verdict, judge
from ringfence.prove.stage import NO_SESSION, REFUSED, Outcome, Result, stopped_by_answer
from ringfence.sandbox.journal import Exchange

RINGS = ("transport", "isolation", "cors", "csrf", "csp")

WON = Result(Outcome.SUCCEEDED, "changed", "it worked")
HELD = Result(Outcome.STOPPED, REFUSED, "refused")
BARED = Result(Outcome.STOPPED, NO_SESSION, "no session")
FRAMED = Result(Outcome.STOPPED, "frame policy", "no frame")
UNKNOWN = Result(Outcome.INCONCLUSIVE, "crash", "it crashed")
BROWSER = Result(Outcome.ENVIRONMENT, NO_SESSION, "the browser's default")


def states(off=WON, reference=HELD, on=HELD, **rings):
    return {
        "off": off,
        "reference": reference,
        "on": on,
        **{ring: rings.get(ring, WON) for ring in RINGS},
    }


def without(name, results):
    return {state: result for state, result in results.items() if state != name}


@pytest.mark.parametrize(
    ("results", "verdict", "depth", "alone"),
    [
        pytest.param(states(csrf=HELD), Verdict.STOPPED, 1, ("csrf",), id="one ring"),
        pytest.param(
            states(csrf=HELD, transport=BARED),
            Verdict.STOPPED,
            2,
            ("transport", "csrf"),
            id="two rings",
        ),
        pytest.param(
            states(csp=FRAMED, isolation=FRAMED),
            Verdict.STOPPED,
            1,
            ("isolation", "csp"),
            id="two rings that override each other count once",
        ),
        pytest.param(
            states(csp=FRAMED, isolation=HELD),
            Verdict.STOPPED,
            2,
            ("isolation", "csp"),
            id="the same rings by different mechanisms count twice",
        ),
        pytest.param(
            states(csrf=HELD, isolation=HELD),
            Verdict.STOPPED,
            2,
            ("isolation", "csrf"),
            id="two refusals override nothing",
        ),
        pytest.param(states(), Verdict.STOPPED, 0, (), id="only together"),
        pytest.param(states(on=WON), Verdict.SUCCEEDED, 0, (), id="succeeds with all on"),
        pytest.param(
            states(on=WON, csp=HELD), Verdict.SUCCEEDED, 0, ("csp",), id="a ring alone would help"
        ),
        pytest.param(
            states(on=BROWSER), Verdict.ENVIRONMENT, 0, (), id="only the browser stops it"
        ),
        pytest.param(
            states(on=BROWSER, cors=HELD),
            Verdict.STOPPED,
            1,
            ("cors",),
            id="a ring would stop it where the browser did not",
        ),
        pytest.param(
            states(csrf=HELD, transport=BROWSER),
            Verdict.STOPPED,
            1,
            ("csrf",),
            id="what the browser stops is no ring's",
        ),
        pytest.param(
            states(csrf=HELD, cors=UNKNOWN),
            Verdict.STOPPED,
            1,
            ("csrf",),
            id="a crash in a ring's state is no stop",
        ),
        pytest.param(
            states(off=HELD, csrf=HELD), Verdict.INCONCLUSIVE, None, (), id="control fails"
        ),
        pytest.param(
            states(off=BARED), Verdict.INCONCLUSIVE, None, (), id="browser blocks cookies"
        ),
        pytest.param(states(off=UNKNOWN), Verdict.INCONCLUSIVE, None, (), id="control crashes"),
        pytest.param(
            states(reference=WON, csrf=HELD),
            Verdict.INCONCLUSIVE,
            None,
            (),
            id="a known-good defence does not stop it",
        ),
        pytest.param(
            states(reference=UNKNOWN), Verdict.INCONCLUSIVE, None, (), id="reference crashes"
        ),
        pytest.param(states(on=UNKNOWN), Verdict.INCONCLUSIVE, None, (), id="site crashes"),
        pytest.param({}, Verdict.INCONCLUSIVE, None, (), id="nothing was run"),
        pytest.param(
            without("reference", states()), Verdict.INCONCLUSIVE, None, (), id="no reference"
        ),
        pytest.param(without("on", states()), Verdict.INCONCLUSIVE, None, (), id="no site"),
    ],
)
def test_judgement(results, verdict, depth, alone):
    found = judge(results, RINGS, overriding={"frame policy"})
    assert (found.verdict, found.depth, found.alone) == (verdict, depth, alone)


@pytest.mark.parametrize(
    ("results", "said"),
    [
        pytest.param(states(off=BARED), "environment", id="names the environment"),
        pytest.param(states(off=UNKNOWN), "it crashed", id="quotes the evidence"),
        pytest.param(states(), "no ring stops it alone", id="says that depth is 0"),
        pytest.param(states(csrf=HELD, cors=UNKNOWN), "cors: it crashed", id="names the unknown"),
        pytest.param(states(reference=WON), "known-good", id="names the reference"),
    ],
)
def test_reason(results, said):
    assert said in judge(results, RINGS).reason


def exchange(status, *, with_session=True):
    return Exchange("GET", "/", status, with_session, "cross-site")


@pytest.mark.parametrize(
    ("seen", "outcome", "mechanism"),
    [
        pytest.param(None, Outcome.STOPPED, "no request", id="never sent"),
        pytest.param(exchange(500), Outcome.INCONCLUSIVE, "crash", id="a crash is no defence"),
        pytest.param(exchange(503), Outcome.INCONCLUSIVE, "crash", id="unavailable neither"),
        pytest.param(exchange(403), Outcome.STOPPED, REFUSED, id="refused"),
        pytest.param(
            exchange(403, with_session=False), Outcome.STOPPED, NO_SESSION, id="no session first"
        ),
        pytest.param(exchange(200), Outcome.STOPPED, "withheld", id="answered as ever"),
        pytest.param(exchange(302), Outcome.STOPPED, "withheld", id="redirected"),
    ],
)
def test_how_it_was_stopped(seen, outcome, mechanism):
    result = stopped_by_answer(seen, "withheld")
    assert (result.outcome, result.mechanism) == (outcome, mechanism)
