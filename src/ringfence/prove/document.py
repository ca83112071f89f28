"""The proof as data: a versioned JSON document. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ringfence.prove.run import Proof, Trial

__all__ = ["VERSION", "as_document", "exit_status"]

#: Raised when a reader of the former version would misunderstand.
VERSION = 1

ALL_STOPPED, SUCCEEDED, UNUSABLE, INCONCLUSIVE_ONLY = 0, 1, 2, 3


def as_document(proof: Proof) -> dict[str, Any]:
    """Return the proof as plain data, ready for ``json.dump``."""
    return {
        "version": VERSION,
        "browser": proof.browser,
        "pages": proof.pages,
        "runs": proof.runs,
        "seconds": round(proof.seconds, 1),
        "rings": list(proof.rings),
        "verdicts": [_verdict(trial) for trial in proof.trials],
        "notes": list(proof.notes),
    }


def _verdict(trial: Trial) -> dict[str, Any]:
    judgement = trial.judgement
    return {
        "attack": trial.attack.name,
        "target": trial.target.label if trial.target else None,
        "visitor": "user",
        "verdict": judgement.verdict.value,
        "depth": judgement.depth,
        "stopped_by": list(judgement.alone),
        "cwe": trial.attack.cwe,
        "location": trial.target.column if trial.target else None,
        "reason": judgement.reason,
        "evidence": {
            state: {
                "outcome": result.outcome.value,
                "mechanism": result.mechanism,
                "evidence": result.evidence,
            }
            for state, result in trial.results.items()
        },
    }


def exit_status(proof: Proof) -> int:
    """Return the process's exit status.

    0 where all was stopped; 1 where an attack succeeded or only the browser stopped it; 3 where
    nothing succeeded and something is inconclusive, since that has not been shown to be stopped.
    """
    verdicts = {trial.judgement.verdict.value for trial in proof.trials}
    if verdicts & {"succeeded", "environment"}:
        return SUCCEEDED
    return ALL_STOPPED if verdicts == {"stopped"} else INCONCLUSIVE_ONLY
