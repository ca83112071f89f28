"""SARIF 2.1.0, for code scanning.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html, and what GitHub reads of it:
https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any
from urllib.parse import quote

import ringfence
from ringfence.audit import rules as registry
from ringfence.audit.model import Edit, Finding, Skipped
from ringfence.audit.render.plain import excerpt, harmless, is_url, message, text_of
from ringfence.audit.verdict import Verdict
from ringfence.finding import Confidence, Severity

__all__ = ["as_log", "render"]

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_ROOT = "SRCROOT"
_LEVELS = {
    Severity.INFO: "note",
    Severity.WARNING: "warning",
    Severity.DEPLOY_ERROR: "error",
    Severity.ERROR: "error",
}
#: GitHub's bands: over 9 critical, from 7 high, from 4 medium.
_SCORES = {
    Severity.INFO: "2.0",
    Severity.WARNING: "5.0",
    Severity.DEPLOY_ERROR: "7.5",
    Severity.ERROR: "9.5",
}
_RANKS = {Confidence.LOW: 30.0, Confidence.MEDIUM: 60.0, Confidence.HIGH: 90.0}


def render(verdict: Verdict) -> str:
    """Return the log as text, ASCII only."""
    return json.dumps(as_log(verdict), indent=2) + "\n"


def as_log(verdict: Verdict) -> dict[str, Any]:
    """Return the log. Accepted findings are in it, suppressed, with their reason."""
    findings = [*verdict.findings, *verdict.accepted]
    codes = sorted({finding.code for finding in findings})
    lines = text_of(verdict.root)
    run = {
        "tool": {
            "driver": {
                "name": "ringfence",
                "version": ringfence.__version__,
                "rules": [_rule(code, findings) for code in codes],
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The audited tree."}}},
        "invocations": [
            {
                "executionSuccessful": not verdict.incomplete,
                "toolExecutionNotifications": [
                    *map(_skipped, verdict.report.skipped),
                    *(
                        {
                            "level": "error",
                            "message": {"text": harmless(f"{name} could not be asked: {why}")},
                        }
                        for name, why in verdict.report.unasked.items()
                    ),
                ],
            }
        ],
        "results": [_result(finding, codes, lines) for finding in findings],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: str, findings: Sequence[Finding]) -> dict[str, Any]:
    own = [finding for finding in findings if finding.code == code]
    severity = max(finding.severity for finding in own)
    page = registry.page(code) or own[0].title
    tags = ["security", *(f"external/cwe/cwe-{own[0].cwe:03}" for _ in range(bool(own[0].cwe)))]
    return {
        "id": code,
        "shortDescription": {"text": own[0].title},
        "fullDescription": {"text": own[0].title},
        "help": {"text": page, "markdown": page},
        "defaultConfiguration": {"level": _LEVELS[severity]},
        "properties": {
            "tags": tags,
            "precision": max(finding.confidence for finding in own).name.lower(),
            "security-severity": _SCORES[severity],
        },
    }


def _result(
    finding: Finding, codes: Sequence[str], lines: Callable[[str], list[str]]
) -> dict[str, Any]:
    place = finding.hit.place
    physical: dict[str, Any] = {"artifactLocation": _artifact(place.path)}
    if not is_url(place.path):
        region: dict[str, Any] = {
            "startLine": max(place.line, 1),
            "endLine": max(place.end_line, place.line, 1),
        }
        physical["region"] = region
        shown = [line.text for line in excerpt(finding, lines, around=0)]
        if shown:
            region["snippet"] = {"text": "\n".join(shown)}
    location: dict[str, Any] = {"physicalLocation": physical}
    if place.scope:
        location["logicalLocations"] = [{"fullyQualifiedName": harmless(place.scope)}]
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": codes.index(finding.code),
        "level": _LEVELS[finding.severity],
        "message": {"text": message(finding)},
        "locations": [location],
        # GitHub reads the one of this name; left to itself, it would hash the lines.
        "partialFingerprints": {
            "primaryLocationLineHash": f"{finding.fingerprint}:1",
            "ringfence/v1": finding.fingerprint,
        },
        "rank": _RANKS[finding.confidence],
        "properties": {
            "confidence": finding.confidence.name.lower(),
            "security-severity": _SCORES[finding.severity],
        },
    }
    if finding.hit.edits:
        result["fixes"] = [_fix(finding)]
    if finding.accepted:
        result["suppressions"] = [{"kind": "inSource", "justification": harmless(finding.accepted)}]
    return result


def _fix(finding: Finding) -> dict[str, Any]:
    edits = sorted(finding.hit.edits, key=lambda edit: (edit.path, edit.start))
    return {
        "description": {"text": harmless(finding.hit.fix)},
        "artifactChanges": [
            {
                "artifactLocation": _artifact(path),
                "replacements": [_replacement(edit) for edit in of_path],
            }
            for path, of_path in groupby(edits, key=lambda edit: edit.path)
        ],
    }


def _replacement(edit: Edit) -> dict[str, Any]:
    return {
        "deletedRegion": {
            "startLine": edit.line,
            "startColumn": edit.column,
            "endLine": edit.end_line,
            "endColumn": edit.end_column,
        },
        "insertedContent": {"text": edit.text},
    }


def _skipped(skipped: Skipped) -> dict[str, Any]:
    return {
        "level": "warning",
        "message": {"text": harmless(f"not read: {skipped.reason}")},
        "locations": [{"physicalLocation": {"artifactLocation": _artifact(skipped.path)}}],
    }


def _artifact(path: str) -> dict[str, str]:
    if is_url(path):
        # Absolute, so relative to nothing; its own escapes stay as they are.
        return {"uri": quote(path, safe=":/?#[]@!$&'()*+,;=%~", errors="surrogatepass")}
    return {"uri": quote(path, errors="surrogatepass"), "uriBaseId": _ROOT}
