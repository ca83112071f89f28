"""One loopback server for every host name: the lab's own site, and everybody else, who is evil."""

from __future__ import annotations

import socket
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import trustme

__all__ = ["SITE", "Server"]

#: The only host that is not evil.
SITE = "site.test"

_HERE = Path(__file__).parent

_EVIL_SCRIPT = b"pwn();"
_EVIL_STYLE = b":root{--evil:1}"
_EVIL_PAGE = b"<!doctype html><script>pwn()</script>"
_EVIL_IMAGE = b"<svg xmlns='http://www.w3.org/2000/svg' onload='pwn()' width='1' height='1'/>"


class Server:
    """Serves over HTTP and TLS until it is closed; ``documents`` maps numbers to pages."""

    def __init__(self) -> None:
        self.documents: dict[str, bytes] = {}
        handler = type("Handler", (_Handler,), {"server_of": self})
        self._plain = _Listener(("127.0.0.1", 0), handler)
        self._secure = _Listener(("127.0.0.1", 0), handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        trustme.CA().issue_cert("*.test").configure_cert(context)
        self._secure.socket = context.wrap_socket(
            self._secure.socket, server_side=True, do_handshake_on_connect=False
        )
        for listener in (self._plain, self._secure):
            threading.Thread(target=listener.serve_forever, daemon=True).start()

    @property
    def host_rules(self) -> str:
        """Every name leads here, whatever its port; HTTPS to where TLS is spoken."""
        plain, secure = self._plain.server_port, self._secure.server_port
        return f"MAP *:443 127.0.0.1:{secure}, MAP * 127.0.0.1:{plain}"

    def close(self) -> None:
        for listener in (self._plain, self._secure):
            listener.shutdown()
            listener.server_close()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a browser drops connections as it likes."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_of: Server

    def setup(self) -> None:
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def do_GET(self) -> None:
        host = self.headers.get("Host", "").partition(":")[0].lower()
        path = self.path.partition("?")[0]
        kind, body = self._site(path) if host == SITE else self._evil(path)
        self.send_response_only(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store" if path.startswith("/doc/") else "max-age=99")
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET  # noqa: N815 - the name is http.server's

    def _site(self, path: str) -> tuple[str, bytes]:
        if path.startswith("/doc/"):
            return "text/html; charset=utf-8", self.server_of.documents.get(path[5:], b"")
        if path.startswith("/.lab/"):
            name = path.removeprefix("/.lab/")
            if name in ("harness.js", "harness.html"):
                kind = "text/javascript" if name.endswith("js") else "text/html"
                return f"{kind}; charset=utf-8", (_HERE / name).read_bytes()
        return self._kind(path), b""

    def _evil(self, path: str) -> tuple[str, bytes]:
        kind = self._kind(path)
        return kind, {
            "text/javascript": _EVIL_SCRIPT,
            "text/css": _EVIL_STYLE,
            "text/html": _EVIL_PAGE,
            "image/svg+xml": _EVIL_IMAGE,
        }[kind]

    def _kind(self, path: str) -> str:
        """What is asked for, by the path's ending or by what the browser accepts."""
        accept = self.headers.get("Accept", "")
        if "text/html" in accept:
            return "text/html"
        if accept.startswith("text/css") or path.endswith(".css"):
            return "text/css"
        if accept.startswith("image/"):
            return "image/svg+xml"
        if path.endswith((".html", "/")):
            return "text/html"
        return "text/javascript"

    def log_message(self, *args: Any) -> None:
        """Nobody reads a log of the lab's own requests."""
