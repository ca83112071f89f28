"""Run every attack on every target in every state of the rings."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ringfence.prove.depth import Judgement, Verdict, judge
from ringfence.prove.discover.look import look
from ringfence.prove.stage import NO_SESSION, Attack, Outcome, Result, Target
from ringfence.prove.stage_of_sandbox import SandboxStage
from ringfence.sandbox.errors import SandboxError
from ringfence.sandbox.states import OFF, ON, REFERENCE, RINGS

if TYPE_CHECKING:
    from ringfence.prove.discover.survey import Coverage
    from ringfence.prove.progress import Progress
    from ringfence.sandbox.boot import Sandbox
    from ringfence.sandbox.states import State

__all__ = ["Plan", "Proof", "Trial", "Untargeted", "prove"]


@dataclass(slots=True)
class Trial:
    """One attack on one target: what each state came to, and the judgement."""

    attack: Attack
    target: Target
    results: dict[str, Result] = field(default_factory=dict)
    judgement: Judgement = field(
        default_factory=lambda: Judgement(Verdict.INCONCLUSIVE, None, (), "was not run")
    )


@dataclass(frozen=True, slots=True)
class Untargeted:
    """An attack that nothing came of with every ring off: why, and how many places were tried."""

    attack: Attack
    tried: int
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What to run.

    ``attacks`` in order; ``visitors`` roles; ``pages`` how many are fetched as one visitor;
    ``targets`` how many of one attack are carried through all states, None for all; ``rings``
    whose own states are run; ``paths`` with what an attacked path begins, none for any.
    """

    attacks: Sequence[Attack]
    visitors: Sequence[str]
    pages: int = 200
    targets: int | None = None
    rings: Sequence[str] = RINGS
    paths: Sequence[str] = ()

    def aims_at(self, path: str) -> bool:
        """Whether ``path`` is one to attack."""
        return not self.paths or path.startswith(tuple(self.paths))


@dataclass(slots=True)
class Proof:
    """Everything that a run found.

    ``partial`` says why it is not the whole, empty if it is. ``moving_in`` are sentences on what
    ``ringfence init`` would change in the site, ``settings`` is the file of its settings.
    """

    trials: list[Trial] = field(default_factory=list)
    untargeted: list[Untargeted] = field(default_factory=list)
    rings: tuple[str, ...] = RINGS
    notes: list[str] = field(default_factory=list)
    pages: int = 0
    runs: int = 0
    seconds: float = 0.0
    browser: str = ""
    coverage: Coverage | None = None
    partial: str = ""
    moving_in: list[str] = field(default_factory=list)
    settings: str = ""


def prove(
    sandbox: Sandbox, states: Sequence[State], plan: Plan, progress: Progress, proof: Proof
) -> None:
    """Attack the booted site in each of ``states``, the one with every ring off first.

    What is found is put into ``proof`` as it is found, so that a run that is ended early has what
    it measured so far.
    """
    started = time.monotonic()
    proof.rings = tuple(plan.rings)
    proof.browser = sandbox.browser.version
    run = _Run(sandbox, plan, progress, proof)
    try:
        order = {OFF: 0, ON: 1, REFERENCE: 2}
        wanted = [s for s in states if s.name in order or s.name in plan.rings]
        for state in sorted(wanted, key=lambda state: order.get(state.name, 3)):
            progress.state(state.name)
            if state.name == OFF:
                run.first(state)
            else:
                run.again(state)
    except BaseException as error:
        proof.partial = f"ended early: {_why(error)}"
        raise
    finally:
        proof.seconds = time.monotonic() - started
        run.conclude()


