"""How a run is ended from outside: by SIGINT or SIGTERM, and with nothing left behind."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType
    from typing import Any

__all__ = ["ended_by_signals", "undisturbed"]

_ENDING = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def ended_by_signals() -> Iterator[Callable[[], None]]:
    """Let SIGINT raise KeyboardInterrupt in the block, and SIGTERM SystemExit with 128 + 15.

    Gives a function that raises again what a signal raised before: Python drops an exception in a
    ``__del__``, in a weak reference's callback, in a function that SQLite calls. A signal that the
    process was started to ignore stays ignored, as a shell has it for jobs in the background.
    """
    came: list[int] = []

    def obey() -> None:
        if came:
            raise KeyboardInterrupt if came[0] == signal.SIGINT else SystemExit(128 + came[0])

    def leave(number: int, _frame: FrameType | None) -> None:
        came.append(number)
        obey()

    if threading.current_thread() is not threading.main_thread():
        yield obey
        return
    before = _handlers()
    try:
        for ending, handler in before.items():
            if handler is not signal.SIG_IGN:
                signal.signal(ending, leave)
        yield obey
    finally:
        _restore(before)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Finish the block first where a signal comes meanwhile; it is obeyed afterwards."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = _handlers()
    try:
        for ending in _ENDING:
            signal.signal(ending, lambda number, _frame: came.append(number))
        yield
    finally:
        _restore(before)
        for number in came[:1]:
            signal.raise_signal(number)


def _handlers() -> dict[signal.Signals, Any]:
    return {ending: signal.getsignal(ending) for ending in _ENDING}


def _restore(handlers: dict[signal.Signals, Any]) -> None:
    for ending, handler in handlers.items():
        # None: it was not Python that set it, and it cannot be set again from here.
        if handler is not None:
            signal.signal(ending, handler)
