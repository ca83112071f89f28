"""What reached the site: one record for each request, kept by the server, not by the site."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Exchange", "Journal"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and the status that it was answered with.

    ``with_session`` says whether the victim's session came along; ``sec_fetch_site`` is None
    where the browser sent none.
    """

    method: str
    path: str
    status: int
    with_session: bool
    sec_fetch_site: str | None

    @property
    def crashed(self) -> bool:
        """A crash of the site reads like a defence, and is none."""
        return self.status >= 500


class Journal:
    """The exchanges so far. Written by the server's threads, read by the one that attacks."""

    def __init__(self) -> None:
        #: The last exception that the site did not handle.
        self.error = ""
        self._exchanges: list[Exchange] = []
        self._changed = threading.Condition()

    def add(self, exchange: Exchange) -> None:
        """Keep one exchange, and wake whoever waits for it."""
        with self._changed:
            self._exchanges.append(exchange)
            self._changed.notify_all()

    def mark(self) -> int:
        """Return the place to look from."""
        with self._changed:
            return len(self._exchanges)

    def since(self, mark: int, *, method: str, path: str) -> Exchange | None:
        """Return the last matching exchange after ``mark``."""
        with self._changed:
            return self._last(mark, lambda item: item.method == method and item.path == path)

    def wait(self, mark: int, *, method: str, path: str, seconds: float) -> Exchange | None:
        """Wait for a matching exchange after ``mark``; None where none came in time."""

        def found() -> Exchange | None:
            return self._last(mark, lambda item: item.method == method and item.path == path)

        with self._changed:
            return self._changed.wait_for(found, timeout=seconds)

    def _last(self, mark: int, wanted: Callable[[Exchange], bool]) -> Exchange | None:
        return next((item for item in reversed(self._exchanges[mark:]) if wanted(item)), None)
