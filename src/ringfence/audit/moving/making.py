"""A plan -> drafts of the settings' files, one setting after the other.

What is meant is known in values, and the files are changed as a person would: an entry's line goes,
another's text is written over. Whether that was right is not guessed: the settings are read again,
and a setting that has not become what was planned is left as it was, and said.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
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
    making = _Making(bench, project, replan, evaluate)
    for settings in _PARTS:
        making.part(settings)
    # What stays to be done is said of the settings as they are then.
    by_hand = [*making.left, *replan(making.project).by_hand]
    return Made(
        making.bench,
        making.done,
        list(dict.fromkeys(by_hand)),
        list(dict.fromkeys(making.notes)),
    )


@dataclass(slots=True)
class _Making:
    bench: Bench
    project: Project
    replan: Replan
    evaluate: Evaluate
    done: list[Goal] = field(default_factory=list)
    left: list[ByHand] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def part(self, settings: Sequence[str]) -> None:
        """Change some settings of all sites together, or of each alone where that cannot be."""
        wanted = self.replan(self.project)
        self.notes += wanted.notes
        modules = _modules(wanted, settings)
        failed = self._together(settings, modules) if modules else None
        if failed is None:
            return
        alone = modules if len(modules) > 1 else []
        # Each alone: what cannot be changed for one site keeps no other from it.
        hands = [self._together(settings, [module]) for module in alone] or [failed]
        self.left += [each for each in hands if each is not None]

    def _together(self, settings: Sequence[str], modules: Sequence[str]) -> ByHand | None:
        """Change the settings of these modules; return what is to be done by hand instead."""
        # The lines are no more what they were, and what was meant may be done by now.
        wanted = self.replan(self.project)
        of_part = [goal for goal in wanted.goals if goal.setting in settings]
        goals = [goal for goal in of_part if goal.site.module in modules]
        if not goals:
            return None
        allowed = [goal for goal in (*wanted.allowed, *of_part) if goal.setting in settings]
        try:
            self.bench, after = self._tried(goals, [each for each in allowed if each not in goals])
        except HandError as error:
            setting = goals[0].setting
            entries = [each for goal in goals for each in goal.before if goal.setting == setting]
            text = text_for(setting, entries)
            if any(goal.setting == "X_FRAME_OPTIONS" for goal in goals):
                text += "\n" + text_for("X_FRAME_OPTIONS")
            return ByHand(setting, error.place, error.why, text)
        self.done += goals
        self.project = replace(self.project, settings=after)
        return None

    def _tried(
        self, goals: Sequence[Goal], allowed: Sequence[Goal]
    ) -> tuple[Bench, list[Settings]]:
        # What others than these put before the fence is put behind it where that works.
        for others in (allowed, ()) if allowed else ((),):
            trial = self.bench.copy()
            try:
                trial.do(_jobs(trial, self.project, goals, others))
                after = self.evaluate(trial)
                settle(self.project.settings, after, goals, allowed)
            except HandError:
                if not others:
                    raise
            else:
                return trial, after
        raise AssertionError("the last try raises, or returns")


def _modules(wanted: Plan, settings: Sequence[str]) -> list[str]:
    found = (goal.site.module for goal in wanted.goals if goal.setting in settings)
    return list(dict.fromkeys(found))


def _jobs(
    trial: Bench, project: Project, goals: Sequence[Goal], others: Sequence[Goal]
) -> list[Job]:
    if goals[0].setting == "TEMPLATES":
        return engine_jobs(trial, goals)
    frames = [goal for goal in goals if goal.setting == "X_FRAME_OPTIONS"]
    lists = [goal for goal in goals if goal not in frames]
    return [*list_jobs(trial, project, lists, others), *frame_jobs(trial, frames)]
