"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class NewsletterConfig(AppConfig):
    """What the market tells everybody."""

    name = "sieve.newsletter"
    label = "newsletter"
