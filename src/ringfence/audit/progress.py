"""How far a long run is, said on a terminal."""

from __future__ import annotations

import time
from typing import TextIO

__all__ = ["Progress"]


class Progress:
    """Says on a terminal how far a long run is; a short one is over before it would."""

    _PATIENCE = 1.0

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._next = time.monotonic() + self._PATIENCE
        self._on = bool(stream.isatty())
        self._shown = False

    def __call__(self, done: int, total: int) -> None:
        """Say that ``done`` of ``total`` files are read."""
        if not self._on or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + 0.1
        filled = 30 * done // max(total, 1)
        bar = "#" * filled + "-" * (30 - filled)
        self._put(f"\r[{bar}] {done:,} of {total:,} files")
        self._shown = True

    def say(self, text: str) -> None:
        """Say what is done that cannot be counted."""
        if self._on:
            self._put(f"\r{text}")
            self._shown = True

    def end(self) -> None:
        """Take away what was said."""
        if self._shown:
            self._put("\r\x1b[K")

    def _put(self, said: str) -> None:
        target = getattr(self._stream, "_out", self._stream)
        target.write(said)
        target.flush()
