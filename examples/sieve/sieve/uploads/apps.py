"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class UploadsConfig(AppConfig):
    """Files that neighbours leave."""

    name = "sieve.uploads"
    label = "uploads"
