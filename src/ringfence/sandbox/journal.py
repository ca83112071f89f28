"""What reached the site: one record for each request, kept by the server, not by the site."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

__all__ = ["Exchange", "Journal"]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request, and what it was answered with.

    ``with_session`` says whether the visitor's session came along; ``sec_fetch_site`` is None
    where the browser sent none. ``headers`` are the answer's, by lower-case name, those that come
    twice joined by a line feed; ``pattern`` is the URL pattern that answered, empty where none did.
    ``kind`` and ``body`` are those of a request that may change something, up to 64 KiB.
    """

    method: str
    path: str
    status: int
    with_session: bool
    sec_fetch_site: str | None
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    pattern: str = ""
    kind: str = ""
    body: bytes = b""

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
        self._forgotten = 0
        self._changed = threading.Condition()

    def add(self, exchange: Exchange) -> None:
        """Keep one exchange, and wake whoever waits for it."""
        with self._changed:
            self._exchanges.append(exchange)
            self._changed.notify_all()

    def forget(self) -> None:
        """Let go of what was kept: a state is over. Marks stay good, and find nothing of it."""
        with self._changed:
            self._forgotten += len(self._exchanges)
            self._exchanges.clear()

    def mark(self) -> int:
        """Return the place to look from."""
        with self._changed:
            return self._forgotten + len(self._exchanges)

    def since(self, mark: int) -> tuple[Exchange, ...]:
        """Return every exchange after ``mark``, in order of their answers."""
        with self._changed:
            return tuple(self._after(mark))

    def wait(
        self,
        mark: int,
        *,
        method: str,
        path: str,
        seconds: float,
        query: str = "",
    ) -> Exchange | None:
        """Wait for a matching exchange after ``mark``, the last one; None where none came in time.

        ``query`` is what the request's query must hold.
        """
        return self.wait_for(
            mark,
            lambda it: it.method == method and it.path == path and query in it.query,
            seconds,
        )

    def wait_for(
        self, mark: int, wanted: Callable[[Exchange], bool], seconds: float
    ) -> Exchange | None:
        """Wait for an exchange after ``mark`` that is ``wanted``, and return the last one."""

        def found() -> Exchange | None:
            return next((item for item in reversed(self._after(mark)) if wanted(item)), None)

        with self._changed:
            return self._changed.wait_for(found, timeout=seconds)

    def _after(self, mark: int) -> list[Exchange]:
        return self._exchanges[max(0, mark - self._forgotten) :]
