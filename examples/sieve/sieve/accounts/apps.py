"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Who the neighbours are."""

    name = "sieve.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Give each new neighbour a profile."""
        from sieve.accounts import signals  # noqa: F401, PLC0415 - needs the apps loaded
