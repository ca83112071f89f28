"""DRF496: API tokens live for weeks."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import MEDIUM, deployed, hit, versions

_LIMITS = {
    "ACCESS_TOKEN_LIFETIME": datetime.timedelta(days=1),
    "JWT_EXPIRATION_DELTA": datetime.timedelta(days=7),
    "REFRESH_TOKEN_LIFETIME": datetime.timedelta(days=366),
}


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "SIMPLE_JWT", "JWT_AUTH"):
        config = fact.value if isinstance(fact.value, dict) else {}
        for name, limit in _LIMITS.items():
            value = config.get(name)
            if isinstance(value, datetime.timedelta) and value > limit:
                yield hit(
                    fact,
                    f"{name} is {value.days} days, and such a token cannot be taken back.",
                    f'"{name}": timedelta({"minutes=15" if "ACCESS" in name else "days=14"})',
                    confidence=MEDIUM,
                    at=next(key for key in config if key == name),
                )


RULE = Rule("DRF496", "settings", deployed(_check))
