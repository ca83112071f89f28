"""One time and one course of chance for every run, so that two runs can be compared."""

from __future__ import annotations

import datetime
import hashlib
import os
import random
import time

__all__ = ["NOW", "freeze", "restart"]

NOW = datetime.datetime(2026, 3, 4, 10, 30, tzinfo=datetime.UTC)


class _Still(datetime.datetime):
    """What ``{% now %}`` asks."""

    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:
        return NOW.astimezone(tz)


class _Chance:
    """Bytes in the place of the system's random ones."""

    def __init__(self) -> None:
        self.key = b""
        self.count = 0

    def __call__(self, size: int) -> bytes:
        made = b""
        while len(made) < size:
            self.count += 1
            made += hashlib.sha256(self.key + self.count.to_bytes(8)).digest()
        return made[:size]


_chance = _Chance()


def freeze() -> None:
    """Stop the clock and chance; called before anything takes a reference to either.

    :mod:`secrets` and :class:`random.SystemRandom` read ``random._urandom``, :mod:`uuid` reads
    ``os.urandom``. Measuring clocks go on: a panel that shows milliseconds is normalised.
    """
    os.urandom = _chance
    random._urandom = _chance
    time.time = NOW.timestamp

    from django.template import defaulttags
    from django.utils import timezone

    def now() -> datetime.datetime:
        from django.conf import settings

        return NOW if settings.USE_TZ else NOW.replace(tzinfo=None)

    timezone.now = now
    defaulttags.datetime = _Still
    restart("")


def restart(name: str) -> None:
    """Start chance anew: what one page used up leaves the next page's values as they are."""
    _chance.key, _chance.count = name.encode(), 0
    random.seed(name)
