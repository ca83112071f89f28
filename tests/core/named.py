"""A URL configuration with names, for the checks that look them up."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import include, path


def thing(_request):
    """Answer."""
    return HttpResponse()


urlpatterns = [
    path("thing/", thing, name="thing"),
    path("inner/", include(([path("thing/", thing, name="thing")], "inner"))),
]
