"""How deep the defence is: from what each state came to, to one verdict. Pure."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ringfence.prove.stage import NO_SESSION, Outcome, Result

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

__all__ = ["Judgement", "Verdict", "judge"]


class Verdict(enum.Enum):
    """What is said of an attack on a target."""

    STOPPED = "stopped"
    SUCCEEDED = "succeeded"
    #: Only the browser's own defaults stop it.
    ENVIRONMENT = "environment"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, the rings that stop the attack alone, and how many of them are independent.

    ``depth`` is None where nothing can be said. ``alone`` names every ring that stops the attack
    by itself; ``depth`` counts those that are one defence once.
    """

    verdict: Verdict
    depth: int | None
    alone: tuple[str, ...]
    reason: str


def judge(
    results: Mapping[str, Result],
    rings: Sequence[str],
    *,
    overriding: Collection[str] = (),
) -> Judgement:
    """Judge one attack on one target.

    ``results`` holds what ``off``, ``reference``, ``on`` and each ring's own state came to. The
    attack must succeed with everything off and be stopped by the reference answers; otherwise the
    experiment says nothing. Two rings that stop it by the same ``overriding`` mechanism count
    once.

    >>> def result(outcome, mechanism=""):
    ...     return Result(Outcome(outcome), mechanism, "")
    >>> frame = [("csp", result("stopped", "frame")), ("isolation", result("stopped", "frame"))]
    >>> found = {"off": result("succeeded"), "reference": result("stopped")}
    >>> found |= {"on": result("stopped"), **dict(frame)}
    >>> judge(found, ["csp", "isolation"], overriding={"frame"}).depth
    1
    >>> judge(found, ["csp", "isolation"]).depth
    2
    """
    off = results.get("off")
    if off is None or off.outcome is not Outcome.SUCCEEDED:
        return _inconclusive(_why_off_failed(off))
    reference = results.get("reference")
    if reference is None or reference.outcome is not Outcome.STOPPED:
        said = "was not run" if reference is None else reference.evidence
        return _inconclusive(f"a known-good defence does not stop it, so nothing is shown: {said}")
    on = results.get("on")
    if on is None or on.outcome is Outcome.INCONCLUSIVE:
        return _inconclusive("was not run with the site as it is" if on is None else on.evidence)
    alone = {
        ring: results[ring]
        for ring in rings
        if ring in results and results[ring].outcome is Outcome.STOPPED
    }
    depth = _independent(alone, overriding)
    if on.outcome is Outcome.SUCCEEDED:
        return Judgement(Verdict.SUCCEEDED, 0, tuple(alone), on.evidence)
    if on.outcome is Outcome.ENVIRONMENT and not alone:
        return Judgement(Verdict.ENVIRONMENT, 0, tuple(alone), on.evidence)
    unknown = [r for r in rings if r in results and results[r].outcome is Outcome.INCONCLUSIVE]
    reason = on.evidence
    if unknown:
        told = "; ".join(f"{ring}: {results[ring].evidence}" for ring in unknown)
        reason = f"{reason}; depth counts only what is known ({told})"
    elif depth == 0:
        reason = f"{reason}; no ring stops it alone"
    return Judgement(Verdict.STOPPED, depth, tuple(alone), reason)


def _independent(alone: Mapping[str, Result], overriding: Collection[str]) -> int:
    mechanisms = [result.mechanism for result in alone.values()]
    once = {mechanism for mechanism in mechanisms if mechanism in overriding}
    return len(once) + sum(mechanism not in overriding for mechanism in mechanisms)


def _why_off_failed(off: Result | None) -> str:
    if off is None:
        return "was not run with the rings off"
    if off.mechanism == NO_SESSION:
        return f"environment: with every ring off, {off.evidence}"
    return f"does not work with every ring off either: {off.evidence}"


def _inconclusive(reason: str) -> Judgement:
    return Judgement(Verdict.INCONCLUSIVE, None, (), reason)
