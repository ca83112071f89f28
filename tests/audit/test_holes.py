"""Our own set of known holes: what was found once is found, and told apart from its fix."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.audit_holes import codes_of, judge
from scripts.holes.cases import Case, from_toml

HOLES = Path(__file__).with_name("holes")
FILES = sorted(path for path in HOLES.glob("*.toml") if path.name != "classes.toml")
CASES = [
    pytest.param(case, id=f"{path.stem}: {case.name}") for path in FILES for case in from_toml(path)
]

#: What is not found yet; whoever finds one takes it out.
MISSED = {
    "every field",
    "exclude of nothing",
    "a viewset's routes, exempt in the URL file",
    "a policy that a function writes",
    "no redirect to https unless asked",
    "what the address says, in a not-found answer",
    "the filter tag",
    "a script from where a variable says",
    "a style of data",
    "an escape that forgets quotes",
    "text of an answer as markup",
    "SweetAlert of the answer's text",
    "failing answer as markup",
    "help of an answer",
    "colour of a post in a style sheet",
    "Jinja2 macro's label safe",
    "script template with raw choices",
    "admin page: duplicate by link",
    "second: cover in a style",
}
#: Found, and said of its fix as well.
NOT_APART = {"a template literal", "a policy in Django's own setting with eval"}


@pytest.mark.parametrize("case", CASES)
def test_hole(case: Case) -> None:
    outcome = judge(case)
    assert (outcome.found == "line") is (case.name not in MISSED), outcome
    if case.after and case.name not in MISSED:
        assert outcome.apart is (case.name not in NOT_APART), outcome


def test_a_class_has_codes() -> None:
    assert codes_of("csrf-get-state-change") == codes_of("csrf")
    with pytest.raises(LookupError, match="nothing"):
        codes_of("nothing-known")
