"""Proofs to be shown: everything that an attacked site chose is hostile."""

from __future__ import annotations

import itertools

from ringfence.prove.attacks import ATTACKS
from ringfence.prove.depth import judge
from ringfence.prove.discover.survey import Coverage
from ringfence.prove.run import Proof, Trial, Untargeted
from ringfence.prove.stage import Outcome, Place, Result, Target
from ringfence.sandbox.states import RINGS

#: Calls what a test has put into the page, in every way that a label could.
HOSTILE = (
    "\"'--></title></style></script></desc></svg><script>owned(1)</script>"
    "<img src=x onerror=owned(2)><svg onload=owned(3)>`${owned(4)}`"
    "]]><a href=javascript:owned(5)>&#60;script&#62;\x00\x1b[2J\u202e\ud800\n/"
)
PICTURE = b"\xff\xd8\xff\xe0" + bytes(range(256))
S, X, E, Q = Outcome.STOPPED, Outcome.SUCCEEDED, Outcome.ENVIRONMENT, Outcome.INCONCLUSIVE


def trial(attack=ATTACKS[0], label="GET /", *, on=S, alone=(), text="seen", place=None, **target):
    """Return a trial in which these rings stop the attack alone."""
    results = {
        "off": Result(X, "ran", text),
        "reference": Result(S, "refused", text),
        "on": Result(on, "refused", text, picture=PICTURE if on is X else b""),
        **{ring: Result(S if ring in alone else X, "refused", text) for ring in RINGS},
    }
    found = Trial(attack, Target("/", label, place=place, **target), results)
    found.judgement = judge(results, RINGS, overriding=attack.overriding)
    return found


def proof(*trials, **found):
    """Return a proof of these trials."""
    return Proof(
        **{
            "trials": list(trials),
            "pages": 7,
            "runs": 99,
            "seconds": 12.5,
            "browser": "Chromium 1",
            "coverage": Coverage(10, 9, (("a/<int:pk>/", "no row"),)),
            "settings": "shop/settings.py",
            **found,
        }
    )


def hostile(number=1):
    """Return a proof with every kind of finding, all its texts hostile, ``number`` of each."""
    kinds = [(X, ()), (X, ("csp",)), (E, ()), (S, ()), (S, ("csrf",)), (S, RINGS), (Q, ())]
    place = Place("template", HOSTILE, HOSTILE, 3)
    trials = [
        trial(
            attack,
            f"{HOSTILE}{count}",
            on=on,
            alone=alone,
            text=HOSTILE,
            place=place,
            visitor=HOSTILE,
            parameter=HOSTILE,
            column=HOSTILE,
        )
        for attack, (on, alone) in zip(itertools.cycle(ATTACKS), kinds, strict=False)
        for count in range(number)
    ]
    return proof(
        *trials,
        partial=HOSTILE,
        browser=HOSTILE,
        notes=[HOSTILE],
        moving_in=[HOSTILE],
        untargeted=[Untargeted(ATTACKS[0], 1, HOSTILE)],
        coverage=Coverage(4, 1, ((HOSTILE, HOSTILE),)),
        settings=HOSTILE,
    )
