"""Beside Django's own test-suite: no thread, hooks of subclasses, and nothing done twice."""

from __future__ import annotations

import asyncio
import threading

import pytest
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.utils.decorators import decorator_from_middleware
from django.views.decorators.clickjacking import xframe_options_exempt

from ringfence.standalone.clickjacking import XFrameOptionsMiddleware

XFO = "X-Frame-Options"


def view(request):
    return HttpResponse("x")


async def async_view(request):
    return HttpResponse("x")


class ByPath(XFrameOptionsMiddleware):
    def get_xframe_options_value(self, request, response):
        self.seen = threading.get_ident()
        return "SAMEORIGIN" if request.path == "/framed/" else "DENY"


def run(middleware, path="/", *, fenced=False):
    request = RequestFactory().get(path)
    if fenced:
        request._ringfence = object()
    response = middleware(request)
    return asyncio.run(response) if asyncio.iscoroutine(response) else response


BOTH = pytest.mark.parametrize("get_response", [view, async_view], ids=["sync", "async"])


@BOTH
@pytest.mark.parametrize(("value", "sent"), [("DENY", "DENY"), ("sameorigin", "SAMEORIGIN")])
def test_the_setting_is_read_for_each_response(get_response, value, sent):
    middleware = XFrameOptionsMiddleware(get_response)
    with override_settings(X_FRAME_OPTIONS=value):
        assert run(middleware).headers[XFO] == sent


@BOTH
def test_exempt(get_response):
    response = run(XFrameOptionsMiddleware(xframe_options_exempt(get_response)))
    assert XFO not in response.headers


@BOTH
def test_a_subclass_chooses_the_value(get_response):
    middleware = ByPath(get_response)
    assert run(middleware, "/framed/").headers[XFO] == "SAMEORIGIN"
    assert run(middleware, "/").headers[XFO] == "DENY"


def test_a_subclass_may_block():
    middleware = ByPath(async_view)

    async def main():
        await middleware(RequestFactory().get("/"))
        return threading.get_ident()

    assert asyncio.run(main()) != middleware.seen


def test_the_class_itself_takes_no_thread():
    seen = []

    class Request(type(RequestFactory().get("/"))):
        def __getattribute__(self, name):
            if name == "_ringfence":
                seen.append(threading.get_ident())
            return super().__getattribute__(name)

    async def main():
        request = RequestFactory().get("/")
        request.__class__ = Request
        await XFrameOptionsMiddleware(async_view)(request)
        return threading.get_ident()

    assert {asyncio.run(main())} == set(seen)


def test_as_a_decorator():
    decorated = decorator_from_middleware(XFrameOptionsMiddleware)(view)
    assert decorated(RequestFactory().get("/")).headers[XFO] == "DENY"


@BOTH
@pytest.mark.parametrize(
    ("cls", "ringfence", "sent"),
    [
        pytest.param(XFrameOptionsMiddleware, {}, None, id="the fence does it"),
        pytest.param(XFrameOptionsMiddleware, {"isolation": False}, "DENY", id="ring off"),
        pytest.param(ByPath, {}, "DENY", id="a subclass keeps its say"),
    ],
)
def test_beside_the_fence(get_response, cls, ringfence, sent):
    with override_settings(RINGFENCE=ringfence):
        assert run(cls(get_response), fenced=True).headers.get(XFO) == sent
