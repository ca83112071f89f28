"""Real servers over real sockets, and a client that writes its headers' bytes itself."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import uvicorn
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler

_TIMEOUT = 20


class _Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        """Say nothing."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@contextmanager
def wsgi_server() -> Iterator[int]:
    """Serve the current settings by wsgiref; yields the port."""
    server = _Server(("127.0.0.1", 0), _Quiet)
    server.set_app(WSGIHandler())
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join(_TIMEOUT)
        server.server_close()


@contextmanager
def asgi_server() -> Iterator[int]:
    """Serve the current settings by uvicorn; yields the port."""
    config = uvicorn.Config(
        ASGIHandler(), port=0, lifespan="off", log_config=None, http="h11", ws="none"
    )
    server = uvicorn.Server(config)
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    deadline = time.monotonic() + _TIMEOUT
    while not server.started:
        assert thread.is_alive(), "uvicorn did not start"
        assert time.monotonic() < deadline, "uvicorn did not start in time"
        thread.join(0.01)
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(_TIMEOUT)
        listener.close()


SERVERS = {"wsgi": wsgi_server, "asgi": asgi_server}


def status_of(port: int, method: str, path: str, headers: Iterable[tuple[str, str]]) -> int:
    """Send one request, every header on a line of its own, and return the answer's status."""
    lines = [f"{method} {path} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in headers]
    lines += ["Content-Length: 0", "Connection: close", "", ""]
    with socket.create_connection(("127.0.0.1", port), timeout=_TIMEOUT) as connection:
        connection.sendall("\r\n".join(lines).encode("latin-1"))
        answer = b""
        while chunk := connection.recv(65536):
            answer += chunk
    version, _, rest = answer.partition(b" ")
    assert version.startswith(b"HTTP/1."), answer[:200]
    return int(rest[:3])