class _Run:
    def __init__(self, sandbox: Sandbox, plan: Plan, progress: Progress, proof: Proof) -> None:
        self._sandbox = sandbox
        self._plan = plan
        self._progress = progress
        self._proof = proof
        self._survey = SandboxStage(sandbox, OFF).survey

    def first(self, state: State) -> None:
        """Look at the site with every ring off, find the targets, and try every attack on them."""
        proof, plan = self._proof, self._plan
        with self._sandbox.site.arrange(state):
            stage = SandboxStage(self._sandbox, state.name)
            self._survey = look(
                self._sandbox,
                stage,
                visitors=plan.visitors,
                pages=plan.pages,
                tell=self._progress.tell,
            )
            stage.survey = self._survey
            proof.coverage = self._survey.coverage
            proof.pages = len(self._survey.pages)
            self._progress.pages(proof.pages)
            proof.notes += self._survey.notes
            for attack in plan.attacks:
                self._progress.attack(attack.name)
                self._find(stage, attack)

    def _find(self, stage: SandboxStage, attack: Attack) -> None:
        proof, plan = self._proof, self._plan
        aims = attack.find(self._survey)
        if isinstance(aims, str):
            proof.untargeted.append(Untargeted(attack, 0, aims))
            return
        # What has no path yet is found somewhere, and is then asked again.
        aims = tuple(aim for aim in aims if not aim.path or plan.aims_at(aim.path))
        if not aims:
            proof.untargeted.append(Untargeted(attack, 0, "nothing there is under --path"))
            return
        results = self._strike(stage, attack, aims)
        trials: dict[str, Trial] = {}
        for aim, result in zip(aims, results, strict=True):
            if attack.guess and result.outcome is not Outcome.SUCCEEDED:
                continue
            target = result.target or aim
            if not plan.aims_at(target.path):
                continue
            if result.place is not None:
                target = replace(target, place=result.place)
            trials.setdefault(target.label, Trial(attack, target, {OFF: result}))
        if not trials:
            why = f"nothing came of it at any of {len(aims)} places, with every ring off"
            proof.untargeted.append(Untargeted(attack, len(aims), why))
        kept = list(trials.values())[: plan.targets]
        left_out = len(trials) - len(kept)
        if left_out:
            proof.notes.append(f"{attack.name}: {left_out} further targets (see --targets)")
        proof.trials += kept

    def again(self, state: State) -> None:
        """Try in another state what worked with every ring off."""
        pending: dict[str, list[Trial]] = {}
        for trial in self._proof.trials:
            off = trial.results.get(OFF)
            if off is not None and off.outcome is Outcome.SUCCEEDED:
                pending.setdefault(trial.attack.name, []).append(trial)
        try:
            with self._sandbox.site.arrange(state):
                stage = SandboxStage(self._sandbox, state.name, self._survey)
                for trials in pending.values():
                    attack = trials[0].attack
                    self._progress.attack(attack.name)
                    results = self._strike(stage, attack, [trial.target for trial in trials])
                    for trial, result in zip(trials, results, strict=True):
                        trial.results[state.name] = self._alive(stage, trial, result)
        except SandboxError as error:
            for trials in pending.values():
                for trial in trials:
                    missing = Result(Outcome.INCONCLUSIVE, "not started", str(error))
                    trial.results.setdefault(state.name, missing)

    def _strike(
        self, stage: SandboxStage, attack: Attack, targets: Sequence[Target]
    ) -> Sequence[Result]:
        if attack.changes:
            stage.restore()
        results = attack.strike(stage, targets)
        self._proof.runs += len(results)
        self._progress.runs(self._proof.runs)
        if attack.changes:
            stage.restore()
        return results

    def _alive(self, stage: SandboxStage, trial: Trial, result: Result) -> Result:
        """Believe no stop of a site that answers nobody: it stops every attack."""
        if result.outcome is not Outcome.STOPPED:
            return result
        dead = trial.attack.use(stage, trial.target)
        if trial.attack.changes:
            stage.restore()
        if dead is not None:
            return Result(Outcome.INCONCLUSIVE, "not alive", f"{result.evidence}, but {dead}")
        if result.mechanism == NO_SESSION and stage.session_left_to_browser:
            return Result(
                Outcome.ENVIRONMENT,
                result.mechanism,
                f"{result.evidence}; by its own default: the cookie names no SameSite",
            )
        return result

    def conclude(self) -> None:
        """Judge what there is."""
        for trial in self._proof.trials:
            trial.judgement = judge(
                trial.results, self._proof.rings, overriding=trial.attack.overriding
            )


def _why(error: BaseException) -> str:
    if isinstance(error, KeyboardInterrupt | SystemExit):
        return "interrupted"
    return str(error) or type(error).__name__
