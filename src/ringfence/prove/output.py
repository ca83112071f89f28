"""Everything that a run leaves: what it prints, the files it writes, its exit status."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from ringfence.prove.baseline import Baseline, BaselineError, comparable, compare, load
from ringfence.prove.document import as_document, exit_status
from ringfence.prove.render import html, sarif, terminal
from ringfence.prove.writing import WriteError, check_writable, write
from ringfence.sandbox.states import RINGS

if TYPE_CHECKING:
    from ringfence.prove.run import Proof

__all__ = ["Output", "OutputError"]

_UNUSABLE = 2


class OutputError(Exception):
    """What is asked for cannot be given; one line for each reason."""


@dataclass(frozen=True, slots=True)
class Output:
    """What the options ask for, known to be possible before the run begins."""

    options: Mapping[str, Any]
    attacks: Sequence[str]
    baseline: Baseline | None

    @classmethod
    def prepared(cls, options: Mapping[str, Any], attacks: Sequence[str]) -> Output:
        """Read the baseline and look at the files.

        :raises OutputError: with all that is wrong.
        """
        wrong: list[str] = []
        baseline = None
        if options["baseline"]:
            try:
                baseline = load(options["baseline"])
            except BaselineError as error:
                wrong.append(str(error))
            else:
                why = comparable(baseline, options["ring"] or RINGS)
                wrong += [f"--baseline {options['baseline']}: {why}."] if why else []
        for option, path in _files(options):
            try:
                check_writable(option, path)
            except WriteError as error:
                wrong.append(str(error))
        if wrong:
            raise OutputError("\n".join(wrong))
        return cls(options, attacks, baseline)

    def write(self, proof: Proof, stdout: TextIO, stderr: TextIO) -> int | None:
        """Print the proof and write the files; a status where one of them cannot be written."""
        title = self.options["title"] or "ringfence prove"
        terminal.render(
            proof,
            stdout,
            title=title,
            verbose=self.options["verbose"],
            said=tuple(self._compared(proof)),
        )
        status = None
        for option, path in _files(self.options):
            match option:
                case "--json":
                    text = json.dumps(as_document(proof), indent=2) + "\n"
                case "--html":
                    text = html.render(proof, title=title)
                case _:
                    text = sarif.render(proof)
            try:
                write(option, path, text)
            except WriteError as error:
                stderr.write(f"{error}\n")
                status = _UNUSABLE
        return status

    def status(self, proof: Proof) -> int:
        """Return the exit status of a run that came to its end."""
        asked = {
            "fail_under": self.options["fail_under"],
            "min_coverage": self.options["min_coverage"],
        }
        if self.baseline is None:
            return exit_status(proof, **asked)
        found = compare(self.baseline, proof, self.attacks)
        return exit_status(proof, **asked, judged=found.new, failed=bool(found.worse))

    def _compared(self, proof: Proof) -> Iterator[str]:
        if self.baseline is None:
            return
        found = compare(self.baseline, proof, self.attacks)
        name = self.options["baseline"]
        if self.baseline.partial:
            yield f"The baseline {name} is partial ({self.baseline.partial})."
        for worse in found.worse:
            yield f"WORSE than {name}: {worse}"
        for attack, target in found.vanished:
            yield f"Not met again: {attack} on {target}"
        yield (
            f"Against {name}: {len(found.worse)} worse, {len(found.new)} new, "
            f"{len(found.vanished)} not met again."
        )


def _files(options: Mapping[str, Any]) -> Iterator[tuple[str, Path]]:
    for name in ("json", "html", "sarif"):
        if options[name]:
            yield f"--{name}", options[name]
