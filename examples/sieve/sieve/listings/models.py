"""What is for sale. Every text of it was written by some neighbour."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe


class Listing(models.Model):
    """Something for sale, and what its owner says of it, at length."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    title = models.CharField(max_length=100)
    slug = models.SlugField(unique=True)
    price = models.PositiveIntegerField(default=1)
    sold = models.BooleanField(default=False)

    body = models.TextField(blank=True)
    terms = models.TextField(blank=True)
    headline = models.CharField(max_length=200, blank=True)
    strapline = models.CharField(max_length=200, blank=True)
    condition = models.CharField(max_length=200, blank=True)
    category = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=200, blank=True)
    district = models.CharField(max_length=200, blank=True)
    unit = models.CharField(max_length=200, blank=True)
    currency = models.CharField(max_length=200, blank=True)
    preview = models.TextField(blank=True)
    sample = models.TextField(blank=True)
    care = models.TextField(blank=True)
    story = models.TextField(blank=True)
    slogan = models.CharField(max_length=200, blank=True)
    tagline = models.CharField(max_length=200, blank=True)
    blurb = models.TextField(blank=True)
    summary = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.title

    def badge(self) -> SafeString:
        """Return the condition as a badge."""
        return mark_safe(f"<b>{self.condition}</b>")  # hole: stored-model-method

    def ribbon(self) -> SafeString:
        """Return the category as a ribbon."""
        return format_html("<b>{}</b>", self.category)  # twin: stored-model-method


class Favourite(models.Model):
    """A listing that a neighbour likes."""

    who = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    listing = models.ForeignKey(Listing, on_delete=models.CASCADE)

    def __str__(self) -> str:
        return f"{self.who} likes {self.listing}"
