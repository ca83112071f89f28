"""A plan -> drafts of the settings' files, one setting after the other.

What is meant is known in values, and the files are changed as a person would: an entry's line goes,
another's text is written over. Whether that was right is not guessed: the settings are read again,
and a setting that has not become what was planned is left as it was, and said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ringfence.audit.model import Project, Settings
from ringfence.audit.moving.bench import Bench, HandError, Job
from ringfence.audit.moving.hands import ByHand, text_for
from ringfence.audit.moving.jobs import engine_jobs, frame_jobs, list_jobs
from ringfence.audit.moving.plan import Goal, Plan
from ringfence.audit.moving.settled import settle

__all__ = ["Evaluate", "Made", "make"]

#: The settings modules of a tree, with the drafts of a bench in the files' places.
Evaluate = Callable[[Bench], list[Settings]]
#: The plan for a project's settings as they are by then.
Replan = Callable[[Project], Plan]

#: What is changed together. What a site says of frames is only needed where the fence is.
_PARTS: Final = (("MIDDLEWARE", "X_FRAME_OPTIONS"), ("INSTALLED_APPS",), ("TEMPLATES",))


@dataclass(frozen=True, slots=True)
class Made:
    """The drafts, the goals that they reach, and what is left for somebody's hands."""

    bench: Bench
    done: Sequence[Goal]
    by_hand: Sequence[ByHand]
    notes: Sequence[str]


def make(bench: Bench, project: Project, replan: Replan, evaluate: Evaluate) -> Made:
    """Return the drafts after all that can be changed safely."""
    first = replan(project)
    done: list[Goal] = []
    left: list[ByHand] = []
    notes = list(first.notes)
    for settings in _PARTS:
        # The lines are no more what they were.
        wanted = replan(project)
        goals = [goal for goal in wanted.goals if goal.setting in settings]
        if not goals:
            continue
        allowed = [goal for goal in wanted.allowed if goal.setting in settings]
        try:
            trial, after = _tried(bench, project, goals, allowed, evaluate)
        except HandError as error:
            setting = goals[0].setting
            entries = [each for goal in goals for each in goal.before if goal.setting == setting]
            left.append(ByHand(setting, error.place, error.why, text_for(setting, entries)))
            continue
        bench, done = trial, [*done, *goals]
        project = replace(project, settings=after)
        notes += wanted.notes
    # What stays to be done is said of the settings as they are then.
    by_hand = [*left, *replan(project).by_hand] if done or left else first.by_hand
    return Made(bench, done, list(dict.fromkeys(by_hand)), list(dict.fromkeys(notes)))


def _tried(
    bench: Bench,
    project: Project,
    goals: Sequence[Goal],
    allowed: Sequence[Goal],
    evaluate: Evaluate,
) -> tuple[Bench, list[Settings]]:
    # What others than the deployed ones put before the fence is put behind it where that works.
    for others in (allowed, ()) if allowed else ((),):
        trial = bench.copy()
        try:
            trial.do(_jobs(trial, project, goals, others))
            after = evaluate(trial)
            settle(project.settings, after, goals, allowed)
        except HandError:
            if not others:
                raise
        else:
            return trial, after
    raise AssertionError("the last try raises, or returns")


def _jobs(
    trial: Bench, project: Project, goals: Sequence[Goal], others: Sequence[Goal]
) -> list[Job]:
    if goals[0].setting == "TEMPLATES":
        return engine_jobs(trial, goals)
    frames = [goal for goal in goals if goal.setting == "X_FRAME_OPTIONS"]
    lists = [goal for goal in goals if goal not in frames]
    return [*list_jobs(trial, project, lists, others), *frame_jobs(trial, frames)]
