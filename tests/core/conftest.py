"""Both stacks, and a clean record of which views ran."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.utils import translation

from tests.core import site


@pytest.fixture(params=["sync", "async"])
def mode(request) -> str:
    return request.param


@pytest.fixture(autouse=True)
def _fresh():
    site.ran.clear()
    site.kept.clear()
    cache.clear()
    translation.deactivate()
    yield
    cache.clear()
    translation.deactivate()
