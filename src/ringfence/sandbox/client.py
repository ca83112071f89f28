"""Ask the site without a browser: for looking around, and for what no browser has a say in."""

from __future__ import annotations

import contextlib
import http.client
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ringfence.sandbox.server import LOOPBACK

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping

__all__ = ["Answer", "Client"]

_SECONDS = 20.0
_MOST = 16 << 20


@dataclass(frozen=True, slots=True)
class Answer:
    """What the site answered.

    ``headers`` are by lower-case name, those that come twice joined by a line feed; ``error`` is
    empty unless there was no answer. ``written`` holds the numbers that are followed in it, as the
    site wrote them: each tells what is written, and by which place.
    """

    status: int
    headers: Mapping[str, str]
    text: str
    error: str = ""
    written: frozenset[str] = frozenset()

    @property
    def kind(self) -> str:
        """The content type, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def is_html(self) -> bool:
        """Whether a browser shows it as a document with markup."""
        return self.kind in ("text/html", "application/xhtml+xml")


class Client:
    """One connection to the server at ``port``, made again where it broke. Not for two threads."""

    def __init__(self, port: int, trust: ssl.SSLContext) -> None:
        self._port = port
        self._trust = trust
        self._connection: http.client.HTTPSConnection | None = None

    def ask(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes = b""
    ) -> Answer:
        """Send one request and return the answer. ``target`` is a path with its query."""
        for again in (True, False):
            try:
                return self._ask(method, target, headers, body)
            except (OSError, http.client.HTTPException) as error:
                self.close()
                # A connection that was kept open may have been closed by the other end.
                if not again or isinstance(error, TimeoutError):
                    return Answer(0, {}, "", f"no answer: {error!r}")
        raise AssertionError("The second try returns.")

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            with contextlib.suppress(OSError):
                self._connection.close()
            self._connection = None

    def _ask(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        connection = self._connection
        if connection is None:
            connection = self._connection = http.client.HTTPSConnection(
                LOOPBACK, self._port, timeout=_SECONDS, context=self._trust
            )
        connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value.encode("latin-1", "replace"))
        if body or method in ("POST", "PUT", "PATCH"):
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body or None)
        response = connection.getresponse()
        text = response.read(_MOST).decode("utf-8", "replace")
        joined: dict[str, str] = {}
        for name, value in response.getheaders():
            lower = name.lower()
            joined[lower] = f"{joined[lower]}\n{value}" if lower in joined else value
        if response.will_close or not response.isclosed():
            self.close()
        return Answer(response.status, joined, text)
