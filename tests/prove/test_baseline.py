"""What has become worse since a former proof."""

from __future__ import annotations

import json

import pytest

from ringfence.prove.attacks.read import ATTACK as READ
from ringfence.prove.baseline import Baseline, BaselineError, Former, comparable, compare, load
from ringfence.prove.depth import Judgement, Verdict
from ringfence.prove.discover.survey import Coverage
from ringfence.prove.document import as_document, exit_status
from ringfence.prove.run import Proof, Trial
from ringfence.prove.stage import Target

STOPPED, SUCCEEDED = Verdict.STOPPED, Verdict.SUCCEEDED
ENVIRONMENT, INCONCLUSIVE = Verdict.ENVIRONMENT, Verdict.INCONCLUSIVE


def proof(verdict=STOPPED, depth=2, label="GET /", **found):
    trial = Trial(READ, Target("/", label), {}, Judgement(verdict, depth, (), "why"))
    return Proof(trials=[trial], coverage=Coverage(1, 1, ()), **found)


def before(verdict=STOPPED, depth=2, label="GET /", attack="read"):
    return Baseline(("csrf",), {(attack, label): Former(verdict, depth)})


@pytest.mark.parametrize(
    ("was", "now", "worse"),
    [
        pytest.param((STOPPED, 2), (STOPPED, 2), None, id="the same"),
        pytest.param((STOPPED, 2), (STOPPED, 3), None, id="deeper"),
        pytest.param((SUCCEEDED, 0), (SUCCEEDED, 0), None, id="as open as it was"),
        pytest.param((SUCCEEDED, 0), (STOPPED, 1), None, id="mended"),
        pytest.param((INCONCLUSIVE, None), (INCONCLUSIVE, None), None, id="as unknown as it was"),
        pytest.param((INCONCLUSIVE, None), (STOPPED, 1), None, id="known now"),
        pytest.param((STOPPED, 3), (STOPPED, 2), "depth 3 before, 2 now", id="less deep"),
        pytest.param((STOPPED, 2), (SUCCEEDED, 0), "is succeeded now", id="open"),
        pytest.param((STOPPED, 0), (SUCCEEDED, 0), "is succeeded now", id="open at equal depth"),
        pytest.param((STOPPED, 2), (ENVIRONMENT, 0), "is environment now", id="browser only"),
        pytest.param((STOPPED, 2), (INCONCLUSIVE, None), "is inconclusive now", id="unknown"),
    ],
)
def test_what_is_worse(was, now, worse):
    found = compare(before(*was), proof(*now), ["read"])
    assert found.new == []
    assert found.vanished == []
    if worse is None:
        assert found.worse == []
    else:
        (said,) = found.worse
        assert said.startswith("read on GET /: ")
        assert worse in said


def test_what_is_new_and_what_has_vanished():
    here = proof(label="GET /new/")
    found = compare(before(label="GET /gone/"), here, ["read"])
    assert found.new == here.trials
    assert found.vanished == [("read", "GET /gone/")]
    assert found.worse == []


@pytest.mark.parametrize(
    ("attack", "partial"),
    [
        pytest.param("forgery", "", id="an attack that was not run"),
        pytest.param("read", "ended early", id="a partial run"),
    ],
)
def test_what_was_not_looked_for_has_not_vanished(attack, partial):
    found = compare(before(label="GET /gone/", attack=attack), proof(partial=partial), ["read"])
    assert found.vanished == []


@pytest.mark.parametrize(
    ("was", "here", "asked", "status"),
    [
        pytest.param(before(SUCCEEDED, 0), proof(SUCCEEDED, 0), {}, 0, id="known"),
        pytest.param(before(), proof(STOPPED, 1), {}, 1, id="worse"),
        pytest.param(before(label="x"), proof(STOPPED, 1), {}, 0, id="new and stopped"),
        pytest.param(before(label="x"), proof(STOPPED, 1), {"fail_under": 2}, 1, id="new, shallow"),
        pytest.param(
            before(STOPPED, 1), proof(STOPPED, 1), {"fail_under": 2}, 0, id="known, shallow"
        ),
        pytest.param(before(label="x"), proof(SUCCEEDED, 0), {}, 1, id="new and open"),
        pytest.param(before(label="x"), proof(INCONCLUSIVE, None), {}, 3, id="new and unknown"),
        pytest.param(before(), proof(partial="ended early"), {}, 3, id="partial"),
    ],
)
def test_exit_status(was, here, asked, status):
    found = compare(was, here, ["read"])
    assert exit_status(here, judged=found.new, failed=bool(found.worse), **asked) == status


def test_a_proofs_own_json_is_a_baseline(tmp_path):
    path = tmp_path / "proof.json"
    here = proof(rings=("csrf", "cors"))
    path.write_text(json.dumps(as_document(here)))
    baseline = load(path)
    assert baseline == Baseline(("csrf", "cors"), {("read", "GET /"): Former(STOPPED, 2)})
    assert compare(baseline, here, ["read"]).worse == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(None, "cannot be read", id="not there"),
        pytest.param("{", "is no JSON", id="no JSON"),
        pytest.param("[" * 100_000, "is no JSON", id="too deep"),
        pytest.param("[]", "its version is None", id="a list"),
        pytest.param('{"version": 1}', "its version is 1", id="a former version"),
        pytest.param('{"version": 2}', "is no proof", id="without verdicts"),
        pytest.param('{"version": 2, "verdicts": [7]}', "is no proof", id="no verdict"),
        pytest.param(
            '{"version": 2, "verdicts": [{"attack": "a", "target": "b", "verdict": "safe",'
            ' "depth": 1}]}',
            "is no proof",
            id="unknown verdict",
        ),
        pytest.param(
            '{"version": 2, "verdicts": [{"attack": [], "target": "b", "verdict": "stopped",'
            ' "depth": 1}]}',
            "is no proof",
            id="no name",
        ),
    ],
)
def test_what_is_no_baseline(tmp_path, text, said):
    path = tmp_path / "proof.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(BaselineError, match=said):
        load(path)


def test_depths_of_other_rings_are_not_compared():
    assert comparable(before(), ["csrf"]) is None
    assert "give the same --ring" in comparable(before(), ["csrf", "csp"])
