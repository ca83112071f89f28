"""The table on requests, through every way in: all of them reach one verdict."""

from __future__ import annotations

import pytest
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings

from ringfence.signals import request_refused
from tests.csrf.table import Row
from tests.csrf.ways import (
    FALLBACKS,
    accepted,
    async_request_for,
    is_latin_1,
    kept,
    kept_expected,
    request_for,
    rows_of,
    site_settings,
)

#: The middleware itself, ``csrf_protect`` inside an exempt view (function and class), Django REST
#: framework's SessionAuthentication, django-ninja's cookie authentication.
WAYS = ("/plain/", "/protected/", "/protected-class/", "/rest/", "/ninja/")
ASYNC_WAYS = ("/plain-async/", "/protected-async/", "/plain/", "/protected/", "/rest/", "/ninja/")

CASES = [(fallback, row) for fallback in FALLBACKS for row in rows_of(fallback)]
ASYNC_CASES = [(fallback, row) for fallback, row in CASES if is_latin_1(row)]
TOKENS = pytest.mark.parametrize("token", [True, False], ids=["token", "no-token"])


@pytest.fixture(scope="module")
def handler(request):
    with override_settings(**site_settings(request.param)):
        yield WSGIHandler()


@pytest.fixture(scope="module")
def async_handler(request):
    with override_settings(**site_settings(request.param)):
        yield ASGIHandler()


@TOKENS
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("handler", "row"), CASES, ids=[row.name for _, row in CASES], indirect=["handler"]
)
def test_row(handler, row: Row, way: str, token: bool) -> None:
    request = request_for(row, way, token=token)
    response = handler.get_response(request)
    expected = 200 if accepted(row, token=token) else 403
    assert response.status_code == expected, response.content[:300]
    assert kept(request) == kept_expected(row)


@TOKENS
@pytest.mark.parametrize("way", ASYNC_WAYS)
@pytest.mark.parametrize(
    ("async_handler", "row"),
    ASYNC_CASES,
    ids=[row.name for _, row in ASYNC_CASES],
    indirect=["async_handler"],
)
async def test_row_async(async_handler, row: Row, way: str, token: bool) -> None:
    request = async_request_for(row, way, token=token)
    response = await async_handler.get_response_async(request)
    assert response.status_code == (200 if accepted(row, token=token) else 403)
    assert kept(request) == kept_expected(row)


@TOKENS
@pytest.mark.parametrize(
    ("handler", "row"), CASES, ids=[row.name for _, row in CASES], indirect=["handler"]
)
def test_an_exempt_view_answers_everybody_and_the_verdict_is_kept(
    handler, row: Row, token: bool
) -> None:
    request = request_for(row, "/exempt/", token=token)
    assert handler.get_response(request).status_code == 200
    assert kept(request) == kept_expected(row)


@TOKENS
@pytest.mark.parametrize(
    ("handler", "row"), CASES, ids=[row.name for _, row in CASES], indirect=["handler"]
)
def test_a_refusal_has_one_typed_reason(handler, row: Row, token: bool) -> None:
    """The signal tells it; so do the log record and the failure view."""
    reasons = []

    def listen(reason, report_only, **kwargs):
        reasons.append((type(reason).__name__, report_only))

    request_refused.connect(listen, sender="csrf")
    try:
        handler.get_response(request_for(row, "/plain/", token=token))
    finally:
        request_refused.disconnect(listen, sender="csrf")
    if accepted(row, token=token):
        assert not reasons
    else:
        assert reasons == [(row.reason or "TokenRejected", False)]
