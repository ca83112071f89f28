"""The site that is protected: one page, as a sync and as an async view."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path

#: Where the configuration's middleware leaves the nonce; the worker sets it before the first
#: request. The bare handler's requests have no such attribute and render a constant.
nonce_attribute = "csp_nonce"

_HEAD = "<!doctype html><title>Page</title><script nonce='"
_TAIL = "'>main()</script><p>Hello " + "lorem ipsum " * 20


def _page(request: HttpRequest) -> HttpResponse:
    # A view that is posted to reads the form; the time that takes is the site's, not the
    # protection's, and the bare handler spends it too.
    if request.method == "POST":
        request.POST.get("comment")
    nonce = getattr(request, nonce_attribute, "constant")
    return HttpResponse(f"{_HEAD}{nonce}{_TAIL}")


def page(request: HttpRequest) -> HttpResponse:
    """Answer with the page (WSGI)."""
    return _page(request)


async def page_async(request: HttpRequest) -> HttpResponse:
    """Answer with the page (ASGI)."""
    return _page(request)


urlpatterns = [path("page/", page), path("async-page/", page_async)]
