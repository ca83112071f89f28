"""What neighbours say of themselves."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.db import models


class Profile(models.Model):
    """A neighbour, to whoever looks; and what is his own business."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)

    website = models.CharField(max_length=200, blank=True)
    homepage = models.CharField(max_length=200, blank=True)
    nickname = models.CharField(max_length=200, blank=True)
    pet_name = models.CharField(max_length=200, blank=True)
    motto = models.CharField(max_length=200, blank=True)
    saying = models.CharField(max_length=200, blank=True)
    about = models.TextField(blank=True)
    bio = models.TextField(blank=True)
    song = models.CharField(max_length=200, blank=True)
    tune = models.CharField(max_length=200, blank=True)
    greeting = models.CharField(max_length=200, blank=True)
    farewell = models.CharField(max_length=200, blank=True)

    phone = models.CharField(max_length=200, blank=True)
    street = models.CharField(max_length=200, blank=True)
    notify = models.EmailField(blank=True)
    avatar = models.CharField(max_length=200, blank=True)
    iban = models.CharField(max_length=34, default="XX00 0000 0000")

    def __str__(self) -> str:
        return f"profile of {self.owner}"

    def homepage_link(self) -> str:
        """Return the homepage where it is one of the web's, nothing otherwise."""
        try:
            scheme = urlsplit(self.homepage.strip()).scheme.lower()
        except ValueError:
            return ""
        return self.homepage if scheme in ("http", "https") else ""


class Follow(models.Model):
    """Who follows whom."""

    who = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    whom = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="followers"
    )

    def __str__(self) -> str:
        return f"{self.who} follows {self.whom}"
