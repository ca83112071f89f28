"""CorsMiddleware answers as django-cors-headers' own does: settings by requests, side by side."""

from __future__ import annotations

import asyncio
import itertools
import re

import pytest
from asgiref.sync import iscoroutinefunction
from corsheaders.middleware import CorsMiddleware as Theirs
from corsheaders.signals import check_request_enabled as their_signal
from django.core.handlers.asgi import ASGIRequest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.test import RequestFactory, override_settings

from ringfence.signals import check_request_enabled as our_signal
from ringfence.standalone.cors import CorsMiddleware as Ours

A = "https://a.example"

SETTINGS = {
    "nothing": {},
    "a list": {"CORS_ALLOWED_ORIGINS": [A, "http://localhost:3000"]},
    "the older list": {"CORS_ORIGIN_WHITELIST": (A,)},
    "both lists": {"CORS_ALLOWED_ORIGINS": [], "CORS_ORIGIN_WHITELIST": [A]},
    "a path behind": {"CORS_ALLOWED_ORIGINS": [f"{A}/path"]},
    "capitals": {"CORS_ALLOWED_ORIGINS": ["HTTPS://A.example"]},
    "default port": {"CORS_ALLOWED_ORIGINS": [f"{A}:443"]},
    "a wildcard": {"CORS_ALLOWED_ORIGINS": ["https://*.a.example"]},
    "null": {"CORS_ALLOWED_ORIGINS": ["null"]},
    "file": {"CORS_ALLOWED_ORIGINS": ["file://"]},
    "no scheme": {"CORS_ALLOWED_ORIGINS": ["a.example"]},
    "all": {"CORS_ALLOW_ALL_ORIGINS": True},
    "all, older": {"CORS_ORIGIN_ALLOW_ALL": True},
    "all, credentials": {"CORS_ALLOW_ALL_ORIGINS": True, "CORS_ALLOW_CREDENTIALS": True},
    "credentials": {"CORS_ALLOWED_ORIGINS": [A], "CORS_ALLOW_CREDENTIALS": True},
    "a regex": {"CORS_ALLOWED_ORIGIN_REGEXES": [r"^https://\w+\.example$"]},
    "a prefix": {"CORS_ALLOWED_ORIGIN_REGEXES": [r"https://\w+\.example"]},
    "a compiled regex": {"CORS_ALLOWED_ORIGIN_REGEXES": [re.compile("(?i)^HTTPS://A")]},
    "older regexes": {"CORS_ORIGIN_REGEX_WHITELIST": [r"^https://a"]},
    "URLs": {"CORS_ALLOWED_ORIGINS": [A], "CORS_URLS_REGEX": r"^/api/"},
    "compiled URLs": {
        "CORS_ALLOWED_ORIGINS": [A],
        "CORS_URLS_REGEX": re.compile(r"^/API/", re.IGNORECASE),
    },
    "headers": {
        "CORS_ALLOWED_ORIGINS": [A],
        "CORS_ALLOW_HEADERS": ["X-One", "x-two"],
        "CORS_ALLOW_METHODS": ("GET", "patch"),
        "CORS_EXPOSE_HEADERS": ["X-Total"],
        "CORS_PREFLIGHT_MAX_AGE": 60,
    },
    "no max age": {"CORS_ALLOW_ALL_ORIGINS": True, "CORS_PREFLIGHT_MAX_AGE": 0},
    "private network": {"CORS_ALLOWED_ORIGINS": [A], "CORS_ALLOW_PRIVATE_NETWORK": True},
}

ORIGINS = [
    None,
    "",
    A,
    "https://a.example.evil.example",
    "https://evil.example",
    "http://a.example",
    "HTTPS://A.EXAMPLE",
    "https://a.example:443",
    "https://a.example/path",
    "https://b.a.example",
    "http://localhost:3000",
    "null",
    "file://",
    "garbage",
    "https://a.example]",
]
ASKS = [
    ("get", {}),
    ("post", {}),
    ("options", {}),
    ("options", {"HTTP_ACCESS_CONTROL_REQUEST_METHOD": "PUT"}),
    (
        "options",
        {
            "HTTP_ACCESS_CONTROL_REQUEST_METHOD": "",
            "HTTP_ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK": "true",
        },
    ),
]
PATHS = ["/", "/api/x", "/x%0a"]


def request_of(method: str, path: str, origin: str | None, extra: dict[str, str]) -> WSGIRequest:
    headers = dict(extra) if origin is None else {**extra, "HTTP_ORIGIN": origin}
    return getattr(RequestFactory(), method)(path, **headers)


