"""The app."""

from __future__ import annotations

from django.apps import AppConfig


class LettersConfig(AppConfig):
    """What neighbours write to one another."""

    name = "sieve.letters"
    label = "letters"
