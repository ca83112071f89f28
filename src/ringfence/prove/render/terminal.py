"""The matrix of attacks and rings, and what is to be done, for a terminal.

Labels come from the attacked site: they are shown as text, never as markup, and control characters
are shown as what they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING, TextIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ringfence.prove.plain import harmless
from ringfence.prove.stage import Outcome
from ringfence.prove.summary import (
    Group,
    Kind,
    coverage_line,
    findings,
    headline,
    outcome_in,
    rows,
    run_line,
    shown_states,
    where,
)

if TYPE_CHECKING:
    from ringfence.prove.run import Proof, Trial
    from ringfence.prove.summary import Row

__all__ = ["harmless", "render"]

_STYLES = {
    Outcome.STOPPED: "green",
    Outcome.SUCCEEDED: "red",
    Outcome.ENVIRONMENT: "yellow",
    Outcome.INCONCLUSIVE: "yellow",
}
_SQUARES = {
    Outcome.STOPPED: "■",
    Outcome.SUCCEEDED: "□",
    Outcome.ENVIRONMENT: "~",
    Outcome.INCONCLUSIVE: "?",
}
_PLAIN = {**_SQUARES, Outcome.STOPPED: "#", Outcome.SUCCEEDED: "."}

_HEADINGS = {
    Kind.SUCCEEDED: "bold red",
    Kind.BROWSER_ONLY: "bold red",
    Kind.NO_RING_ALONE: "bold red",
    Kind.SHALLOW: "bold yellow",
    Kind.INCONCLUSIVE: "yellow",
}

#: On a narrow terminal the rings' names would leave no room for the targets.
_SHORT = {"transport": "trans", "isolation": "isol", "escaping": "esc"}
_NARROW = 124
_CRAMPED = 100
_WIDTH_OF_A_FILE = 118

#: How much of a list is shown that only goes on in the same way.
_SHOWN = 10


def render(
    proof: Proof, stream: TextIO, *, title: str, verbose: bool = False, said: tuple[str, ...] = ()
) -> None:
    """Write the matrix, then what is to be done. Plain text where it is no terminal.

    ``verbose`` unfolds what is the same for many targets; ``said`` are sentences to end with.
    """
    console = Console(
        file=stream,
        highlight=False,
        markup=False,
        emoji=False,
        width=None if stream.isatty() else _WIDTH_OF_A_FILE,
    )
    unicode = _can_write(stream, "■□─·")
    squares = _SQUARES if unicode else _PLAIN
    console.print()
    console.print(Text(harmless(title), style="bold"), soft_wrap=True)
    if proof.partial:
        console.print(Text(f"PARTIAL: {harmless(proof.partial)}", style="bold red"), soft_wrap=True)
    if proof.trials:
        console.print(_matrix(proof, squares, console.width, fold=not verbose, unicode=unicode))
        for line in _legend(squares):
            console.print(Text(line, style="dim"), soft_wrap=True)
    for text in _body(proof, verbose=verbose):
        console.print(text, soft_wrap=True)
    for text in _end(proof, said):
        console.print(text, soft_wrap=True)


def _matrix(
    proof: Proof, squares: dict[Outcome, str], width: int, *, fold: bool, unicode: bool
) -> Table:
    states = shown_states(proof)
    table = Table(
        box=box.SIMPLE_HEAD if unicode else box.ASCII,
        pad_edge=False,
        padding=(0, 1) if width >= _CRAMPED else (0, 1, 0, 0),
    )
    table.add_column("attack", no_wrap=True)
    table.add_column("target", overflow="fold", max_width=44)
    for name in states:
        table.add_column(
            _SHORT.get(name, name) if width < _NARROW else name, justify="center", no_wrap=True
        )
    table.add_column("depth", justify="right", no_wrap=True)
    shown = rows(proof, fold=fold)
    for before, row in zip([None, *shown], shown, strict=False):
        again = before is not None and before.attack is row.attack
        table.add_row(
            Text("" if again else row.attack.name),
            Text(row.label),
            *(_cell(row.first, state, squares) for state in states),
            _depth(row),
        )
    return table


def _cell(trial: Trial, state: str, squares: dict[Outcome, str]) -> Text:
    outcome = outcome_in(trial, state)
    if outcome is None:
        return Text(" ", style="dim")
    # With every ring off a success is what must be: it is no alarm.
    return Text(squares[outcome], style="dim" if state == "off" else _STYLES[outcome])


def _depth(row: Row) -> Text:
    depth = row.first.judgement.depth
    if depth is None:
        return Text("?", style="yellow")
    return Text(str(depth), style="bold red" if depth == 0 else "yellow" if depth == 1 else "green")


def _legend(squares: dict[Outcome, str]) -> Iterator[str]:
    yield (
        f"{squares[Outcome.STOPPED]} stopped   {squares[Outcome.SUCCEEDED]} succeeded   "
        "~ stopped by the browser's defaults only   ? inconclusive"
    )
    yield (
        "off: every defence out of the way.  on: the site as it is.  "
        "A ring's column: that ring alone."
    )


def _body(proof: Proof, *, verbose: bool) -> Iterator[Text]:
    for kind, groups in groupby(findings(proof), key=lambda group: group.kind):
        yield Text()
        depth = "depth 0: " if kind.is_open else "depth 1: " if kind is Kind.SHALLOW else ""
        yield Text(depth + kind.value, style=_HEADINGS[kind])
        for group in groups:
            yield from _group(group, verbose=verbose)


def _group(group: Group, *, verbose: bool) -> Iterator[Text]:
    attack = group.attack
    yield Text.assemble(
        ("  " + attack.name, "bold"), f"  {harmless(attack.title)} ", (f"({attack.cwe})", "dim")
    )
    shown = group.trials if verbose else group.trials[:_SHOWN]
    for trial in shown:
        yield Text.assemble(
            f"    {harmless(trial.target.label)}", (f"  as {trial.target.visitor}", "dim")
        )
        place = where(trial.target.place)
        if place:
            yield Text.assemble(("      at   ", "dim"), place)
        yield Text.assemble(("      saw  ", "dim"), _happened(group.kind, trial))
    if len(shown) < len(group.trials):
        left = len(group.trials) - len(shown)
        yield Text(f"    and {left} more targets (--verbose shows all)", style="dim")
    if group.kind is not Kind.INCONCLUSIVE:
        yield Text.assemble(("    fix  ", "dim"), (harmless(attack.fix), "bold"))


def _happened(kind: Kind, trial: Trial) -> str:
    judgement = trial.judgement
    alone = ", ".join(judgement.alone)
    said = harmless(judgement.reason)
    if kind is Kind.SHALLOW:
        return f"only {alone} stops it: {said}"
    if kind in (Kind.SUCCEEDED, Kind.BROWSER_ONLY) and alone:
        return f"{said}; alone would stop it: {alone}"
    return said


def _end(proof: Proof, said: tuple[str, ...]) -> Iterator[Text]:
    yield Text()
    if proof.untargeted:
        told = "; ".join(f"{each.attack.name} ({each.reason})" for each in proof.untargeted)
        yield Text(f"No target: {harmless(told)}.", style="dim")
    for note in proof.notes:
        yield Text(f"Note: {harmless(note)}", style="dim")
    yield Text(f"{coverage_line(proof)}{_colon(proof)}")
    missing = proof.coverage.missing if proof.coverage else ()
    for pattern, lacks in missing[:_SHOWN]:
        yield Text.assemble(f"  {harmless(pattern) or '(empty)'}", (f"  {harmless(lacks)}", "dim"))
    if len(missing) > _SHOWN:
        yield Text(f"  and {len(missing) - _SHOWN} more (--json has all)", style="dim")
    yield Text(run_line(proof), style="dim")
    if proof.moving_in:
        yield Text()
        yield Text("ringfence init would change:", style="bold")
        for sentence in proof.moving_in:
            yield Text(f"  {harmless(sentence)}")
    yield Text()
    partial = f" PARTIAL: {harmless(proof.partial)}." if proof.partial else ""
    yield Text(headline(proof) + partial, style="bold")
    for sentence in said:
        yield Text(harmless(sentence))


def _colon(proof: Proof) -> str:
    return ". Not reached, and why:" if proof.coverage and proof.coverage.missing else "."


def _can_write(stream: TextIO, text: str) -> bool:
    try:
        text.encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
