"""A page that uses what the fence puts on a request."""

from __future__ import annotations

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.urls import path


def _page(request):
    return HttpResponse(f"{get_token(request)} {request.csp_nonce} {sorted(request.COOKIES)}")


def page(request):
    return _page(request)


async def page_async(request):
    return _page(request)


urlpatterns = [path("page/", page), path("page-async/", page_async)]
