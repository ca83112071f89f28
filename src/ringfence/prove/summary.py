"""What a proof comes to, before anyone draws it: rows, findings, sentences. Pure."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ringfence.prove.depth import Verdict
from ringfence.prove.plain import harmless

if TYPE_CHECKING:
    from ringfence.prove.depth import Judgement
    from ringfence.prove.run import Proof, Trial
    from ringfence.prove.stage import Attack, Outcome, Place

__all__ = [
    "Group",
    "Kind",
    "Row",
    "by_severity",
    "coverage_line",
    "findings",
    "headline",
    "kind_of",
    "outcome_in",
    "rows",
    "run_line",
    "shown_states",
    "where",
]


class Kind(enum.Enum):
    """What kind of finding a trial is, worst first; a trial of depth 2 or more is none."""

    SUCCEEDED = "SUCCEEDED"
    BROWSER_ONLY = "stopped by the browser's defaults only"
    NO_RING_ALONE = "stopped, but by no ring alone"
    SHALLOW = "one mistake away"
    INCONCLUSIVE = "inconclusive"

    @property
    def is_open(self) -> bool:
        """Whether the depth is 0."""
        return self in (Kind.SUCCEEDED, Kind.BROWSER_ONLY, Kind.NO_RING_ALONE)


@dataclass(frozen=True, slots=True)
class Row:
    """Targets of one attack to which the same happened in every state."""

    attack: Attack
    trials: tuple[Trial, ...]

    @property
    def first(self) -> Trial:
        """The trial that stands for all of them."""
        return self.trials[0]

    @property
    def label(self) -> str:
        """The first target, and how many more there are."""
        more = len(self.trials) - 1
        label = harmless(self.first.target.label)
        return f"{label} and {more} more" if more else label


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one kind and attack."""

    kind: Kind
    attack: Attack
    trials: tuple[Trial, ...]


def kind_of(judgement: Judgement) -> Kind | None:
    """Return what kind of finding a judgement is, None where it is none.

    >>> from ringfence.prove.depth import Judgement
    >>> kind_of(Judgement(Verdict.STOPPED, 1, ("csrf",), ""))
    <Kind.SHALLOW: 'one mistake away'>
    >>> kind_of(Judgement(Verdict.STOPPED, 2, ("csrf", "transport"), ""))
    """
    match judgement.verdict:
        case Verdict.SUCCEEDED:
            return Kind.SUCCEEDED
        case Verdict.ENVIRONMENT:
            return Kind.BROWSER_ONLY
        case Verdict.INCONCLUSIVE:
            return Kind.INCONCLUSIVE
        case _:
            return {0: Kind.NO_RING_ALONE, 1: Kind.SHALLOW}.get(judgement.depth or 0)


def shown_states(proof: Proof) -> tuple[str, ...]:
    """Return the states that are shown, in order; the reference is not one of them."""
    return ("off", "on", *proof.rings)


def outcome_in(trial: Trial, state: str) -> Outcome | None:
    """Return what the trial came to in that state, None where it was not run there."""
    result = trial.results.get(state)
    return None if result is None else result.outcome


def rows(proof: Proof, *, fold: bool = True) -> list[Row]:
    """Return the rows of the matrix: the attacks in order, each one's worst rows first.

    With ``fold`` targets of one attack with equal cells and equal depth are one row.
    """
    states = shown_states(proof)
    found: list[Row] = []
    for attack, trials in _by_attack(proof.trials):
        together: dict[object, list[Trial]] = {}
        for number, trial in enumerate(trials):
            cells = tuple(outcome_in(trial, state) for state in states)
            judgement = trial.judgement
            key = (cells, judgement.verdict, judgement.depth) if fold else number
            together.setdefault(key, []).append(trial)
        own = [Row(attack, tuple(each)) for each in together.values()]
        found += sorted(own, key=lambda row: _badness(row.first.judgement))
    return found


def by_severity(proof: Proof) -> list[Row]:
    """Return the rows, folded, worst first, then those that get furthest in."""
    order = {ring: number for number, ring in enumerate(proof.rings)}

    def key(row: Row) -> tuple[object, ...]:
        judgement = row.first.judgement
        outermost = min((order[ring] for ring in judgement.alone), default=0)
        return (*_badness(judgement), -outermost)

    return sorted(rows(proof), key=key)


def findings(proof: Proof) -> list[Group]:
    """Return what is to be read, worst kind first, the attacks of each kind in order."""
    found: dict[Kind, list[Group]] = {kind: [] for kind in Kind}
    for attack, trials in _by_attack(proof.trials):
        for kind, groups in found.items():
            own = tuple(trial for trial in trials if kind_of(trial.judgement) is kind)
            if own:
                groups.append(Group(kind, attack, own))
    return [group for groups in found.values() for group in groups]


def where(place: Place | None) -> str:
    """Return a place as people read it, empty where it is not known.

    >>> from ringfence.prove.stage import Place
    >>> where(Place("template", "{{ text }}", "shop/wall.html", 12))
    'shop/wall.html:12 {{ text }}'
    """
    return "" if place is None else harmless(str(place))


def headline(proof: Proof) -> str:
    """Return in one sentence what the proof comes to."""
    kinds = [kind_of(trial.judgement) for trial in proof.trials]
    open_, shallow = sum(bool(k and k.is_open) for k in kinds), kinds.count(Kind.SHALLOW)
    unknown, deep = kinds.count(Kind.INCONCLUSIVE), kinds.count(None)
    if not kinds:
        return "No attack found a target: nothing is shown."
    said = [
        f"{open_} at depth 0" if open_ else "",
        f"{shallow} one mistake away" if shallow else "",
        f"{deep} at depth 2 or more" if deep else "",
        f"{unknown} inconclusive" if unknown else "",
    ]
    attacks = len(dict.fromkeys(trial.attack.name for trial in proof.trials))
    targets = f"{_count(attacks, 'attack')} on {_count(len(kinds), 'target')}"
    return f"{targets}: {', '.join(filter(None, said))}."


def coverage_line(proof: Proof) -> str:
    """Return in one sentence how much of the site was seen."""
    coverage = proof.coverage
    if coverage is None:
        return "The site was not looked at."
    return (
        f"{coverage.reached} of {_count(coverage.patterns, 'URL pattern')} reached "
        f"({coverage.share:.0%})"
    )


def run_line(proof: Proof) -> str:
    """Return in one sentence what was run."""
    return (
        f"{proof.runs:,} attack runs on {_count(proof.pages, 'page')} in {proof.seconds:.0f} s "
        f"({harmless(proof.browser)})"
    )


def _by_attack(trials: Sequence[Trial]) -> Iterator[tuple[Attack, list[Trial]]]:
    together: dict[str, list[Trial]] = {}
    for trial in trials:
        together.setdefault(trial.attack.name, []).append(trial)
    for own in together.values():
        yield own[0].attack, own


def _badness(judgement: Judgement) -> tuple[int, int]:
    order = list(Kind)
    kind = kind_of(judgement)
    return (len(order) if kind is None else order.index(kind), judgement.depth or 0)


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
