"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """What scripts ask: the market's own, the partners', and whoever's."""

    name = "sieve.api"
    label = "api"
