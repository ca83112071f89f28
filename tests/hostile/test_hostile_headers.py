"""Ten thousand hostile requests: no crash, and the reference's verdict on every one of them."""

from __future__ import annotations

import logging
from collections import Counter
from io import BytesIO
from typing import Any
from unittest.mock import Mock

import pytest
from django.core.handlers.asgi import ASGIHandler, ASGIRequest
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings

from tests.hostile.generate import Generator
from tests.hostile.reference import (
    CORS_HEADERS,
    CORS_METHODS,
    DOMAIN,
    READERS,
    SHOP,
    TOKEN_TRUSTED,
    TRUSTED,
    Expected,
    Request,
    expected,
)

SEED = 20_250_601
COUNT = 10_000

SETTINGS: dict[str, Any] = {
    "ROOT_URLCONF": "tests.hostile.site",
    "MIDDLEWARE": ["ringfence.middleware.RingfenceMiddleware"],
    "ALLOWED_HOSTS": [DOMAIN, f".{SHOP}"],
    "CSRF_TRUSTED_ORIGINS": list(TOKEN_TRUSTED),
    "RINGFENCE": {
        "csrf": {"trusted_origins": list(TRUSTED)},
        "cors": {
            "origins": list(READERS),
            "credentials": True,
            "methods": list(CORS_METHODS),
            "headers": list(CORS_HEADERS),
        },
        "csp": "strict",
    },
}


@pytest.fixture(scope="module")
def hostile() -> list[tuple[Request, Expected]]:
    return [(request, expected(request)) for request in Generator(SEED).requests(COUNT)]


@pytest.fixture(autouse=True)
def _quiet():
    """Records are made and dropped: printing thousands of refusals proves nothing."""
    loggers = [logging.getLogger(name) for name in ("django", "ringfence")]
    handler = logging.NullHandler()
    before = [logger.propagate for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.propagate = False
    yield
    for logger, propagate in zip(loggers, before, strict=True):
        logger.removeHandler(handler)
        logger.propagate = propagate


def environ_of(request: Request) -> dict[str, Any]:
    environ = {
        f"HTTP_{name.upper().replace('-', '_')}": value for name, value in request.headers.items()
    }
    return environ | {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": "/page/",
        "QUERY_STRING": "",
        "SERVER_NAME": DOMAIN,
        "SERVER_PORT": "443" if request.scheme == "https" else "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "192.0.2.1",
        "CONTENT_LENGTH": "0",
        "wsgi.url_scheme": request.scheme,
        "wsgi.input": BytesIO(),
    }


def disagreements(
    request: Request, wanted: Expected, django_request: Any, status: int, headers: dict[str, str]
) -> list[str]:
    """Return where the answer differs from the reference's."""
    found = []
    if status >= 500:
        found.append(f"status {status}")
    if wanted.status is not None and status != wanted.status:
        found.append(f"status {status}, wanted {wanted.status}")
    if (status == 400) is wanted.host_allowed:
        found.append(f"host allowed: {not wanted.host_allowed}")
    if wanted.host_allowed and request.method not in ("GET", "HEAD", "OPTIONS", "TRACE"):
        verdict = django_request._ringfence.csrf
        # Once Django's token check has spoken, its refusal takes the place of "token".
        outcome = verdict.outcome.value
        if type(verdict.reason).__name__ == "TokenRejected":
            outcome = "token"
        if outcome != wanted.csrf:
            found.append(f"CSRF {outcome}, wanted {wanted.csrf}")
    if not (request.is_preflight and wanted.status is None):
        answer = headers.get("access-control-allow-origin")
        if answer != wanted.cors_origin:
            found.append(f"CORS {answer!r}, wanted {wanted.cors_origin!r}")
        if answer is not None and headers.get("access-control-allow-credentials") != "true":
            found.append("CORS without the credentials")
    return [f"{line}: {request}" for line in found]


# The handler's signals look after database connections, whether a view uses one or not.
@pytest.mark.django_db
def test_wsgi(hostile: list[tuple[Request, Expected]]) -> None:
    wrong: list[str] = []
    answers: Counter[int] = Counter()
    with override_settings(**SETTINGS):
        handler = WSGIHandler()
        make = handler.request_class
        seen: list[Any] = []

        def recorded(environ):
            seen[:] = [make(environ)]
            return seen[0]

        handler.request_class = recorded
        for request, wanted in hostile:
            started = Mock()
            response = handler(environ_of(request), started)
            b"".join(response)
            response.close()
            line, pairs = started.call_args.args
            status = int(line.split()[0])
            headers = {name.lower(): value for name, value in pairs}
            answers[status] += 1
            wrong += disagreements(request, wanted, seen[0], status, headers)
    assert not wrong, f"{len(wrong)} disagreements:\n" + "\n".join(
        line[:600] for line in wrong[:20]
    )
    assert set(answers) <= {200, 204, 400, 403}, answers
    assert min(answers[200], answers[204], answers[400], answers[403]) >= 150, answers


async def test_asgi(hostile: list[tuple[Request, Expected]]) -> None:
    wrong: list[str] = []
    with override_settings(**SETTINGS):
        handler = ASGIHandler()
        for request, wanted in hostile[::4]:
            try:
                headers = [
                    (name.encode(), value.encode("latin-1"))
                    for name, value in request.headers.items()
                ]
            except UnicodeEncodeError:
                continue  # ASGI passes bytes: such a value cannot be sent
            scope = {
                "type": "http",
                "http_version": "1.1",
                "method": request.method,
                "scheme": request.scheme,
                "path": "/page-async/",
                "query_string": b"",
                "headers": headers,
                "client": ("192.0.2.1", 50000),
                "server": (DOMAIN, 443 if request.scheme == "https" else 80),
            }
            django_request = ASGIRequest(scope, BytesIO())
            response = await handler.get_response_async(django_request)
            found = {name.lower(): value for name, value in response.items()}
            wrong += disagreements(request, wanted, django_request, response.status_code, found)
    assert not wrong, f"{len(wrong)} disagreements:\n" + "\n".join(
        line[:600] for line in wrong[:20]
    )


def test_every_class_is_there_in_numbers(hostile: list[tuple[Request, Expected]]) -> None:
    """A generator of garbage alone would find everything refused, and prove nothing."""
    assert len(hostile) >= 10_000
    judged = [(request, wanted) for request, wanted in hostile if wanted.host_allowed]
    unsafe = [wanted.csrf for request, wanted in judged if request.method not in ("GET", "HEAD")]
    shares = Counter(unsafe)
    assert min(shares["allow"], shares["deny"], shares["token"]) >= 400, shares
    assert sum(not wanted.host_allowed for _, wanted in hostile) >= 500
    assert sum(wanted.cors_origin is not None for _, wanted in hostile) >= 500
    assert sum(bool(wanted.isolated) for _, wanted in hostile) >= 250
    preflights = [wanted.status for request, wanted in judged if request.is_preflight]
    assert min(preflights.count(204), preflights.count(403)) >= 150
    accepted_by_token = sum(wanted.csrf == "token" and wanted.status == 200 for _, wanted in judged)
    assert accepted_by_token >= 50
    allowed = sum(wanted.status in (200, 204) for _, wanted in hostile)
    assert 0.25 < allowed / len(hostile) < 0.75
    open_questions = sum(wanted.status is None for _, wanted in hostile)
    assert open_questions / len(hostile) < 0.05
