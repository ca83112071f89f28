"""The proof as data: a versioned JSON document. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringfence.prove.run import Proof, Trial

__all__ = ["VERSION", "as_document", "exit_status"]

#: Raised when a reader of the former version would misunderstand.
VERSION = 2

ALL_STOPPED, SUCCEEDED, UNUSABLE, INCONCLUSIVE_ONLY = 0, 1, 2, 3


def as_document(proof: Proof) -> dict[str, Any]:
    """Return the proof as plain data, ready for ``json.dump``."""
    coverage = proof.coverage
    return {
        "version": VERSION,
        "browser": proof.browser,
        "pages": proof.pages,
        "runs": proof.runs,
        "seconds": round(proof.seconds, 1),
        "partial": proof.partial,
        "rings": list(proof.rings),
        "coverage": None
        if coverage is None
        else {
            "patterns": coverage.patterns,
            "reached": coverage.reached,
            "missing": [{"pattern": pattern, "lacks": why} for pattern, why in coverage.missing],
        },
        "verdicts": [_verdict(trial) for trial in proof.trials],
        "untargeted": [
            {"attack": each.attack.name, "tried": each.tried, "reason": each.reason}
            for each in proof.untargeted
        ],
        "notes": list(proof.notes),
        "moving_in": list(proof.moving_in),
    }


def _verdict(trial: Trial) -> dict[str, Any]:
    judgement, target = trial.judgement, trial.target
    place = target.place
    return {
        "attack": trial.attack.name,
        "title": trial.attack.title,
        "target": target.label,
        "visitor": target.visitor,
        "verdict": judgement.verdict.value,
        "depth": judgement.depth,
        "stopped_by": list(judgement.alone),
        "cwe": trial.attack.cwe,
        "location": {
            "path": target.path,
            "column": target.column,
            "parameter": target.parameter,
            "kind": place.kind if place else None,
            "name": place.text if place else None,
            "file": place.file if place else None,
            "line": place.line if place else None,
        },
        "reason": judgement.reason,
        "fix": trial.attack.fix,
        "evidence": {
            state: {
                "outcome": result.outcome.value,
                "mechanism": result.mechanism,
                "evidence": result.evidence,
            }
            for state, result in trial.results.items()
        },
    }


def exit_status(
    proof: Proof,
    *,
    fail_under: int = 1,
    min_coverage: float = 0.0,
    judged: Sequence[Trial] | None = None,
    failed: bool = False,
) -> int:
    """Return the process's exit status.

    1 where an attack succeeded, only the browser stopped it, or fewer than ``fail_under``
    independent rings did; else 3 where something is inconclusive, since that has not been shown to
    be stopped, where the run was ended early, or where less than the share ``min_coverage`` of the
    URL patterns was reached; else 0.

    With a baseline only the trials in ``judged`` are asked, those that it lacks, and ``failed``
    says that one of the others has become worse.
    """
    asked = [t.judgement for t in (proof.trials if judged is None else judged)]
    if failed or any(j.verdict.value in ("succeeded", "environment") for j in asked):
        return SUCCEEDED
    if any(j.depth is not None and j.depth < fail_under for j in asked):
        return SUCCEEDED
    seen = proof.coverage is not None and proof.coverage.share >= min_coverage
    if not proof.trials or proof.partial or not seen:
        return INCONCLUSIVE_ONLY
    all_stopped = all(j.verdict.value == "stopped" for j in asked)
    return ALL_STOPPED if all_stopped else INCONCLUSIVE_ONLY
