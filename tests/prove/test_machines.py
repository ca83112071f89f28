"""What machines read: JSON by its schema, SARIF by its own."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest

from ringfence.prove.attacks import ATTACKS
from ringfence.prove.document import VERSION, as_document
from ringfence.prove.render import sarif
from ringfence.prove.stage import Outcome, Place
from tests.prove.samples import hostile, proof, trial

SARIF = json.loads(
    (Path(__file__).resolve().parents[1] / "audit" / "data" / "sarif-2.1.0.json").read_text("utf-8")
)
SCHEMA = json.loads((files("ringfence.prove") / "proof.schema.json").read_text("utf-8"))
ATTACK = {attack.name: attack for attack in ATTACKS}

PROOFS = [
    pytest.param(proof(), id="of nothing"),
    pytest.param(proof(coverage=None, partial="ended early"), id="ended before it began"),
    pytest.param(proof(trial(alone=("csrf", "csp")), trial(label="b", alone=("csp",))), id="held"),
    pytest.param(hostile(), id="hostile"),
]


@pytest.mark.parametrize("found", PROOFS)
def test_json_is_as_its_schema_says(found):
    document = json.loads(json.dumps(as_document(found)))
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(document, SCHEMA, jsonschema.Draft202012Validator)


def test_the_schema_says_every_key_and_the_version():
    document = as_document(hostile())
    assert SCHEMA["properties"]["version"]["const"] == VERSION
    assert set(SCHEMA["properties"]) == set(document)
    verdict = SCHEMA["properties"]["verdicts"]["items"]["properties"]
    assert set(verdict) == set(document["verdicts"][0])
    assert set(verdict["location"]["properties"]) == set(document["verdicts"][0]["location"])


@pytest.mark.parametrize(
    "spoilt",
    [
        pytest.param({"version": 1}, id="version"),
        pytest.param({"verdicts": [{}]}, id="an empty verdict"),
        pytest.param({"partial": None}, id="partial"),
    ],
)
def test_the_schema_refuses(spoilt):
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**as_document(proof(trial())), **spoilt}, SCHEMA)


@pytest.mark.parametrize("found", PROOFS)
def test_sarif_is_valid(found):
    text = sarif.render(found)
    assert text.isascii()
    jsonschema.validate(json.loads(text), SARIF)


def results(*trials, **found):
    (run,) = sarif.as_log(proof(*trials, **found))["runs"]
    return run["results"]


@pytest.mark.parametrize(
    ("on", "alone", "level"),
    [
        pytest.param(Outcome.SUCCEEDED, (), "error", id="succeeded"),
        pytest.param(Outcome.ENVIRONMENT, (), "error", id="the browser's defaults"),
        pytest.param(Outcome.STOPPED, (), "error", id="no ring alone"),
        pytest.param(Outcome.STOPPED, ("csrf",), "warning", id="one mistake away"),
        pytest.param(Outcome.INCONCLUSIVE, (), "note", id="inconclusive"),
        pytest.param(Outcome.STOPPED, ("csrf", "csp"), None, id="deep"),
    ],
)
def test_levels(on, alone, level):
    assert [each["level"] for each in results(trial(on=on, alone=alone))] == ([level] * bool(level))


VIEW = Place("view", "shop.views.wall", "shop/views.py", 12)


@pytest.mark.parametrize(
    ("place", "uri", "line"),
    [
        pytest.param(VIEW, "shop/views.py", 12, id="a view"),
        pytest.param(replace(VIEW, file="a b/ü.html"), "a%20b/%C3%BC.html", 12, id="quoted"),
        pytest.param(replace(VIEW, file="/usr/lib/x.py"), "shop/settings.py", None, id="not ours"),
        pytest.param(Place("setting", "X"), "shop/settings.py", None, id="a setting"),
        pytest.param(None, "shop/settings.py", None, id="nowhere"),
    ],
)
def test_where(place, uri, line):
    (result,) = results(trial(on=Outcome.SUCCEEDED, place=place))
    physical = result["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"] == {"uri": uri, "uriBaseId": "SRCROOT"}
    assert physical.get("region", {}).get("startLine") == line


def marks(*trials):
    return [r["partialFingerprints"]["primaryLocationLineHash"] for r in results(*trials)]


def at(line, label="GET /"):
    return trial(on=Outcome.SUCCEEDED, label=label, place=replace(VIEW, line=line))


def test_a_fingerprint_has_no_line_in_it():
    assert marks(at(12)) == marks(at(99))
    assert marks(at(1, "shop/a.html:12 {{ x }}")) == marks(at(1, "shop/a.html:13 {{ x }}"))


def test_fingerprints_differ():
    every = marks(at(1), at(1, "GET /b/"), at(1, "a.html:1 {{ x }}"), at(1, "a.html:2 {{ x }}"))
    assert len(set(every)) == 4


def test_a_rule_leads_to_its_weakness():
    (run,) = sarif.as_log(proof(trial(ATTACK["forgery"], on=Outcome.SUCCEEDED)))["runs"]
    (rule,) = run["tool"]["driver"]["rules"]
    assert rule["id"] == "forgery"
    assert rule["relationships"][0]["target"] == {"id": "352", "toolComponent": {"name": "CWE"}}
    assert [taxon["id"] for taxon in run["taxonomies"][0]["taxa"]] == ["352"]
    assert ATTACK["forgery"].fix in rule["help"]["text"]


def test_a_partial_run_is_said_to_be():
    (run,) = sarif.as_log(proof(trial(), partial="ended early"))["runs"]
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert "ended early" in invocation["toolExecutionNotifications"][0]["message"]["text"]
