from __future__ import annotations

from django.apps import AppConfig


class PiecesConfig(AppConfig):
    name = "tests.sites.projects.wagtail.pieces"
    label = "pieces"
    default_auto_field = "django.db.models.BigAutoField"
