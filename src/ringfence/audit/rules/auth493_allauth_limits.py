"""AUTH493: log-in tries are not limited."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import MEDIUM, deployed, hit, versions


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(
        site, "ACCOUNT_RATE_LIMITS", "ACCOUNT_LOGIN_ATTEMPTS_LIMIT", "AXES_ENABLED"
    ):
        off = (
            fact.value in (False, None, {}, 0)
            if fact.name != "AXES_ENABLED"
            else fact.value is False
        )
        if off:
            yield hit(
                fact,
                "Passwords can be tried as fast as the server answers.",
                f"Remove {fact.name}: its default is a limit.",
                confidence=MEDIUM,
            )


RULE = Rule("AUTH493", "settings", deployed(_check))
