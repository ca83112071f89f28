"""Adds text to what template variables hold, before their filters, and remembers to which.

Every variable that a template of the project's writes passes here first: it is put into the
template's own expression as its first filter, when the template is compiled.
"""

from __future__ import annotations

import secrets
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from ringfence.sandbox.trail import Spot

__all__ = ["Taint"]


class Taint:
    """What was written, and what is added to it in :meth:`adding`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._met: dict[Spot, None] = {}
        self._make: Callable[[str], str] | None = None
        self._only: Collection[Spot] | None = None
        self._numbers: dict[Spot, str] = {}

    def met(self) -> tuple[Spot, ...]:
        """Return the variables that held text so far."""
        with self._lock:
            return tuple(self._met)

    @contextmanager
    def adding(
        self, make: Callable[[str], str], only: Collection[Spot] | None = None
    ) -> Iterator[None]:
        """Add what ``make`` makes of a variable's number to the text that it holds, for the block.

        ``only`` names the variables, None for all.
        """
        with self._lock:
            self._make, self._only, self._numbers = make, only, {}
        try:
            yield
        finally:
            with self._lock:
                self._make = self._only = None

    def spot_of(self, number: str) -> Spot | None:
        """Return the variable of that number, of the last block."""
        with self._lock:
            return next((spot for spot, known in self._numbers.items() if known == number), None)

    def filter_for(self, spot: Spot) -> Callable[[object], object]:
        """Return the filter for one variable.

        What was marked as safe is the framework's or the developer's word; numbers and dates are
        written by what they are.
        """

        def ringfence_taint(value: object) -> object:
            if type(value) is not str:
                return value
            if spot not in self._met:
                with self._lock:
                    self._met.setdefault(spot)
            make = self._make
            if make is None or (self._only is not None and spot not in self._only):
                return value
            return value + make(self._number_of(spot))

        return ringfence_taint

    def _number_of(self, spot: Spot) -> str:
        with self._lock:
            known = self._numbers.get(spot)
            if known is None:
                known = self._numbers[spot] = str(secrets.randbelow(9 * 10**8) + 10**8)
            return known
