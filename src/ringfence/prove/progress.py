"""What a run is doing, for whoever waits."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from rich.console import Console
from rich.progress import (
    BarColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bar

from ringfence.prove.plain import harmless

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Progress"]

#: How much of what is being done is shown.
_WIDTH = 40


class Progress:
    """Says what is being done: a bar on a terminal, else a line for each state. A context.

    ``obey`` is called each time, and may raise: a signal that came in a place where Python drops
    exceptions is obeyed here. ``states`` is how many there are, ``attacks`` how many in each.
    """

    def __init__(
        self, stream: TextIO, obey: Callable[[], None], *, states: int, attacks: int
    ) -> None:
        self._stream = stream
        self._obey = obey
        self._attacks = attacks
        self._state = ""
        self._states_before = 0
        self._in_state = 0
        self._bar = _bar(stream) if stream.isatty() else None
        if self._bar is not None:
            # Nothing is known of the time before the first attack has been run.
            self._task = self._bar.add_task("", total=None, pages="?", runs=0)
        self._total = states * attacks

    def __enter__(self) -> Self:
        """Begin."""
        if self._bar is not None:
            self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Leave the terminal as it was."""
        if self._bar is not None:
            self._bar.stop()

    def state(self, name: str) -> None:
        """Another state begins."""
        self._states_before += bool(self._state)
        self._state, self._in_state = name, 0
        self.tell(f"attacking: {name}")

    def attack(self, name: str) -> None:
        """Another attack begins."""
        self._obey()
        # Those that have no target are left out of later states: a state is never more than whole.
        done = self._states_before * self._attacks + min(self._in_state, self._attacks)
        self._in_state += 1
        if self._bar is not None:
            self._bar.update(self._task, total=self._total, completed=done)
            self._say(f"{self._state}: {name}")

    def pages(self, number: int) -> None:
        """So many pages were found."""
        if self._bar is not None:
            self._bar.update(self._task, pages=number)

    def runs(self, number: int) -> None:
        """So many runs are done."""
        if self._bar is not None:
            self._bar.update(self._task, runs=number)

    def tell(self, line: str) -> None:
        """Say what is being done."""
        self._obey()
        if self._bar is not None:
            self._say(line)
        else:
            self._stream.write(f"ringfence: {harmless(line)}\n")
            self._stream.flush()

    def _say(self, text: str) -> None:
        if self._bar is not None:
            self._bar.update(self._task, description=harmless(text)[:_WIDTH])


def _bar(stream: TextIO) -> Bar:
    return Bar(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[pages]} pages, {task.fields[runs]} runs", markup=False),
        TimeElapsedColumn(),
        TextColumn("left", style="dim"),
        TimeRemainingColumn(),
        console=Console(file=stream, highlight=False, markup=False, emoji=False),
        transient=True,
        # The site that is attacked writes where it likes.
        redirect_stdout=False,
        redirect_stderr=False,
        # States differ: what an attack took is averaged over many.
        speed_estimate_period=600,
    )
