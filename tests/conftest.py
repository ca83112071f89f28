"""What every test shares: nothing outside this folder is configured by it."""

from __future__ import annotations

import shutil

import pytest
from hypothesis import HealthCheck, settings

# Property tests give the same answer on every run of the same commit; a longer search is
# started by hand with `--hypothesis-profile=search`.
settings.register_profile(
    "suite",
    deadline=None,  # a shared two-core machine stalls now and then
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("search", deadline=None, max_examples=20_000)
settings.load_profile("suite")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the installed Chromium; the test fails without one, it never skips."""
    for name in ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    pytest.fail("no Chromium found: apt-get install chromium")
