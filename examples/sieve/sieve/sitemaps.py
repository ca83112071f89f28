"""What search engines are told."""

from __future__ import annotations

from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from sieve.listings.models import Listing


class ListingSitemap(Sitemap):
    """Every listing."""

    def items(self):
        """Return them, oldest first."""
        return Listing.objects.order_by("pk")

    def location(self, item: Listing) -> str:
        """Return its page."""
        return reverse("listings:detail", args=[item.pk])


class FrontSitemap(Sitemap):
    """The front page of each part."""

    def items(self) -> list[str]:
        """Return their names."""
        parts = ("accounts", "letters", "listings", "newsletter", "pages", "policies", "uploads")
        return [f"{part}:index" for part in parts]

    def location(self, item: str) -> str:
        """Return its address."""
        return reverse(item)


SITEMAPS = {"listings": ListingSitemap, "parts": FrontSitemap}
