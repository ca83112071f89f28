"""A tree is read, moved in on the bench, and audited again before anything is written."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ringfence.audit.collect import tree
from ringfence.audit.drafts import Draft
from ringfence.audit.fixing import grown
from ringfence.audit.model import Project, Settings
from ringfence.audit.moving.around import look_around
from ringfence.audit.moving.bench import Bench
from ringfence.audit.moving.hands import ByHand
from ringfence.audit.moving.left import left_over
from ringfence.audit.moving.making import make
from ringfence.audit.moving.plan import Goal, Plan, plan
from ringfence.audit.progress import Progress
from ringfence.audit.run import Examined, Options, examine, settings_of

__all__ = ["Moved", "UnreadError", "move"]


class UnreadError(Exception):
    """There are no settings that could be moved; one sentence says why."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What becomes of a tree. ``flaw`` says why it must not be written, "" if it may."""

    root: Path
    sites: Sequence[Settings]
    drafts: Sequence[Draft]
    done: Sequence[Goal]
    by_hand: Sequence[ByHand]
    notes: Sequence[str]
    flaw: str = ""


def move(root: Path, options: Options, progress: Progress) -> Moved:
    """Return what moving in makes of the tree at ``root``. Nothing of the tree is written.

    :raises UnreadError: if it has no settings that are deployed.
    """
    with tempfile.TemporaryDirectory(prefix="ringfence-") as folder:
        return _Moving(root, options, progress, Path(folder)).run()


class _Moving:
    def __init__(self, root: Path, options: Options, progress: Progress, folder: Path) -> None:
        self.root, self.options = root, options
        self.progress, self.folder = progress, folder
        self.before = self._examined({})
        self.around = look_around(tree.walk(self.before.root, exclude=options.exclude))

    def run(self) -> Moved:
        project, wanted = self.before.project, self.options.settings
        for each in project.skipped:
            if wanted and each.path == wanted:
                raise UnreadError(f"{wanted}: {each.reason}.")
        if not any(True for _ in project.deployed()):
            raise UnreadError(self._unread())
        made = make(Bench(self.before.root), project, self._plan, self._settings)
        drafts = made.bench.changed
        return Moved(
            self.before.root,
            list(project.deployed()),
            drafts,
            made.done,
            made.by_hand,
            [*made.notes, *left_over(made.bench, project, made.done)],
            next(self._flaws(made.bench), "") if drafts else "",
        )

    def _plan(self, project: Project) -> Plan:
        return plan(project, self.around)

    def _settings(self, bench: Bench) -> list[Settings]:
        return settings_of(self.before, replace(self.options, instead=bench.staged(self.folder)))

    def _examined(self, instead: Mapping[str, Path]) -> Examined:
        found = examine(self.root, replace(self.options, instead=instead), self.progress)
        self.progress.end()
        return found

    def _flaws(self, bench: Bench) -> Iterator[str]:
        """Yield why the drafts must not be written."""
        yield from (f"{path}: {why}." for path, why in bench.flaws())
        before, after = self.before.report, self._examined(bench.staged(self.folder)).report
        unread = {each.path for each in after.skipped} - {each.path for each in before.skipped}
        yield from (f"{path}: it could be read no more." for path in sorted(unread))
        for code, path in sorted(grown(before, after)):
            yield (
                f"{path}: audited again, there is more of {code} in it "
                f"(`ringfence explain {code}` says what that is)."
            )
        if set(after.unasked) - set(before.unasked):
            yield "audited again, a rule failed that did not before."

    def _unread(self) -> str:
        project = self.before.project
        known = ", ".join(dict.fromkeys(site.module for site in project.settings))
        if known:
            return (
                f"None of these settings is known to be deployed: {known}. "
                "Say which by --settings MODULE."
            )
        return (
            "No settings module was found: a Python file that gives INSTALLED_APPS or ROOT_URLCONF "
            "a value. Name the project's folder, or the module by --settings MODULE."
        )
