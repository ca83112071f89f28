"""DRF493: nothing limits the rate of API requests."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._drf import setting
from ringfence.audit.rules._settings import LOW, deployed, hit


def _check(site: Settings) -> Iterator[Hit]:
    for fact, value in setting(site, "DEFAULT_THROTTLE_CLASSES"):
        if value is None or value in ([], ()):
            yield hit(
                fact,
                "Passwords, codes and identifiers can be tried as fast as the server answers.",
                '"DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle"], '
                '"DEFAULT_THROTTLE_RATES": {"anon": "100/hour"}',
                confidence=LOW,
            )
        return


RULE = Rule("DRF493", "settings", deployed(_check))
