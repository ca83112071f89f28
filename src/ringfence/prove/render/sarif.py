"""SARIF 2.1.0, for code scanning.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html. A result needs a place in a file:
where a defence is a setting, that is the file of the settings.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import ringfence
from ringfence.prove.plain import harmless
from ringfence.prove.summary import Kind, findings, kind_of

if TYPE_CHECKING:
    from ringfence.prove.run import Proof, Trial
    from ringfence.prove.stage import Attack

__all__ = ["as_log", "render"]

_SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT: Final = "SRCROOT"
_CWE: Final = "CWE"
_LINE: Final = re.compile(r":\d{1,9}(?=\s|$)")


def render(proof: Proof) -> str:
    """Return the log as text, ASCII only."""
    return json.dumps(as_log(proof), indent=2) + "\n"


def as_log(proof: Proof) -> dict[str, Any]:
    """Return the log: depth 0 as errors, depth 1 as warnings, what is inconclusive as notes."""
    found = [trial for group in findings(proof) for trial in group.trials]
    attacks = list({trial.attack.name: trial.attack for trial in proof.trials}.values())
    names = [attack.name for attack in attacks]
    weaknesses = sorted({_number(attack) for attack in attacks if _number(attack)}, key=int)
    ordinals: Counter[str] = Counter()
    results = []
    for trial in found:
        mark = fingerprint(trial)
        ordinals[mark] += 1
        results.append(_result(trial, names, proof.settings, f"{mark}:{ordinals[mark]}"))
    notifications = [
        {"level": "error", "message": {"text": harmless(f"partial: {proof.partial}")}}
        for _ in range(bool(proof.partial))
    ]
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": "ringfence prove",
                "version": ringfence.__version__,
                "rules": [_rule(attack) for attack in attacks],
                "supportedTaxonomies": [{"name": _CWE}],
            }
        },
        "taxonomies": [
            {
                "name": _CWE,
                "organization": "MITRE",
                "shortDescription": {"text": "Common Weakness Enumeration"},
                "taxa": [{"id": number, "name": f"CWE-{number}"} for number in weaknesses],
            }
        ],
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "Where the command was run."}}},
        "invocations": [
            {
                "executionSuccessful": not proof.partial,
                "toolExecutionNotifications": notifications,
            }
        ],
        "results": results,
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def fingerprint(trial: Trial) -> str:
    """Return what the finding is known by from run to run: no line is in it."""
    target = trial.target
    place = target.place
    known = (
        trial.attack.name,
        _LINE.sub("", target.label),
        target.parameter or "",
        target.column or "",
        *((place.kind, place.text, place.file) if place else ()),
    )
    return sha256("\0".join(known).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _number(attack: Attack) -> str:
    number = attack.cwe.removeprefix("CWE-")
    return number if number.isdecimal() else ""


def _rule(attack: Attack) -> dict[str, Any]:
    number = _number(attack)
    stops = f" Rings that stop it: {', '.join(attack.stopped_by)}." if attack.stopped_by else ""
    text = f"{attack.title}. To do: {attack.fix}.{stops}"
    rule: dict[str, Any] = {
        "id": attack.name,
        "name": attack.name,
        "shortDescription": {"text": attack.title},
        "fullDescription": {"text": attack.title},
        "help": {
            "text": text,
            "markdown": f"{attack.title}.\n\n**To do:** {attack.fix}.\n\n{stops.strip()}",
        },
        "defaultConfiguration": {"level": "error"},
        "properties": {
            "tags": ["security", *([f"external/cwe/cwe-{number.zfill(3)}"] if number else [])],
            "precision": "very-high",
            "security-severity": "8.0",
        },
    }
    if number:
        taxon = {"id": number, "toolComponent": {"name": _CWE}}
        rule["relationships"] = [{"target": taxon, "kinds": ["superset"]}]
    return rule


def _result(trial: Trial, names: Sequence[str], settings: str, mark: str) -> dict[str, Any]:
    judgement, target = trial.judgement, trial.target
    kind = kind_of(judgement)
    level = "note" if kind is Kind.INCONCLUSIVE else "warning" if kind is Kind.SHALLOW else "error"
    said = kind.value if kind else ""
    fix = "" if kind is Kind.INCONCLUSIVE else f" To do: {trial.attack.fix}"
    return {
        "ruleId": trial.attack.name,
        "ruleIndex": names.index(trial.attack.name),
        "level": level,
        "message": {
            "text": harmless(
                f"{trial.attack.title}, on {target.label} as {target.visitor}: {said}: "
                f"{judgement.reason}.{fix}"
            )
        },
        "locations": [_location(trial, settings)],
        # GitHub reads the one of this name; left to itself, it would hash the lines.
        "partialFingerprints": {"primaryLocationLineHash": mark, "ringfenceProve/v1": mark},
        "properties": {
            "target": harmless(target.label),
            "visitor": target.visitor,
            "verdict": judgement.verdict.value,
            "depth": judgement.depth,
            "stoppedBy": list(judgement.alone),
        },
    }


def _location(trial: Trial, settings: str) -> dict[str, Any]:
    place = trial.target.place
    location: dict[str, Any] = {}
    # What lies outside the project is none of its files: a setting has to make up for it.
    own = place is not None and place.file and not Path(place.file).is_absolute()
    file, line = (place.file, place.line) if place and own else (settings, 0)
    if file:
        physical: dict[str, Any] = {"artifactLocation": _artifact(file)}
        if line > 0:
            physical["region"] = {"startLine": line}
        location["physicalLocation"] = physical
    name = place.text if place and place.text else trial.target.label
    location["logicalLocations"] = [{"fullyQualifiedName": harmless(name)}]
    return location


def _artifact(file: str) -> dict[str, str]:
    path = file.replace("\\", "/")
    return {"uri": quote(path, errors="surrogatepass"), "uriBaseId": _ROOT}
