"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class TellerConfig(AppConfig):
    """A bank counter."""

    name = "teller"
    default_auto_field = "django.db.models.BigAutoField"
