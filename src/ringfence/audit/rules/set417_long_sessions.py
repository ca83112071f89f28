"""SET417: sessions live for half a year or more."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import MEDIUM, deployed, hit, versions

_LONG = 180 * 24 * 3600


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "SESSION_COOKIE_AGE"):
        if isinstance(fact.value, (int, float)) and fact.value >= _LONG:
            yield hit(
                fact,
                "A session that was stolen or forgotten is good for months.",
                "SESSION_COOKIE_AGE = 14 * 24 * 3600",
                confidence=MEDIUM,
            )
            return


RULE = Rule("SET417", "settings", deployed(_check))
