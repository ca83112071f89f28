"""The servers of the sandbox: TLS on loopback, and nothing left when they are closed."""

from __future__ import annotations

import http.client
import threading

import pytest

# The certificates' maker comes with the extra that brings the browser.
pytestmark = pytest.mark.browser


def hello(environ, start_response):
    start_response("200 OK", [("Content-Length", "5"), ("X-Scheme", environ["wsgi.url_scheme"])])
    return [b"hello"]


def connect(server, authority):
    context = authority.client_context()
    context.check_hostname = False
    return http.client.HTTPSConnection("127.0.0.1", server.port, context=context, timeout=10)


def get(connection, path="/"):
    connection.request("GET", path)
    response = connection.getresponse()
    return response.status, response.read().decode(), response.headers


def test_serves_https_and_ends_every_thread_and_connection():
    from ringfence.sandbox.server import Authority, Server

    before = set(threading.enumerate())
    authority = Authority()
    with Server("victim.localhost", authority, hello) as server:
        assert server.origin == f"https://victim.localhost:{server.port}"
        kept_open, silent = connect(server, authority), connect(server, authority)
        status, body, headers = get(kept_open)
        assert (status, body, headers["X-Scheme"]) == (200, "hello", "https")
        # A connection on which the browser says nothing keeps nobody else waiting.
        silent.connect()
        assert get(kept_open)[1] == "hello"
    assert set(threading.enumerate()) == before
    with pytest.raises(ConnectionRefusedError):
        connect(server, authority).connect()
    kept_open.close()
    silent.close()


def test_listens_on_loopback_only():
    from ringfence.sandbox.server import Authority, Server

    with Server("victim.localhost", Authority(), hello) as server:
        assert server._server.server_address[0] == "127.0.0.1"


def test_the_attackers_site_serves_pages_and_collects():
    from ringfence.sandbox.attacker import AttackerSite
    from ringfence.sandbox.names import Names
    from ringfence.sandbox.server import Authority

    authority = Authority()
    with AttackerSite(authority, Names("victim.localhost")) as attacker:
        url = attacker.page("one", "<h1>é</h1>")
        path = url.removeprefix(attacker.origin)
        connection = connect(attacker, authority)
        assert get(connection, path)[:2] == (200, "<h1>é</h1>")
        assert get(connection, "/page/two")[0] == 404
        connection.request("POST", attacker.collect_url("one"), body="loot")
        connection.getresponse().read()
        assert attacker.collected("one", seconds=5) == "loot"
        assert attacker.collected("two", seconds=0) is None
        connection.close()
