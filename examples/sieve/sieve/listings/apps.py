"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class ListingsConfig(AppConfig):
    """What neighbours sell."""

    name = "sieve.listings"
    label = "listings"
