"""The matrix of attacks and rings, for a terminal.

Labels come from the attacked site: a path or a column may hold anything. They are shown as text,
never as markup, and control characters are shown as what they are.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, TextIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ringfence.prove.depth import Verdict
from ringfence.prove.stage import Outcome

if TYPE_CHECKING:
    from ringfence.prove.run import Proof, Trial

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

_WIDTH_OF_A_FILE = 118


def harmless(text: str) -> str:
    r"""Return ``text`` on one line, with every character that commands a terminal spelt out.

    Control and format characters (Unicode Cc, Cf, Zl, Zp), lone surrogates and private-use
    characters are written as escapes.

    >>> harmless("a\x1b[2Jb\u202ec")
    'a\\x1b[2Jb\\u202ec'
    """
    return "".join(
        char.encode("unicode_escape").decode()
        if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
        else char
        for char in text
    )


def render(proof: Proof, stream: TextIO, *, title: str) -> None:
    """Write the matrix, then one line for each finding. Plain text where it is no terminal."""
    console = Console(
        file=stream,
        highlight=False,
        markup=False,
        emoji=False,
        width=None if stream.isatty() else _WIDTH_OF_A_FILE,
    )
    unicode = _can_write(stream, "■□─")
    squares = _SQUARES if unicode else _PLAIN
    console.print()
    console.print(Text(harmless(title), style="bold"))
    console.print(_matrix(proof, squares, unicode=unicode))
    console.print(
        Text(
            f"{squares[Outcome.STOPPED]} stopped   {squares[Outcome.SUCCEEDED]} succeeded   "
            f"~ stopped by the browser's defaults only   ? inconclusive"
        ),
        style="dim",
    )
    console.print(
        Text(
            "off: every defence out of the way.  on: the site as it is.  "
            "A ring's column: that ring alone."
        ),
        style="dim",
    )
    console.print()
    for trial in proof.trials:
        console.print(_finding(trial), soft_wrap=True)
    for each in proof.untargeted:
        console.print(
            Text(f"{each.attack.name}: not tried further: {harmless(each.reason)}", style="dim"),
            soft_wrap=True,
        )
    for note in proof.notes:
        console.print(Text(f"note: {harmless(note)}", style="dim"), soft_wrap=True)
    console.print(
        Text(
            f"{proof.runs} attack runs on {proof.pages} pages in {proof.seconds:.0f} s "
            f"({harmless(proof.browser)})",
            style="dim",
        )
    )


def _matrix(proof: Proof, squares: dict[Outcome, str], *, unicode: bool) -> Table:
    table = Table(box=box.SIMPLE_HEAD if unicode else box.ASCII, pad_edge=False)
    table.add_column("attack", no_wrap=True)
    table.add_column("target", overflow="fold", max_width=44)
    for name in ("off", "on", *proof.rings):
        table.add_column(name, justify="center", no_wrap=True)
    table.add_column("depth", justify="right", no_wrap=True)
    for trial in proof.trials:
        cells = [_cell(trial, state, squares) for state in ("off", "on", *proof.rings)]
        table.add_row(
            Text(trial.attack.name),
            Text(harmless(trial.target.label)),
            *cells,
            _depth(trial),
        )
    return table


def _cell(trial: Trial, state: str, squares: dict[Outcome, str]) -> Text:
    result = trial.results.get(state)
    if result is None:
        return Text(" ", style="dim")
    # With every ring off a success is what must be: it is no alarm.
    style = "dim" if state == "off" else _STYLES[result.outcome]
    return Text(squares[result.outcome], style=style)


def _depth(trial: Trial) -> Text:
    depth = trial.judgement.depth
    if depth is None:
        return Text("?", style="yellow")
    return Text(str(depth), style="bold red" if depth == 0 else "yellow" if depth == 1 else "green")


def _finding(trial: Trial) -> Text:
    judgement = trial.judgement
    name = f"{trial.attack.name} {trial.target.label}"
    match judgement.verdict:
        case Verdict.STOPPED:
            by = ", ".join(judgement.alone) or "no ring alone"
            warn = " (one mistake away)" if judgement.depth == 1 else ""
            said = f"stopped, depth {judgement.depth}{warn}: {by}"
            if "depth counts only" in judgement.reason or not judgement.alone:
                said += f" [{judgement.reason}]"
            style = "green"
        case Verdict.SUCCEEDED:
            alone = ", ".join(judgement.alone)
            helps = f"; alone would stop it: {alone}" if alone else ""
            said = (
                f"SUCCEEDED ({trial.attack.cwe}): {judgement.reason}. "
                f"To do: {trial.attack.fix}{helps}"
            )
            style = "bold red"
        case Verdict.ENVIRONMENT:
            said = (
                f"ENVIRONMENT ({trial.attack.cwe}): {judgement.reason}. To do: {trial.attack.fix}"
            )
            style = "yellow"
        case _:
            said, style = f"inconclusive: {judgement.reason}", "yellow"
    return Text.assemble((harmless(name), "bold"), "  ", (harmless(said), style))


def _can_write(stream: TextIO, text: str) -> bool:
    try:
        text.encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
