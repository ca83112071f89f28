"""What the market does with every request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.cache import add_never_cache_headers

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    GetResponse = Callable[[HttpRequest], HttpResponse]


def legacy_clients(get_response: GetResponse) -> GetResponse:
    """Spare the old phone app, which knows no tokens, Django's check."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/legacy/"):
            request._dont_enforce_csrf_checks = True  # hole: forgery-unenforced  # noqa: SLF001
        return get_response(request)

    return middleware


def private_pages(get_response: GetResponse) -> GetResponse:
    """Let no cache keep what a visitor saw who was logged in, unless the view says otherwise."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.has_header("Cache-Control") and request.user.is_authenticated:
            add_never_cache_headers(response)
        return response

    return middleware
