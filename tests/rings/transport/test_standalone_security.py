"""Beside Django's own test-suite: no thread, hooks of subclasses, and nothing done twice."""

from __future__ import annotations

import asyncio
import threading

import pytest
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.utils.decorators import decorator_from_middleware

from ringfence.standalone.security import SecurityMiddleware

COOP = "Cross-Origin-Opener-Policy"


def view(request):
    return HttpResponse("x")


async def async_view(request):
    return HttpResponse("x")


def run(middleware, path="/x", *, secure=False, fenced=False):
    request = RequestFactory().get(path, secure=secure)
    if fenced:
        request._ringfence = object()
    response = middleware(request)
    return asyncio.run(response) if asyncio.iscoroutine(response) else response


@pytest.mark.parametrize("get_response", [view, async_view], ids=["sync", "async"])
def test_the_same_headers_sync_and_async(get_response):
    with override_settings(SECURE_HSTS_SECONDS=60, SECURE_HSTS_INCLUDE_SUBDOMAINS=True):
        response = run(SecurityMiddleware(get_response), secure=True)
    assert response.headers["Strict-Transport-Security"] == "max-age=60; includeSubDomains"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "same-origin"
    assert response.headers[COOP] == "same-origin"


@pytest.mark.parametrize("get_response", [view, async_view], ids=["sync", "async"])
@pytest.mark.parametrize(
    ("path", "secure", "status"),
    [("/x", False, 301), ("/health/", False, 200), ("/x", True, 200)],
)
def test_redirect(get_response, path, secure, status):
    with override_settings(SECURE_SSL_REDIRECT=True, SECURE_REDIRECT_EXEMPT=["^health/$"]):
        response = run(SecurityMiddleware(get_response), path, secure=secure)
    assert response.status_code == status
    if status == 301:
        assert response.headers["Location"] == "https://testserver/x"


class Where(SecurityMiddleware):
    """Tells in which thread the base class's hook ran, without overriding it."""

    @property
    def redirect(self):
        self.seen = threading.get_ident()
        return False

    @redirect.setter
    def redirect(self, value):
        pass


class Overriding(SecurityMiddleware):
    def process_response(self, request, response):
        self.seen = threading.get_ident()
        response = super().process_response(request, response)
        response.headers["X-Mine"] = "1"
        return response


@pytest.mark.parametrize(("cls", "hops"), [(Where, False), (Overriding, True)])
def test_only_a_subclass_with_a_hook_of_its_own_takes_a_thread(cls, hops):
    middleware = cls(async_view)

    async def main():
        request = RequestFactory().get("/")
        response = await middleware(request)
        return threading.get_ident(), response

    loop_thread, response = asyncio.run(main())
    assert (middleware.seen != loop_thread) is hops
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert ("X-Mine" in response.headers) is hops


def test_as_a_decorator():
    decorated = decorator_from_middleware(SecurityMiddleware)(view)
    assert decorated(RequestFactory().get("/")).headers["X-Content-Type-Options"] == "nosniff"


def test_attributes_are_djangos():
    with override_settings(SECURE_HSTS_SECONDS=7, SECURE_SSL_HOST="a.example"):
        middleware = SecurityMiddleware(view)
    assert middleware.sts_seconds == 7
    assert middleware.redirect_host == "a.example"
    middleware.sts_seconds = 8
    response = run(middleware, secure=True)
    assert response.headers["Strict-Transport-Security"] == "max-age=8"


@pytest.mark.parametrize("get_response", [view, async_view], ids=["sync", "async"])
@pytest.mark.parametrize(
    ("ringfence", "headers"),
    [
        pytest.param({}, set(), id="both rings on"),
        pytest.param({"transport": False}, {"Referrer-Policy"}, id="transport off"),
        pytest.param({"isolation": False}, {COOP}, id="isolation off"),
        pytest.param(
            {"transport": False, "isolation": False}, {"Referrer-Policy", COOP}, id="both off"
        ),
    ],
)
def test_beside_the_fence_it_does_what_the_fence_does_not(get_response, ringfence, headers):
    with override_settings(RINGFENCE=ringfence, SECURE_SSL_REDIRECT=True):
        response = run(SecurityMiddleware(get_response), secure=True, fenced=True)
        redirect = run(SecurityMiddleware(get_response), fenced=True)
    assert {name for name in ("Referrer-Policy", COOP) if name in response.headers} == headers
    assert (redirect.status_code == 301) is (ringfence.get("transport") is False)


def test_beside_the_fence_the_views_own_opener_policy_stays():
    def mine(request):
        return HttpResponse(headers={COOP: "unsafe-none"})

    with override_settings(RINGFENCE={"transport": False}):
        response = run(SecurityMiddleware(mine), fenced=True)
    assert response.headers[COOP] == "unsafe-none"
