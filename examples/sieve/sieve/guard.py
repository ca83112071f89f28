"""Keeps the example from being deployed."""

from __future__ import annotations

import os

from django.core.exceptions import ImproperlyConfigured

__all__ = ["DEBUG", "refuse_to_be_deployed"]

DEBUG = os.environ.get("SIEVE_DEBUG") == "1"


def refuse_to_be_deployed() -> None:
    """Raise ImproperlyConfigured unless whoever starts the site says that he knows what it is."""
    if not DEBUG and os.environ.get("SIEVE_IS_FULL_OF_HOLES") != "yes":
        raise ImproperlyConfigured(
            "This example is full of holes on purpose and must never be deployed. To look at it "
            "on your own machine set SIEVE_DEBUG=1; tests set SIEVE_IS_FULL_OF_HOLES=yes."
        )
