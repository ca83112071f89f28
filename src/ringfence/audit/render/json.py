"""JSON: what other programs read. ``version`` changes when one of them would misunderstand."""

from __future__ import annotations

import json
from typing import Any

from ringfence.audit.model import Finding
from ringfence.audit.render.plain import message
from ringfence.audit.verdict import NAMES, Verdict

__all__ = ["VERSION", "as_document", "render"]

VERSION = 1


def render(verdict: Verdict) -> str:
    """Return the document as text, ASCII only: a path of bytes that are no text is escaped."""
    return json.dumps(as_document(verdict), indent=2) + "\n"


def as_document(verdict: Verdict) -> dict[str, Any]:
    """Return what is shown, and what was not read; a rule that failed has no file."""
    return {
        "version": VERSION,
        "findings": [
            {
                "code": finding.code,
                "message": message(finding),
                "file": finding.hit.place.path,
                "line": finding.hit.place.line,
                "end_line": max(finding.hit.place.end_line, finding.hit.place.line),
                "severity": NAMES[finding.severity],
                "confidence": finding.confidence.name.lower(),
                "cwe": finding.cwe,
                "fingerprint": finding.fingerprint,
                "source": finding.source,
                "fix": _fix(finding),
            }
            for finding in verdict.findings
        ],
        "skipped": [
            *({"file": each.path, "reason": each.reason} for each in verdict.report.skipped),
            *(
                {"file": "", "reason": f"{name} could not be asked: {why}"}
                for name, why in verdict.report.unasked.items()
            ),
        ],
    }


def _fix(finding: Finding) -> dict[str, Any] | None:
    edits = finding.hit.edits
    if not edits:
        return None
    return {
        "safe": all(edit.safe for edit in edits),
        "edits": [
            {
                "file": edit.path,
                "line": edit.line,
                "column": edit.column,
                "end_line": edit.end_line,
                "end_column": edit.end_column,
                "text": edit.text,
            }
            for edit in sorted(edits, key=lambda edit: (edit.path, edit.start))
        ],
    }
