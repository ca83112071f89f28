"""TLS493: HSTS without preload."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import LOW, ask, deployed, hit

_YEAR = 31536000


def _check(site: Settings) -> Iterator[Hit]:
    seconds = ask(site, "SECURE_HSTS_SECONDS", 0)
    subdomains = ask(site, "SECURE_HSTS_INCLUDE_SUBDOMAINS", django=False)
    fact = ask(site, "SECURE_HSTS_PRELOAD", django=False)
    ready = isinstance(seconds.value, int) and seconds.value >= _YEAR and subdomains.value is True
    if ready and fact.value is False:
        yield hit(
            fact if fact.given else seconds,
            "The very first visit may still begin over http.",
            "SECURE_HSTS_PRELOAD = True, then enter the domain at hstspreload.org",
            confidence=LOW,
        )


RULE = Rule("TLS493", "settings", deployed(_check))
