"""Which request is being answered: each its own, and none when nothing is answered."""

from __future__ import annotations

import asyncio
import threading

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.http import HttpResponse
from django.test import AsyncClient, RequestFactory, override_settings
from django.urls import path

from ringfence import current
from ringfence.middleware import RingfenceMiddleware
from tests.core.support import ask, site

gate = threading.Barrier(2, timeout=10)


def seen(request):
    return HttpResponse("same" if current.get() is request else "other")


async def seen_async(request):
    before = current.get() is request
    in_thread = await sync_to_async(current.get)() is request
    return HttpResponse("same" if before and in_thread else "other")


async def together(request):
    await asyncio.sleep(0)
    return HttpResponse("same" if current.get() is request else "other")


def boom(request):
    raise RuntimeError("boom")


def nested(request):
    inner = RingfenceMiddleware(seen)(RequestFactory().get("/"))
    return HttpResponse(inner.content + (b" same" if current.get() is request else b" other"))


urlpatterns = [
    path("seen/", seen),
    path("seen-async/", seen_async),
    path("together/", together),
    path("boom/", boom),
    path("nested/", nested),
]


def settings(ringfence=None):
    return site(ringfence, ROOT_URLCONF=__name__)


@pytest.mark.parametrize("where", ["/seen/", "/seen-async/"])
def test_it_is_the_request_that_is_answered(mode, where):
    with override_settings(**settings()):
        assert ask(mode, where).text_ == "same"
    assert current.get() is None


@pytest.mark.parametrize("where", ["/boom/", "/nowhere/"])
def test_nothing_is_left_behind(mode, where):
    with override_settings(**settings()):
        ask(mode, where)
    assert current.get() is None


def test_a_request_within_another(mode):
    with override_settings(**settings()):
        assert ask(mode, "/nested/").text_ == "same same"


def test_a_ring_that_is_off_publishes_nothing(mode):
    with override_settings(**settings({"escaping": False})):
        assert ask(mode, "/seen/").text_ == "other"


def test_requests_at_the_same_time_in_one_loop():
    async def many():
        client = AsyncClient()
        return await asyncio.gather(*(client.get("/together/") for _ in range(20)))

    with override_settings(**settings()):
        assert {answer.content for answer in async_to_sync(many)()} == {b"same"}


def test_requests_at_the_same_time_in_two_threads():
    found = []

    def view(request):
        gate.wait()
        found.append(current.get() is request)
        gate.wait()
        return HttpResponse()

    with override_settings(**settings()):
        fence = RingfenceMiddleware(view)
        threads = [
            threading.Thread(target=fence, args=[RequestFactory().get("/")]) for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert found == [True, True]


def test_between_two_parts_of_a_page_it_is_not_current():
    request = RequestFactory().get("/")
    parts = current.during(request, (current.get() for _ in range(2)))
    assert next(parts) is request
    assert current.get() is None
    assert list(parts) == [request]
    assert current.get() is None


def test_a_part_that_fails():
    def failing():
        yield 1
        raise RuntimeError("boom")

    parts = current.during(RequestFactory().get("/"), failing())
    next(parts)
    with pytest.raises(RuntimeError, match="boom"):
        next(parts)
    assert current.get() is None
