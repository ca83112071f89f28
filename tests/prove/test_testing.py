"""What a team's tests may ask of a proof."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ringfence.prove import testing
from ringfence.prove.attacks import ATTACKS
from ringfence.prove.document import as_document
from ringfence.prove.run import Untargeted
from ringfence.prove.stage import Outcome
from ringfence.prove.testing import ProveError, Proven
from tests.prove.samples import proof, trial

ATTACK = {attack.name: attack for attack in ATTACKS}

PROVEN = Proven(
    as_document(
        proof(
            trial(ATTACK["forgery"], "POST /transfer/", alone=("csrf", "transport", "csp")),
            trial(ATTACK["forgery"], "POST /note/", alone=("csrf",)),
            trial(ATTACK["read"], "GET /", on=Outcome.INCONCLUSIVE, text="a crash"),
            trial(ATTACK["script"], "Wall.text", on=Outcome.SUCCEEDED, text="it ran"),
            untargeted=[Untargeted(ATTACK["upload"], 0, "no form takes a file")],
        )
    )
)


def test_what_was_met():
    assert PROVEN.targets("forgery") == ["POST /transfer/", "POST /note/"]
    assert PROVEN.depth("forgery", "POST /transfer/") == 3
    assert PROVEN.verdict("script", "Wall.text")["verdict"] == "succeeded"


@pytest.mark.parametrize(
    ("attack", "target", "said"),
    [
        pytest.param("forgery", "POST /trasfer/", "it met: POST /transfer/", id="a near name"),
        pytest.param("framing", "GET /", "the attacks that met something: forgery", id="not run"),
        pytest.param("upload", "POST /", "no form takes a file", id="without a target"),
        pytest.param("read", "GET /", "inconclusive: a crash", id="inconclusive"),
    ],
)
def test_what_has_no_depth_is_no_pass(attack, target, said):
    with pytest.raises(AssertionError, match=said):
        PROVEN.depth(attack, target)


@pytest.mark.parametrize(
    ("arguments", "depth"),
    [
        pytest.param(("forgery", "POST /transfer/"), 3, id="that deep"),
        pytest.param(("forgery", "POST /note/"), 1, id="stopped"),
        pytest.param(("forgery",), 1, id="on every target"),
    ],
)
def test_stopped(arguments, depth):
    PROVEN.assert_stopped(*arguments, depth=depth)


@pytest.mark.parametrize(
    ("arguments", "depth", "said"),
    [
        pytest.param(("forgery", "POST /transfer/"), 4, "stopped at depth 3", id="not that deep"),
        pytest.param(("forgery",), 2, "POST /note/: stopped at depth 1", id="one is not"),
        pytest.param(("script", "Wall.text"), 1, "it ran. To do: ", id="open"),
        pytest.param(("read", "GET /"), 1, "inconclusive, and depth 1", id="inconclusive"),
        pytest.param(("upload",), 1, "no form takes a file", id="nothing met"),
        pytest.param(("framing",), 1, "did not meet any target", id="not run"),
        pytest.param(("forgery", "POST /x/"), 1, "did not meet POST /x/", id="no such target"),
    ],
)
def test_not_stopped(arguments, depth, said):
    with pytest.raises(AssertionError, match=said):
        PROVEN.assert_stopped(*arguments, depth=depth)


def test_a_run_that_fails_says_why(monkeypatch):
    with pytest.raises(ProveError, match="no_such_settings"):
        testing.prove(settings="no_such_settings", attacks=["read"])


def test_a_misspelt_attack_is_said():
    with pytest.raises(ProveError, match="did you mean 'forgery'"):
        testing.prove(settings="tests.settings", attacks=["forgrey"])


def test_what_takes_too_long_is_ended():
    with pytest.raises(ProveError, match=r"more than 0\.01 s"):
        testing._run([sys.executable, "-c", "input()"], "tests.settings", 0.01)


def test_settings_that_are_no_module_are_refused(monkeypatch):
    monkeypatch.setattr(testing, "django_settings", object())
    monkeypatch.delenv("DJANGO_SETTINGS_MODULE", raising=False)
    with pytest.raises(ProveError, match="DJANGO_SETTINGS_MODULE"):
        testing.prove()


def test_the_plugin_imports_nothing_of_django():
    said = "import ringfence.prove.pytest_plugin, sys; print('django' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", said], capture_output=True, text=True, check=True, cwd="src"
    )
    assert done.stdout.strip() == "False"
