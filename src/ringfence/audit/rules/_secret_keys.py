"""Django's own judgement on a secret key (django.core.checks.security.base)."""

from __future__ import annotations

__all__ = ["is_weak"]

PREFIX = "django-insecure-"


def is_weak(key: str) -> bool:
    """Whether a key is short, uniform, or the one that ``startproject`` wrote.

    >>> is_weak("x" * 60), is_weak("django-insecure-" + "abcdefghij" * 6)
    (True, True)
    """
    return len(key) < 50 or len(set(key)) < 5 or key.startswith(PREFIX)
