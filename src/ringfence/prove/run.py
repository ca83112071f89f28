"""Run every attack on every target in every state of the rings."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ringfence.prove.attacks import ATTACKS
from ringfence.prove.depth import Judgement, Verdict, judge
from ringfence.prove.stage import NO_SESSION, Attack, Outcome, Result, Target
from ringfence.prove.survey import survey
from ringfence.sandbox.database import Column
from ringfence.sandbox.errors import SandboxError
from ringfence.sandbox.patterns import argument_free_paths
from ringfence.sandbox.states import OFF, RINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ringfence.prove.stage import FormLike
    from ringfence.sandbox.boot import Sandbox
    from ringfence.sandbox.browser import Form, Visit
    from ringfence.sandbox.journal import Exchange
    from ringfence.sandbox.states import State

__all__ = ["Proof", "Trial", "prove"]

_PATIENCE = 5.0


@dataclass(slots=True)
class Trial:
    """One attack on one target: what each state came to, and the judgement."""

    attack: Attack
    target: Target | None
    results: dict[str, Result] = field(default_factory=dict)
    judgement: Judgement = field(
        default_factory=lambda: Judgement(Verdict.INCONCLUSIVE, None, (), "was not run")
    )


@dataclass(frozen=True, slots=True)
class Proof:
    """Everything that a run found."""

    trials: tuple[Trial, ...]
    rings: tuple[str, ...]
    notes: tuple[str, ...]
    pages: int
    runs: int
    seconds: float
    browser: str


class SandboxStage:
    """The sandbox as the attacks see it."""

    patience = _PATIENCE

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.secret = sandbox.victim.secret

    def url(self, path: str) -> str:
        return self._sandbox.site.origin + path

    def visit(self, url: str) -> Visit:
        return self._sandbox.browser.visit(url)

    def press(self, url: str) -> Visit:
        return self._sandbox.browser.press(url)

    def lure(self, url: str) -> None:
        self._sandbox.browser.lure(url)

    def submit(self, form: FormLike, values: Mapping[str, str]) -> Visit:
        return self._sandbox.browser.submit(_browser_form(form), values)

    def attacker_page(self, name: str, html: str) -> str:
        return self._sandbox.attacker.page(name, html)

    def collect_path(self, name: str) -> str:
        return self._sandbox.attacker.collect_url(name)

    def collected(self, name: str) -> str | None:
        return self._sandbox.attacker.collected(name, self.patience)

    def mark(self) -> int:
        return self._sandbox.site.journal.mark()

    def request_since(self, mark: int, method: str, path: str) -> Exchange | None:
        journal = self._sandbox.site.journal
        return journal.wait(mark, method=method, path=path, seconds=self.patience)

    def stored(self, text: str) -> str | None:
        return self._sandbox.site.database.contains(text)

    def digest(self) -> str:
        return self._sandbox.site.database.digest()

    def poison(self, column: str, text: str) -> bool:
        return self._sandbox.site.database.poison(Column(column, None), text)

    def fired(self) -> set[str]:
        return set(self._sandbox.browser.fired)


def prove(
    sandbox: Sandbox,
    states: Sequence[State],
    *,
    targets: int = 3,
    tell: Callable[[str], None] = lambda _: None,
) -> Proof:
    """Attack the booted site in each of ``states``, the one with every ring off first.

    ``targets`` is how many targets of one attack are tried at most. ``tell`` gets one line on
    what is being done.
    """
    started = time.monotonic()
    off = next(state for state in states if state.name == OFF)
    with sandbox.site.arrange(off):
        _log_in(sandbox)
        found = survey(sandbox, argument_free_paths(), tell)
    trials: list[Trial] = []
    notes = list(found.notes)
    for attack in ATTACKS:
        aims = attack.find(found)
        if isinstance(aims, str):
            judgement = Judgement(Verdict.INCONCLUSIVE, None, (), aims)
            trials.append(Trial(attack, None, judgement=judgement))
            continue
        if len(aims) > targets:
            left_out = ", ".join(target.label for target in aims[targets:])
            notes.append(f"{attack.name}: not attacked (see --targets): {left_out}")
        trials += [Trial(attack, target) for target in aims[:targets]]
    for state in states:
        tell(f"attacking: {state.name}")
        _run_state(sandbox, state, trials)
    for trial in trials:
        if trial.target is not None:
            trial.judgement = judge(trial.results, RINGS, overriding=trial.attack.overriding)
    return Proof(
        trials=tuple(sorted(trials, key=lambda trial: trial.attack.name)),
        rings=RINGS,
        notes=tuple(notes),
        pages=len(found.pages),
        runs=sum(len(trial.results) for trial in trials),
        seconds=time.monotonic() - started,
        browser=sandbox.browser.version,
    )


def _run_state(sandbox: Sandbox, state: State, trials: Sequence[Trial]) -> None:
    # What does not work with every ring off says nothing in any other state.
    pending = [t for t in trials if t.target is not None and (state.name == OFF or _works(t))]
    if not pending:
        return
    stage = SandboxStage(sandbox)
    try:
        with sandbox.site.arrange(state):
            _log_in(sandbox)
            for trial in pending:
                trial.results[state.name] = _run_one(sandbox, stage, trial)
    except SandboxError as error:
        for trial in pending:
            missing = Result(Outcome.INCONCLUSIVE, "not started", str(error))
            trial.results.setdefault(state.name, missing)


def _works(trial: Trial) -> bool:
    off = trial.results.get(OFF)
    return off is not None and off.outcome is Outcome.SUCCEEDED


def _run_one(sandbox: Sandbox, stage: SandboxStage, trial: Trial) -> Result:
    if trial.target is None:
        raise ValueError("A trial without a target is not run.")
    result = trial.attack.strike(stage, trial.target)
    if result.outcome is not Outcome.STOPPED:
        return result
    # A site that answers nobody stops every attack.
    dead = trial.attack.use(stage, trial.target)
    if dead is not None:
        return Result(Outcome.INCONCLUSIVE, "not alive", f"{result.evidence}, but {dead}")
    if result.mechanism == NO_SESSION and sandbox.site.session_left_to_browser:
        return Result(
            Outcome.ENVIRONMENT,
            result.mechanism,
            f"{result.evidence}; by its own default: the cookie names no SameSite",
        )
    return result


def _log_in(sandbox: Sandbox) -> None:
    sandbox.browser.forget()
    visit = sandbox.browser.visit(sandbox.site.admit(sandbox.victim))
    if not sandbox.site.session_began:
        error = sandbox.site.journal.error or visit.error or f"status {visit.status}"
        raise SandboxError(f"the victim could not be logged in: {error}")


def _browser_form(form: FormLike) -> Form:
    from ringfence.sandbox.browser import Form  # noqa: PLC0415 - a narrowing, no dependency

    if not isinstance(form, Form):
        raise TypeError("Only a form that the browser found can be submitted.")
    return form
