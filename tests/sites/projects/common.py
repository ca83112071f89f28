"""What the projects share: middleware and template engine as ``startproject`` writes them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

__all__ = ["middleware", "templates"]


def middleware(*more: str, early: Sequence[str] = (), locale: bool = False) -> list[str]:
    """Return Django's middleware with ``early`` behind the first, and ``more`` at the end."""
    return [
        "django.middleware.security.SecurityMiddleware",
        *early,
        "django.contrib.sessions.middleware.SessionMiddleware",
        *(["django.middleware.locale.LocaleMiddleware"] if locale else []),
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
        *more,
    ]


def templates(*context_processors: str, dirs: Sequence[Path] = ()) -> list[dict[str, Any]]:
    """Return Django's engine with ``context_processors`` behind its own."""
    return [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": list(dirs),
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                    *context_processors,
                ],
            },
        },
    ]
