"""COOK492: scripts can read the session cookie."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import HIGH, deployed, hit, versions


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "SESSION_COOKIE_HTTPONLY"):
        if fact.value is False:
            yield hit(
                fact,
                "An injected script takes the session with it, to be used from anywhere.",
                "SESSION_COOKIE_HTTPONLY = True (Django's default)",
                confidence=HIGH,
            )
            return


RULE = Rule("COOK492", "settings", deployed(_check))
