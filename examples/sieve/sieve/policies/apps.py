"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    """Boards behind a Content Security Policy each."""

    name = "sieve.policies"
    label = "policies"
