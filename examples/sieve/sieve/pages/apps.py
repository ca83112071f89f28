"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """Help, news, and small pages whose scripts do the work."""

    name = "sieve.pages"
    label = "pages"
