"""A view's own ``frame-ancestors``: X-Frame-Options says the same, or is left out."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path

from ringfence.decorators import csp
from tests.core.support import FENCE

PARTNER = "https://partner.example"


def page(_request):
    """Answer."""
    return HttpResponse("page")


urlpatterns = [
    path("nobody/", csp({"frame-ancestors": ["'none'"]})(page)),
    path("itself/", csp({"frame-ancestors": ["'self'"]})(page)),
    path("partner/", csp({"preset": "strict", "frame-ancestors": [PARTNER]})(page)),
    path("silent/", csp({"default-src": ["'self'"]})(page)),
]


@pytest.mark.parametrize(
    ("url", "ancestors", "x_frame_options"),
    [
        ("/nobody/", "frame-ancestors 'none'", "DENY"),
        ("/itself/", "frame-ancestors 'self'", "SAMEORIGIN"),
        ("/partner/", f"frame-ancestors {PARTNER}", None),
        ("/silent/", "frame-ancestors 'self'", "SAMEORIGIN"),
    ],
)
def test_both_headers_say_what_the_view_said(url, ancestors, x_frame_options) -> None:
    with override_settings(ROOT_URLCONF=__name__, MIDDLEWARE=[FENCE], RINGFENCE={}):
        response = Client().get(url)
    assert ancestors in response.headers["Content-Security-Policy"]
    assert response.headers.get("X-Frame-Options") == x_frame_options
