"""The attacker's site: serves one page for each attack and keeps what the page sends home."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from ringfence.sandbox.server import Authority, TlsServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType
    from typing import Self

__all__ = ["ATTACKER_HOST", "AttackerSite"]

#: ``.test`` is reserved (RFC 6761, section 6.2), so no registrable domain of the site's own can
#: share it: whatever comes from here is cross-site to the victim.
ATTACKER_HOST = "attacker.test"

_COLLECT = "/collect/"
_PAGE = "/page/"


class AttackerSite:
    """A site on another site than the victim's.

    Pages are given as HTML; a page sends what it stole to ``/collect/<id>``.
    """

    def __init__(self, authority: Authority) -> None:
        self._server = TlsServer(ATTACKER_HOST, authority, self._answer)
        self._pages: dict[str, str] = {}
        self._collected: dict[str, str] = {}
        self._changed = threading.Condition()

    @property
    def origin(self) -> str:
        """The attacker's origin."""
        return self._server.origin

    @property
    def port(self) -> int:
        """The attacker's port."""
        return self._server.port

    def page(self, name: str, html: str) -> str:
        """Serve ``html`` and return its URL."""
        self._pages[name] = html
        return f"{self.origin}{_PAGE}{name}"

    def collect_url(self, name: str) -> str:
        """Return the address that the page of that name sends its loot to."""
        return f"{_COLLECT}{name}"

    def collected(self, name: str, seconds: float) -> str | None:
        """Wait for what the page of that name sent home; None where nothing came in time."""
        with self._changed:
            return self._changed.wait_for(lambda: self._collected.get(name), timeout=seconds)

    def _answer(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        path: str = environ["PATH_INFO"]
        if path.startswith(_COLLECT) and environ["REQUEST_METHOD"] == "POST":
            length = int(environ.get("CONTENT_LENGTH") or 0)
            body = environ["wsgi.input"].read(length).decode("utf-8", "replace")
            with self._changed:
                self._collected[path.removeprefix(_COLLECT)] = body
                self._changed.notify_all()
            return _respond(start_response, "200 OK", b"")
        html = self._pages.get(path.removeprefix(_PAGE))
        if html is None:
            return _respond(start_response, "404 Not Found", b"")
        return _respond(start_response, "200 OK", html.encode())

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.__exit__(kind, error, traceback)


def _respond(start_response: Callable[..., Any], status: str, body: bytes) -> Iterable[bytes]:
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
    ]
    start_response(status, headers)
    return [body]
