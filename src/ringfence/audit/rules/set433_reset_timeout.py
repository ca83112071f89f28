"""SET433: password-reset links live for weeks."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import MEDIUM, deployed, hit, versions

_WEEK = 7 * 24 * 3600


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "PASSWORD_RESET_TIMEOUT", "PASSWORD_RESET_TIMEOUT_DAYS"):
        seconds = fact.value if isinstance(fact.value, int) else 0
        if fact.name.endswith("DAYS"):
            seconds *= 24 * 3600
        if seconds > _WEEK:
            yield hit(
                fact,
                "A reset link in an old mailbox is good for more than a week.",
                "PASSWORD_RESET_TIMEOUT = 24 * 3600",
                confidence=MEDIUM,
            )


RULE = Rule("SET433", "settings", deployed(_check))
