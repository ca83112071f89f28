"""The least that a middleware can do: six fixed headers and a nonce. It decides nothing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction
from secrets import token_urlsafe
from typing import Any, cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

_FIXED = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
    ("X-Frame-Options", "SAMEORIGIN"),
)


def _finish(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    headers = response.headers
    for name, value in _FIXED:
        headers[name] = value
    nonce = cast("Any", request).csp_nonce
    headers["Content-Security-Policy"] = f"script-src 'nonce-{nonce}'; object-src 'none'"
    return response


@sync_and_async_middleware
def six_headers_and_a_nonce(get_response: Callable[[HttpRequest], Any]) -> Callable[..., Any]:
    """Return the middleware, of the kind of ``get_response``."""
    if iscoroutinefunction(get_response):
        get_response_async = cast("Callable[[HttpRequest], Awaitable[Any]]", get_response)

        async def middleware_async(request: HttpRequest) -> HttpResponseBase:
            cast("Any", request).csp_nonce = token_urlsafe(16)
            return _finish(request, await get_response_async(request))

        return middleware_async

    def middleware(request: HttpRequest) -> HttpResponseBase:
        cast("Any", request).csp_nonce = token_urlsafe(16)
        return _finish(request, get_response(request))

    return middleware
