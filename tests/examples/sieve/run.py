"""Probe every hole and twin of one settings module, and print what was seen as JSON."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test.runner import DiscoverRunner
from django.test.utils import setup_test_environment
from sieve.holes import Hole, load


@contextmanager
def started() -> Iterator[None]:
    """Start the market in this process, on a database in memory that the seed has filled."""
    django.setup()
    setup_test_environment(debug=False)
    # Hashing for real costs a fifth of a second for each who logs in; no probe is about passwords.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    runner = DiscoverRunner(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    from sieve.seed import seed

    seed()
    yield
    runner.teardown_databases(databases)


def _sides(module: str) -> list[tuple[Hole, str]]:
    return [
        (hole, side)
        for hole in load()
        for side in ("hole", "twin")
        if getattr(hole, side).settings == module
    ]


def main(module: str) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = module
    with started():
        from tests.examples.sieve.register import PROBES

        report = []
        for hole, side in _sides(module):
            with transaction.atomic():
                seen = PROBES[hole.attack](getattr(hole, side))
                transaction.set_rollback(True)
            cache.clear()
            report.append({"id": hole.id, "side": side, "works": seen.works, "signs": seen.signs})
        json.dump(report, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
