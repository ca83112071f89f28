"""The attacker's site: serves one page for each attack and keeps what the page sends home.

One server over TLS has all of the attacker's names, the look-alikes of the victim's among them; one
over plain HTTP answers in the victim's own name, as somebody on the network would.
"""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ringfence.sandbox.server import Authority, Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import TracebackType
    from typing import Self

    from ringfence.sandbox.names import Names

__all__ = ["AttackerSite"]

_COLLECT = "/collect/"
_PAGE = "/page/"
_MOST_COLLECTED = 4 << 20


@dataclass(frozen=True, slots=True)
class _Page:
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class AttackerSite:
    """Sites that are not the victim's.

    Pages are given as HTML; a page sends what it stole to ``/collect/<id>``. Whatever is asked for
    is noted, with its query and its headers: some attacks are won by being asked.
    """

    def __init__(self, authority: Authority, names: Names) -> None:
        self._names = names
        self._secure = Server(names.attacker, authority, self._answer, also=names.of_attacker[1:])
        self._plain = Server(names.victim, None, self._answer)
        self._pages: dict[str, _Page] = {}
        self._collected: dict[str, str] = {}
        self._asked: list[Mapping[str, str]] = []
        self._changed = threading.Condition()

    @property
    def origin(self) -> str:
        """The attacker's origin."""
        return self._secure.origin

    @property
    def port(self) -> int:
        """The attacker's port."""
        return self._secure.port

    def origin_of(self, kind: str) -> str:
        """Return an origin of the attacker's by its kind.

        ``attacker``, ``sibling``, ``suffixed``, ``prefixed`` (see :class:`Names`) over TLS, and
        ``downgraded``, the victim's own host over plain HTTP; ``plain``, the attacker's over it.
        """
        if kind == "downgraded":
            return self._plain.origin
        if kind == "plain":
            return self._plain.origin_of(self._names.attacker)
        return self._secure.origin_of(str(getattr(self._names, kind)))

    def page(self, name: str, html: str, headers: Mapping[str, str] | None = None) -> str:
        """Serve ``html`` and return its URL."""
        self._pages[name] = _Page(html.encode(), headers or {})
        return f"{self.origin}{_PAGE}{name}"

    def page_of(self, kind: str, name: str) -> str:
        """Return the URL of a page under another of the attacker's origins."""
        return f"{self.origin_of(kind)}{_PAGE}{name}"

    def new_address(self) -> str:
        """Return an address of the attacker's that nobody has asked for yet."""
        return f"{self.origin}/asked/{secrets.token_hex(8)}"

    def collect_url(self, name: str) -> str:
        """Return the address that the page of that name sends its loot to."""
        return f"{_COLLECT}{name}"

    def collected(self, name: str, seconds: float) -> str | None:
        """Wait for what the page of that name sent home; None where nothing came in time."""
        with self._changed:
            return self._changed.wait_for(lambda: self._collected.get(name), timeout=seconds)

    def asked_for(self, text: str) -> Mapping[str, str] | None:
        """Return the first request whose address or ``Referer`` holds ``text``, None for none.

        A mapping of ``url`` (path and query), ``host``, ``referer``, ``method``, ``cookie`` and
        ``scheme``.
        """
        with self._changed:
            return self._found(text)

    def waits_for(self, text: str, seconds: float) -> Mapping[str, str] | None:
        """Wait for a request as :meth:`asked_for` describes it; None where none came in time."""
        with self._changed:
            return self._changed.wait_for(lambda: self._found(text), timeout=seconds)

    def _found(self, text: str) -> Mapping[str, str] | None:
        return next(
            (each for each in self._asked if text in each["url"] or text in each["referer"]), None
        )

    def _answer(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        path: str = environ["PATH_INFO"]
        method: str = environ["REQUEST_METHOD"]
        with self._changed:
            self._asked.append(
                {
                    "url": f"{path}?{environ.get('QUERY_STRING', '')}",
                    "host": environ.get("HTTP_HOST", ""),
                    "referer": environ.get("HTTP_REFERER", ""),
                    "method": method,
                    "cookie": environ.get("HTTP_COOKIE", ""),
                    "scheme": environ["wsgi.url_scheme"],
                }
            )
            self._changed.notify_all()
        if path.startswith(_COLLECT) and method == "POST":
            length = min(int(environ.get("CONTENT_LENGTH") or 0), _MOST_COLLECTED)
            body = environ["wsgi.input"].read(length).decode("utf-8", "replace")
            with self._changed:
                self._collected[path.removeprefix(_COLLECT)] = body
                self._changed.notify_all()
            return _respond(start_response, "200 OK", _Page(b""))
        page = self._pages.get(path.removeprefix(_PAGE))
        if page is None:
            return _respond(start_response, "404 Not Found", _Page(b""))
        return _respond(start_response, "200 OK", page)

    def __enter__(self) -> Self:
        self._secure.__enter__()
        self._plain.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._plain.__exit__(kind, error, traceback)
        self._secure.__exit__(kind, error, traceback)


def _respond(start_response: Callable[..., Any], status: str, page: _Page) -> list[bytes]:
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": str(len(page.body)),
        "Cache-Control": "no-store",
        # The attacker's own pages, under whichever name, may tell the attacker what they found.
        "Access-Control-Allow-Origin": "*",
        **page.headers,
    }
    start_response(status, list(headers.items()))
    return [page.body]
