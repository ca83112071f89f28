"""Sites on loopback that answer as a test says, over http or TLS, and what is found in them."""

from __future__ import annotations

import http.server
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import trustme

from ringfence.audit.collect.live.survey import Surveyed, survey
from ringfence.audit.collect.live.wire import Target
from ringfence.audit.model import Live, Project
from ringfence.audit.report import run_rules
from ringfence.audit.rules import all_rules

HTML = ("Content-Type", "text/html; charset=utf-8")
RULES = [rule for rule in all_rules() if rule.source == "live"]


class Answer(NamedTuple):
    status: int = 404
    headers: tuple = (HTML,)
    body: str | bytes = "<title>Not found</title>"


class Site(NamedTuple):
    """A running server; ``asked`` are the requests that reached it: method and path."""

    port: int
    asked: list


@contextmanager
def serving(answer: Callable, context: ssl.SSLContext | None = None) -> Iterator[Site]:
    """Serve ``answer(handler)`` until the block is left."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append((self.command, self.path))
            given = answer(self)
            if given is None:  # it has answered by itself
                return
            body = given.body.encode() if isinstance(given.body, str) else given.body
            self.send_response_only(given.status)
            for name, value in given.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_OPTIONS = do_TRACE = do_GET  # noqa: N815 - names of the base class

        def log_message(self, *args):
            pass

    class Server(http.server.ThreadingHTTPServer):
        def finish_request(self, request, client_address):
            if context is not None:
                request = context.wrap_socket(request, server_side=True)
            with request:
                super().finish_request(request, client_address)

        def handle_error(self, request, client_address):
            """Clients that hang up are what is tested."""

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield Site(server.server_port, asked)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Authority:
    """Certificates, and a client that trusts them."""

    def __init__(self):
        self.ca = trustme.CA()
        self.trust = ssl.create_default_context()
        self.ca.configure_trust(self.trust)

    def server(self, *names, **issued) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.ca.issue_cert(*names, **issued).configure_cert(context)
        return context


def asked(site: Site, *paths: str, trust=None, host="shop.example") -> Surveyed:
    """Ask a server on loopback as if it were ``host``."""
    scheme = "https" if trust else "http"
    return survey(Target(scheme, host, site.port, "127.0.0.1", trust), paths or ("/",))


def hits(live: Live) -> list:
    """Return all findings in what a site answered."""
    report = run_rules(Project(live=[live]), rules=RULES)
    assert report.unasked == {}
    return list(report.findings)


def codes(live: Live) -> set[str]:
    return {finding.code for finding in hits(live)}
