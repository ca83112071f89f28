"""A threaded WSGI server on loopback, over TLS or plain, which leaves nothing behind."""

from __future__ import annotations

import contextlib
import io
import socket
import ssl
import threading
from typing import TYPE_CHECKING, Any

import trustme
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from types import TracebackType
    from typing import Self

__all__ = ["LOOPBACK", "Authority", "Server"]

LOOPBACK = "127.0.0.1"


class Authority:
    """A certificate authority that lives as long as the run; only its own clients know it."""

    def __init__(self) -> None:
        self._ca = trustme.CA()

    def server_context(self, *hosts: str) -> ssl.SSLContext:
        """Return the TLS context of a server for all of ``hosts``."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._ca.issue_cert(*hosts).configure_cert(context)
        return context

    def client_context(self) -> ssl.SSLContext:
        """Return a context that trusts this authority and no other."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._ca.configure_trust(context)
        return context


class _Quiet(WSGIRequestHandler):
    """The journal keeps what came in; the user's terminal is for the verdicts."""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        pass

    def get_stderr(self) -> Any:
        # A browser that leaves a page breaks its connections; wsgiref would print each as a
        # traceback.
        return io.StringIO()


class _Server(ThreadedWSGIServer):
    """Knows its connections and threads, so that closing it ends them."""

    # Browsers hold connections open; a thread must not outlive the server for that.
    daemon_threads = True
    block_on_close = False

    def __init__(self, context: ssl.SSLContext | None) -> None:
        self._context = context
        self._open: dict[socket.socket, threading.Thread] = {}
        self._guard = threading.Lock()
        super().__init__((LOOPBACK, 0), _Quiet)
        if context is not None:
            # wsgiref derives wsgi.url_scheme from it.
            self.base_environ["HTTPS"] = "on"

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        # Headers and body are written apart: the second would wait for the first one's
        # acknowledgement, 40 ms on Linux (RFC 896; RFC 9293, section 3.7.4).
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._context is None:
            return connection, address
        # The handshake happens at the first read, in the connection's own thread: a browser opens
        # connections ahead of need and says nothing on them, which must not stop the next one.
        wrapped = self._context.wrap_socket(
            connection, server_side=True, do_handshake_on_connect=False
        )
        return wrapped, address

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        with self._guard:
            self._open[request] = threading.current_thread()
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self._guard:
                self._open.pop(request, None)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a browser breaks connections as it pleases."""

    def hang_up(self) -> None:
        """Break every open connection and wait for its thread."""
        with self._guard:
            still_open = list(self._open.items())
        for connection, _ in still_open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for _, thread in still_open:
            thread.join(timeout=5)


class Server:
    """Serve a WSGI application on a free port of loopback until the block is left.

    ``host`` is the name that its origin has; it answers to any. Over TLS with the certificates of
    ``authority``, or over plain HTTP where that is None. The application can be replaced between
    requests: assign :attr:`application`.
    """

    def __init__(
        self,
        host: str,
        authority: Authority | None,
        application: Callable[..., Any],
        *,
        also: Sequence[str] = (),
    ) -> None:
        self.host = host
        self.application = application
        self.scheme = "http" if authority is None else "https"
        self._server = _Server(None if authority is None else authority.server_context(host, *also))
        self._server.set_app(self._answer)
        self._thread = threading.Thread(
            target=self._server.serve_forever,
            kwargs={"poll_interval": 0.05},
            name=f"ringfence {self.scheme} {host}",
            daemon=True,
        )

    @property
    def port(self) -> int:
        """The port, chosen by the system."""
        return int(self._server.server_port)

    @property
    def origin(self) -> str:
        """The origin as a browser writes it."""
        return self.origin_of(self.host)

    def origin_of(self, host: str) -> str:
        """Return the origin of the server under another of its names."""
        return f"{self.scheme}://{host}:{self.port}"

    def _answer(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        return self.application(environ, start_response)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join(timeout=5)
        self._server.server_close()
        self._server.hang_up()
