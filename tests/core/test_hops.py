"""Under ASGI the fence takes no thread: an async view is reached on the event loop."""

from __future__ import annotations

import pytest
from asgiref.sync import SyncToAsync
from django.core.handlers.asgi import ASGIHandler
from django.test import override_settings

from tests.core import site as pages
from tests.core.site import APP
from tests.core.support import FENCE, FOREIGN, OWN, preflight, site

BROWSER = {"sec-fetch-site": "same-origin", "sec-fetch-mode": "cors", "sec-fetch-dest": "empty"}
SECRET = "k" * 32
WITH_TOKEN = {"x-csrftoken": SECRET}
ASYNC = "/plain-async/"
SIMPLE, STRICT = {"cors": {"origins": [APP]}}, {"csp": "strict", "cors": {"origins": [APP]}}

#: RINGFENCE, method, path, headers, status
REQUESTS = {
    "GET": ({}, "GET", ASYNC, {}, 200),
    "GET, strict": (STRICT, "GET", ASYNC, BROWSER, 200),
    "CORS GET": (SIMPLE, "GET", ASYNC, {"origin": APP}, 200),
    "CORS GET, refused": (SIMPLE, "GET", ASYNC, {"origin": FOREIGN}, 200),
    "CORS GET, @cors": ({}, "GET", "/api-async/", {"origin": APP}, 200),
    "CORS GET, a coroutine decides": ({}, "GET", "/dynamic-async/", {"origin": APP}, 200),
    "POST": ({}, "POST", ASYNC, BROWSER | {"origin": OWN}, 200),
    "POST, Origin alone": ({}, "POST", ASYNC, {"origin": OWN}, 200),
    "POST with a token": ({}, "POST", ASYNC, WITH_TOKEN, 200),
    "POST, refused": ({}, "POST", ASYNC, {"origin": FOREIGN}, 403),
    "POST, refused by the token": ({}, "POST", ASYNC, {}, 403),
    "preflight": (SIMPLE, "OPTIONS", ASYNC, preflight(), 204),
    "preflight, @cors": ({}, "OPTIONS", "/api-async/", preflight(), 204),
    "preflight, refused": (SIMPLE, "OPTIONS", ASYNC, preflight(origin=FOREIGN), 403),
    "another site's image, refused": (
        {},
        "GET",
        ASYNC,
        {
            "sec-fetch-site": "cross-site",
            "sec-fetch-mode": "no-cors",
            "sec-fetch-dest": "image",
            "cookie": "sessionid=s",
        },
        403,
    ),
    "https": ({"transport": "https"}, "GET", ASYNC, {}, 301),
}


@pytest.fixture
def hops(monkeypatch):
    """Count the calls that are handed to another thread."""
    counted: list[str] = []
    original = SyncToAsync.__call__

    async def counting(self, *args, **kwargs):
        counted.append(getattr(self.func, "__qualname__", repr(self.func)))
        return await original(self, *args, **kwargs)

    monkeypatch.setattr(SyncToAsync, "__call__", counting)
    return counted


async def answer(async_rf, hops, ringfence, method, path, headers, **settings):
    with override_settings(**site(ringfence, **settings)):
        handler = ASGIHandler()
        async_rf.cookies["csrftoken"] = SECRET
        request = async_rf.generic(method, path, headers=headers)
        request._dont_enforce_csrf_checks = False
        await handler.get_response_async(request)  # the first request may import what it needs
        hops.clear()
        pages.ran.clear()
        request = async_rf.generic(method, path, headers=headers)
        return await handler.get_response_async(request)


@pytest.mark.parametrize("name", REQUESTS)
async def test_no_hop(async_rf, hops, name) -> None:
    ringfence, method, path, headers, status = REQUESTS[name]
    response = await answer(async_rf, hops, ringfence, method, path, headers)
    assert response.status_code == status
    # Django's handler hands each 4xx to a thread to log it; that one is not the fence's.
    assert [hop for hop in hops if hop != "log_response"] == []
    assert ("log_response" in hops) is (status >= 400)


async def test_a_sync_view_takes_the_one_hop_that_it_needs(async_rf, hops) -> None:
    response = await answer(async_rf, hops, {}, "GET", "/plain/", {})
    assert response.status_code == 200
    assert hops == ["plain"]


async def test_a_sync_callable_takes_one(async_rf, hops) -> None:
    ringfence = {"cors": {"origins": pages.by_callable}}
    response = await answer(async_rf, hops, ringfence, "GET", ASYNC, {"origin": APP})
    assert response.headers["Access-Control-Allow-Origin"] == APP
    assert hops == ["by_callable"]


async def test_djangos_own_middlewares_are_what_hops_are_counted_of(async_rf, hops) -> None:
    """The counter counts: what the fence replaces takes hops of its own."""
    replaced = [
        "django.middleware.security.SecurityMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
    ]
    await answer(async_rf, hops, {}, "GET", ASYNC, {}, MIDDLEWARE=replaced)
    assert len(hops) >= 3
    assert FENCE not in replaced
