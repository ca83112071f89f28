"""A former proof, and what has become worse since.

Lines and wording may have moved: compared is only what each attack came to on each target.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ringfence.prove.depth import Verdict
from ringfence.prove.document import VERSION

if TYPE_CHECKING:
    from ringfence.prove.run import Proof, Trial

__all__ = ["Baseline", "BaselineError", "Comparison", "Former", "comparable", "compare", "load"]

_LIMIT = 100_000_000


class BaselineError(ValueError):
    """The file is no former proof, or one of something else."""


class Former(NamedTuple):
    """What an attack once came to on a target."""

    verdict: Verdict
    depth: int | None


@dataclass(frozen=True, slots=True)
class Baseline:
    """A former proof: which rings it measured, and its verdicts by attack and target."""

    rings: tuple[str, ...]
    verdicts: Mapping[tuple[str, str], Former]
    partial: str = ""


@dataclass(slots=True)
class Comparison:
    """What has changed. ``worse`` are sentences; ``new`` are trials that the former proof lacks.

    ``vanished`` are attacks and targets that were not met again.
    """

    worse: list[str] = field(default_factory=list)
    vanished: list[tuple[str, str]] = field(default_factory=list)
    new: list[Trial] = field(default_factory=list)


def load(path: Path) -> Baseline:
    """Return the former proof in a file that ``--json`` wrote.

    :raises BaselineError: if it cannot be read, or is none.
    """
    try:
        if path.stat().st_size > _LIMIT:
            raise BaselineError(f"--baseline {path}: larger than {_LIMIT:,} bytes.")
        document = json.loads(path.read_bytes())
    except OSError as error:
        raise BaselineError(f"--baseline {path}: cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        if isinstance(error, BaselineError):
            raise
        raise BaselineError(f"--baseline {path}: is no JSON: {error}.") from error
    version = document.get("version") if isinstance(document, dict) else None
    if version != VERSION:
        raise BaselineError(
            f"--baseline {path}: its version is {version!r}, and {VERSION} is what is read; write "
            "it anew with `ringfence prove --json`."
        )
    try:
        return _parsed(document)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BaselineError(
            f"--baseline {path}: is no proof that `ringfence prove --json` wrote: {error!r}."
        ) from error


def _parsed(document: Mapping[str, Any]) -> Baseline:
    verdicts: dict[tuple[str, str], Former] = {}
    for each in document["verdicts"]:
        depth = each["depth"]
        if depth is not None and not isinstance(depth, int):
            raise TypeError(f"depth {depth!r}")
        verdicts[each["attack"], each["target"]] = Former(Verdict(each["verdict"]), depth)
    return Baseline(tuple(document["rings"]), verdicts, document["partial"])


def comparable(baseline: Baseline, rings: Sequence[str]) -> str | None:
    """Return why depths cannot be compared, None where they can be."""
    if set(baseline.rings) == set(rings):
        return None
    return (
        f"it measured the rings {', '.join(baseline.rings)}, and this run measures "
        f"{', '.join(rings)}; a depth counts rings, so give the same --ring"
    )


def compare(baseline: Baseline, proof: Proof, attacks: Sequence[str]) -> Comparison:
    """Say what has become worse; of what is not among ``attacks`` nothing is known.

    Worse is: less deep than it was; or stopped before, and now not shown to be. What a partial
    run did not come to is not called vanished.
    """
    found = Comparison()
    met = set()
    for trial in proof.trials:
        key = (trial.attack.name, trial.target.label)
        met.add(key)
        before = baseline.verdicts.get(key)
        if before is None:
            found.new.append(trial)
            continue
        said = _worse(before, trial)
        if said:
            found.worse.append(f"{key[0]} on {key[1]}: {said}")
    if not proof.partial:
        found.vanished = [
            key for key in baseline.verdicts if key not in met and key[0] in set(attacks)
        ]
    return found


def _worse(before: Former, trial: Trial) -> str | None:
    now = trial.judgement
    was_stopped = before.verdict is Verdict.STOPPED
    if was_stopped and now.verdict is not Verdict.STOPPED:
        return f"was stopped at depth {before.depth}, and is {now.verdict.value} now: {now.reason}"
    if before.depth is not None and now.depth is not None and now.depth < before.depth:
        return f"depth {before.depth} before, {now.depth} now: {now.reason}"
    return None
