"""The settings of Django REST framework."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ringfence.audit.model import UNKNOWN, Settings
from ringfence.audit.rules._settings import Fact, apps, ask, texts, versions

__all__ = ["setting"]


def setting(site: Settings, key: str) -> Iterator[tuple[Fact, Any]]:
    """Yield what ``REST_FRAMEWORK`` says for ``key``: None where it says nothing.

    Nothing is yielded for a site without REST framework, or where it cannot be told.
    """
    if "rest_framework" not in texts(apps(site).value) and "REST_FRAMEWORK" not in site.values:
        return
    if "REST_FRAMEWORK" not in site.values:
        fact = ask(site, "REST_FRAMEWORK", {})
        yield fact, None
        return
    for fact in versions(site, "REST_FRAMEWORK"):
        if isinstance(fact.value, dict):
            value = fact.value.get(key, UNKNOWN if UNKNOWN in fact.value else None)
            if value is not UNKNOWN:
                yield fact, value
