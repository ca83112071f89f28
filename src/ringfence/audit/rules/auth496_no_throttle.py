"""AUTH496: nothing limits log-in tries."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import (
    LOW,
    apps,
    complete,
    deployed,
    hit,
    in_development,
    texts,
)

_LIMITERS = (
    "axes",
    "defender",
    "ratelimit",
    "allauth",
    "honeypot",
    "brutebuster",
    "lockout",
    "two_factor",
)


def _check(site: Settings) -> Iterator[Hit]:
    fact = apps(site)
    names = [str(each).lower() for each in texts(fact.value)]
    has_accounts = "django.contrib.auth" in names and "django.contrib.admin" in names
    limited = any(word in name for name in names for word in _LIMITERS)
    if complete(fact) and has_accounts and not limited and not in_development(site):
        yield hit(
            fact,
            "Django itself counts no failed log-ins: passwords can be tried as fast as it answers.",
            "Add django-axes, or a limit in the proxy.",
            confidence=LOW,
        )


RULE = Rule("AUTH496", "settings", deployed(_check))
