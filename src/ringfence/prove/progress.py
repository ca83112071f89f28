"""What a run is doing, for whoever waits."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Progress"]


class Progress:
    """Says what is being done: one line that is written again on a terminal, else a line a state.

    ``obey`` is called each time, and may raise: a signal that came in a place where Python drops
    exceptions is obeyed here. ``states`` is how many there are, ``attacks`` how many in each.
    """

    def __init__(
        self, stream: TextIO, obey: Callable[[], None], *, states: int, attacks: int
    ) -> None:
        self._stream = stream
        self._obey = obey
        self._states = states
        self._attacks = attacks
        self._done = 0
        self._state = ""
        self._in_state = 0
        self._runs = 0
        self._started = time.monotonic()
        self._live = stream.isatty()

    def state(self, name: str) -> None:
        """Another state begins."""
        self._done += bool(self._state)
        self._state, self._in_state = name, 0
        self.tell(f"attacking: {name}")

    def attack(self, name: str) -> None:
        """Another attack begins."""
        self._obey()
        self._in_state += 1
        if self._live:
            self._line(f"{self._state}: {name}")

    def runs(self, number: int) -> None:
        """So many runs are done."""
        self._runs = number

    def tell(self, line: str) -> None:
        """Say what is being done."""
        self._obey()
        if self._live:
            self._line(line)
        else:
            self._stream.write(f"ringfence: {line}\n")
            self._stream.flush()

    def end(self) -> None:
        """Leave the terminal's line."""
        if self._live:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def _line(self, text: str) -> None:
        share = (self._done + min(self._in_state / max(1, self._attacks), 1)) / self._states
        passed = time.monotonic() - self._started
        left = f", {passed / share - passed:.0f} s left" if share > 0.05 else ""
        filled = round(20 * share)
        bar = "#" * filled + "-" * (20 - filled)
        self._stream.write(f"\r\x1b[K[{bar}] {self._runs} runs{left}  {text[:60]}")
        self._stream.flush()
