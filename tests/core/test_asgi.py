"""WebSocket handshakes: who reaches the application that ``protect`` wraps."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from ringfence.asgi import protect
from ringfence.signals import request_refused
from tests.core.support import FOREIGN, site

REFUSED = [{"type": "websocket.close", "code": 1008}]
TRUSTED, TOKEN_TRUSTED = "https://trusted.example", "https://legacy.example"
PROXY = {"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")}

#: headers (None: left out), scheme, settings, whether the application is reached
HANDSHAKES = {
    "own origin": ({"origin": "https://testserver"}, "wss", {}, True),
    "own origin, ws": ({"origin": "http://testserver"}, "ws", {}, True),
    "own origin, metadata": (
        {"origin": "https://testserver", "sec-fetch-site": "same-origin"},
        "wss",
        {},
        True,
    ),
    "own host, another scheme": ({"origin": "http://testserver"}, "wss", {}, False),
    "own host, another port": ({"origin": "https://testserver:8443"}, "wss", {}, False),
    "a port in both": (
        {"origin": "https://testserver:8443", "host": "testserver:8443"},
        "wss",
        {},
        True,
    ),
    "foreign": ({"origin": FOREIGN}, "wss", {}, False),
    "foreign, metadata": ({"origin": FOREIGN, "sec-fetch-site": "cross-site"}, "wss", {}, False),
    "foreign, claims to be same": (
        {"origin": FOREIGN, "sec-fetch-site": "same-origin"},
        "wss",
        {},
        False,
    ),
    "a sibling": ({"origin": "https://a.testserver"}, "wss", {}, False),
    "our name as a prefix": ({"origin": "https://testserver.evil.example"}, "wss", {}, False),
    "null": ({"origin": "null"}, "wss", {}, False),
    "null, metadata": ({"origin": "null", "sec-fetch-site": "cross-site"}, "wss", {}, False),
    "malformed": ({"origin": "https://testserver/"}, "wss", {}, False),
    "empty": ({"origin": ""}, "wss", {}, False),
    "missing": ({}, "wss", {}, False),
    "missing, cross-site": ({"sec-fetch-site": "cross-site"}, "wss", {}, False),
    "missing, same-origin": ({"sec-fetch-site": "same-origin"}, "wss", {}, False),
    "trusted": ({"origin": TRUSTED}, "wss", {}, True),
    "trusted, metadata": ({"origin": TRUSTED, "sec-fetch-site": "cross-site"}, "wss", {}, True),
    "CSRF_TRUSTED_ORIGINS": ({"origin": TOKEN_TRUSTED}, "wss", {}, False),
    "CSRF_TRUSTED_ORIGINS, metadata": (
        {"origin": TOKEN_TRUSTED, "sec-fetch-site": "cross-site"},
        "wss",
        {},
        False,
    ),
    "bad host": ({"origin": "https://evil.example", "host": "evil.example"}, "wss", {}, False),
    "no host": ({"origin": "https://testserver", "host": None}, "wss", {}, False),
    "behind a proxy": (
        {"origin": "https://testserver", "x-forwarded-proto": "https"},
        "ws",
        PROXY,
        True,
    ),
    "behind a proxy, http": (
        {"origin": "https://testserver", "x-forwarded-proto": "http"},
        "ws",
        PROXY,
        False,
    ),
    "a proxy that nobody named": (
        {"origin": "https://testserver", "x-forwarded-proto": "https"},
        "ws",
        {},
        False,
    ),
    "the host behind a proxy": (
        {"origin": "https://www.example.com", "x-forwarded-host": "www.example.com"},
        "wss",
        {"USE_X_FORWARDED_HOST": True},
        True,
    ),
    "a host that nobody asked for": (
        {"origin": "https://www.example.com", "x-forwarded-host": "www.example.com"},
        "wss",
        {},
        False,
    ),
    "two origins": ({"origin": "https://testserver, https://testserver"}, "wss", {}, False),
    "the ring is off": ({"origin": FOREIGN}, "wss", {"RINGFENCE": {"csrf": False}}, True),
}


def scope_of(headers, scheme="wss", **more):
    headers = {"host": "testserver"} | headers
    return {
        "type": "websocket",
        "scheme": scheme,
        "path": "/ws/",
        "raw_path": b"/ws/",
        "query_string": b"",
        "root_path": "",
        "headers": [(k.encode(), v.encode("latin-1")) for k, v in headers.items() if v is not None],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 443),
        "subprotocols": ["chat"],
        **more,
    }


class Inner:
    """Remembers what reached it."""

    def __init__(self):
        self.scopes = []

    async def __call__(self, scope, receive, send):
        self.scopes.append(scope)
        await send({"type": "websocket.accept", "subprotocol": "chat"})


async def shake(scope, **options):
    """Return what was sent, and the scopes that reached the application."""
    inner, sent = Inner(), []

    async def send(message):
        sent.append(message)

    async def receive():
        return {"type": "websocket.connect"}

    await protect(inner, **options)(scope, receive, send)
    return sent, inner.scopes


def settings(**more):
    return (
        site(
            {"csrf": {"trusted_origins": [TRUSTED]}},
            CSRF_TRUSTED_ORIGINS=[TOKEN_TRUSTED],
        )
        | more
    )


@pytest.mark.parametrize("name", HANDSHAKES)
async def test_handshake(name) -> None:
    headers, scheme, more, expected = HANDSHAKES[name]
    scope = scope_of(headers, scheme)
    with override_settings(**settings(**more)):
        sent, reached = await shake(scope)
    if expected:
        assert reached == [scope]
        assert reached[0] is scope
        assert sent == [{"type": "websocket.accept", "subprotocol": "chat"}]
    else:
        assert reached == []
        assert sent == REFUSED


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, True),
        ({"origin": FOREIGN}, False),
        ({"origin": "null"}, False),
        ({"origin": ""}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"origin": "https://testserver"}, True),
        ({"host": "evil.example"}, False),
    ],
    ids=str,
)
async def test_clients_that_are_no_browsers(headers, expected) -> None:
    with override_settings(**settings()):
        _, reached = await shake(scope_of(headers), dangerously_allow_missing_origin=True)
    assert bool(reached) is expected


@pytest.mark.parametrize("fallback", ["token", "deny", "dangerously_allow"])
async def test_the_fallback_of_http_opens_no_socket(fallback) -> None:
    with override_settings(**site({"csrf": {"fallback": fallback}})):
        sent, reached = await shake(scope_of({}))
    assert (sent, reached) == (REFUSED, [])


async def test_a_host_that_came_twice() -> None:
    scope = scope_of({"origin": "https://testserver"})
    scope["headers"].append((b"host", b"evil.example"))
    with override_settings(**settings()):
        assert await shake(scope) == (REFUSED, [])


@pytest.mark.parametrize("kind", ["http", "lifespan"])
async def test_what_is_no_websocket_passes_through(kind) -> None:
    scope = scope_of({"origin": FOREIGN}) | {"type": kind}
    with override_settings(**settings()):
        _, reached = await shake(scope)
    assert reached[0] is scope


async def test_the_refusal_is_told(caplog) -> None:
    told = []

    async def listen(sender, request, reason, report_only, **kwargs):
        told.append((sender, type(reason).__name__, report_only))

    request_refused.connect(listen)
    try:
        with override_settings(**settings()):
            await shake(scope_of({"origin": FOREIGN}, path="/ws/\r\nforged"))
    finally:
        request_refused.disconnect(listen)
    assert told == [("csrf", "OriginMismatch", False)]
    [record] = [r for r in caplog.records if r.name == "django.security.csrf"]
    assert type(record.reason).__name__ == "OriginMismatch"
    assert "\n" not in record.getMessage()


async def test_a_receiver_that_raises_admits_nobody() -> None:
    def broken(**kwargs):
        raise RuntimeError("broken receiver")

    request_refused.connect(broken)
    try:
        with override_settings(**settings()):
            assert await shake(scope_of({"origin": FOREIGN})) == (REFUSED, [])
    finally:
        request_refused.disconnect(broken)


def test_a_refused_configuration_protects_nothing() -> None:
    refused = override_settings(**site({"csrf": {"fallback": "nope"}}))
    with refused, pytest.raises(ImproperlyConfigured, match="CSRF002"):
        protect(Inner())
