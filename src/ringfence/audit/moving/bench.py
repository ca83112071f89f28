"""Files on the bench: their texts, changed from the end on, so that places before stay places."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from ringfence.audit.drafts import Draft, Original, UnfitError, staged
from ringfence.audit.fixes._text import Text
from ringfence.audit.model import Edit, Place
from ringfence.audit.soundness import flaw

__all__ = ["Bench", "HandError", "Job", "constants", "parents"]


class HandError(Exception):
    """A place that cannot be changed safely, and why."""

    def __init__(self, place: Place, why: str) -> None:
        super().__init__(why)
        self.place = place
        self.why = why


@dataclass(frozen=True, slots=True)
class Job:
    """One change of a file: made of the text as it is by then, at a place that is still the same.

    ``make`` gets the text and where to look, and returns the edits. Jobs of one file are done from
    its end on; of two at one place, the one with the lower ``turn`` first.
    """

    path: str
    line: int
    column: int
    make: Callable[[Text, tuple[int, int]], Iterable[Edit]]
    turn: int = 0


@dataclass(slots=True)
class Bench:
    """The drafts of a tree's files."""

    root: Path
    drafts: dict[str, Draft] = field(default_factory=dict)

    def copy(self) -> Bench:
        """Return a bench to try something on."""
        return replace(self, drafts=dict(self.drafts))

    def draft(self, path: str) -> Draft:
        """Return the draft of a file.

        :raises HandError: if it cannot be changed at all.
        """
        if path not in self.drafts:
            try:
                self.drafts[path] = Draft.of(Original.read(self.root, path))
            except UnfitError as error:
                raise HandError(Place(path, 1), str(error)) from error
        return self.drafts[path]

    def text(self, path: str) -> Text:
        """Return a file's text as it is to be, with its syntax tree.

        :raises HandError: if it cannot be changed, or is no Python that can be parsed here.
        """
        text = Text(path, self.draft(path).text)
        if text.tree is None:
            raise HandError(Place(path, 1), "it is no Python that can be parsed here")
        return text

    def do(self, jobs: Iterable[Job]) -> None:
        """Do the jobs.

        :raises HandError: if one of them finds that it cannot be done.
        """
        ordered = sorted(jobs, key=lambda job: (job.path, -job.line, -job.column, job.turn))
        for job in ordered:
            edits = list(job.make(self.text(job.path), (job.line, job.column)))
            self.drafts[job.path] = self.draft(job.path).edited(edits)

    @property
    def changed(self) -> list[Draft]:
        """The drafts that have become something else, in order of their paths."""
        return [draft for _, draft in sorted(self.drafts.items()) if draft.changes]

    def staged(self, folder: Path) -> dict[str, Path]:
        """Write what has changed into a folder of its own; return where, by the files' paths.

        :raises HandError: if a file's encoding has no bytes for its change.
        """
        try:
            return staged(self.drafts, folder)
        except UnfitError as error:
            raise HandError(Place(self.changed[0].original.path, 1), str(error)) from error

    def flaws(self) -> Iterator[tuple[str, str]]:
        """Yield the paths of drafts that cannot be left like this, and why."""
        for draft in self.changed:
            before = Text(draft.original.path, draft.original.text)
            edits = [before.edit(*change) for change in draft.changes]
            try:
                _ = draft.data
                why = flaw(before, draft.text, edits)
            except (UnfitError, RecursionError) as error:
                why = str(error)
            if why:
                yield before.path, why


def parents(text: Text) -> Mapping[int, ast.AST]:
    """Return what each node stands in, by the node's identity."""
    return {id(child): node for node in text.nodes for child in ast.iter_child_nodes(node)}


def constants(text: Text, line: int, value: str) -> list[ast.Constant]:
    """Return the strings of this value that begin on a line, written in one piece."""
    return [
        node
        for node in text.nodes
        if isinstance(node, ast.Constant)
        and node.lineno == line
        and node.value == value
        and text.source(node)[:1] in ("'", '"')
        and text.source(node)[1:-1] == value
    ]
