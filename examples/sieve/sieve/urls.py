"""Where things are in the market."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.sitemaps.views import sitemap
from django.contrib.staticfiles.views import serve
from django.urls import include, path

from sieve.api.urls import frameworks
from sieve.listings.views import home
from sieve.sitemaps import SITEMAPS

urlpatterns = [
    path("", home, name="home"),
    path("accounts/", include("sieve.accounts.urls")),
    path("admin/", admin.site.urls),
    path("api/", include("sieve.api.urls")),
    path("api/", include(frameworks)),
    path("letters/", include("sieve.letters.urls")),
    path("listings/", include("sieve.listings.urls")),
    path("newsletter/", include("sieve.newsletter.urls")),
    path("pages/", include("sieve.pages.urls")),
    path("policies/", include("sieve.policies.urls")),
    path("uploads/", include("sieve.uploads.urls")),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    # No server stands in front of an example.
    path("static/<path:path>", serve, {"insecure": True}),
]
