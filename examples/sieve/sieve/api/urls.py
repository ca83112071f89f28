"""Where the API is."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from sieve.api import views

app_name = "api"

urlpatterns = [
    path("", views.index, name="index"),
    *(path(f"me/{name}/", views.reader(rule), name=name) for name, rule in views.READERS.items()),
    path("me.js", views.me_js, name="me-js"),
    path("who.js", views.who_js, name="who-js"),
    path("jsonp/", views.jsonp, name="jsonp"),
    path("plain/", views.plain, name="plain"),
    path("feed.js", views.feed_js, name="feed-js"),
    path("feed/", views.feed, name="feed"),
    path("suggest/", views.suggest, name="suggest"),
    path("complete/", views.complete, name="complete"),
    path("legacy/phone/", views.legacy_phone, name="legacy-phone"),
    path("modern/phone/", views.modern_phone, name="modern-phone"),
    path("number/", views.number, name="number"),
    path("digits/", views.digits, name="digits"),
]

#: The parts that look their own routes up by name, and know of no namespace around theirs.
frameworks: list[URLPattern | URLResolver] = []

if settings.HAS_DRF:
    from sieve.api.rest import router

    frameworks += [path("rest/", include(router.urls))]

if settings.HAS_NINJA:
    from sieve.api.swift import swift

    frameworks += [path("swift/", swift.urls)]