def view(request):
    response = HttpResponse("answered", status=404 if request.path == "/" else 200)
    response["Vary"] = "Cookie"
    return response


def seen(response: HttpResponse) -> tuple[int, bytes, list[tuple[str, str]]]:
    return response.status_code, response.content, sorted(response.items())


@pytest.mark.parametrize("configured", SETTINGS.values(), ids=SETTINGS)
def test_the_same_answers(configured):
    with override_settings(**configured):
        ours, theirs = Ours(view), Theirs(view)
        for (method, extra), path, origin in itertools.product(ASKS, PATHS, ORIGINS):
            mine = seen(ours(request_of(method, path, origin, extra)))
            its = seen(theirs(request_of(method, path, origin, extra)))
            assert mine == its, (method, extra, path, origin)


@pytest.mark.parametrize("configured", SETTINGS.values(), ids=SETTINGS)
def test_the_same_answers_in_an_event_loop(configured):
    async def aview(request):
        return view(request)

    async def both(origin, method):
        scope = {
            "type": "http",
            "method": method,
            "path": "/api/x",
            "query_string": b"",
            "headers": [(b"origin", origin.encode()), (b"access-control-request-method", b"PUT")],
        }
        return [seen(await kind(aview)(ASGIRequest(scope, None))) for kind in (Ours, Theirs)]

    with override_settings(**configured):
        for origin, method in itertools.product(filter(None, ORIGINS), ("GET", "OPTIONS")):
            mine, its = asyncio.run(both(origin, method))
            assert mine == its, (origin, method)


def test_shape():
    async def aview(request):
        return view(request)

    assert (Ours.sync_capable, Ours.async_capable) == (True, True)
    assert iscoroutinefunction(Ours(aview))
    assert not iscoroutinefunction(Ours(view))
    public = {name for name in dir(Theirs) if not name.startswith("__")}
    assert public <= set(dir(Ours))


@pytest.mark.parametrize("signal", [our_signal, their_signal], ids=["ours", "theirs"])
def test_a_receiver_allows_and_is_asked_once(signal):
    asked = []

    def receiver(sender, request, **kwargs):
        asked.append(request.path)
        return True

    signal.connect(receiver)
    try:
        response = Ours(view)(request_of("get", "/", "https://b.example", {}))
    finally:
        signal.disconnect(receiver)
    assert response["access-control-allow-origin"] == "https://b.example"
    assert asked == ["/"]


def test_a_receiver_turns_cors_on_outside_of_the_urls():
    def receiver(sender, request, **kwargs):
        return True

    our_signal.connect(receiver)
    try:
        with override_settings(CORS_URLS_REGEX="^/api/"):
            request = request_of("get", "/", A, {})
            response = Ours(view)(request)
    finally:
        our_signal.disconnect(receiver)
    assert response["access-control-allow-origin"] == A
    assert request._cors_enabled is True


@override_settings(CORS_ALLOW_ALL_ORIGINS=True)
def test_it_does_nothing_beside_the_fence():
    request = request_of("get", "/", A, {})
    request._ringfence = object()
    response = Ours(view)(request)
    assert "access-control-allow-origin" not in response
    assert response["Vary"] == "Cookie"


@override_settings(CORS_ALLOW_ALL_ORIGINS=True)
def test_a_subclass_keeps_its_hooks():
    class Closed(Ours):
        def is_enabled(self, request):
            return False

    assert "access-control-allow-origin" not in Closed(view)(request_of("get", "/", A, {}))


def test_settings_are_read_live_and_parsed_once(monkeypatch):
    from ringfence.standalone import cors

    parsed = []
    real = cors._compared
    monkeypatch.setattr(cors, "_compared", lambda origin: parsed.append(origin) or real(origin))
    middleware = Ours(view)
    many = [f"https://a{number}.example" for number in range(500)]
    with override_settings(CORS_ALLOWED_ORIGINS=many):
        for _ in range(3):
            response = middleware(request_of("get", "/", many[-1], {}))
            assert response["access-control-allow-origin"] == many[-1]
        assert len(parsed) == 500
        with override_settings(CORS_ALLOWED_ORIGINS=[A]):
            response = middleware(request_of("get", "/", many[-1], {}))
            assert "access-control-allow-origin" not in response
        response = middleware(request_of("get", "/", many[-1], {}))
        assert response["access-control-allow-origin"] == many[-1]
