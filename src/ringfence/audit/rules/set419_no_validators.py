"""SET419: any password is accepted."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import (
    HIGH,
    LOW,
    MEDIUM,
    apps,
    ask,
    deployed,
    hit,
    in_development,
    texts,
)


def _check(site: Settings) -> Iterator[Hit]:
    fact = ask(site, "AUTH_PASSWORD_VALIDATORS", [])
    accounts = "django.contrib.auth" in texts(apps(site).value)
    if fact.value in ([], ()) and accounts:
        sure = HIGH if fact.given else MEDIUM
        if in_development(site):
            sure = MEDIUM if fact.given else LOW
        yield hit(
            fact,
            "Accounts can have the password 1: AUTH_PASSWORD_VALIDATORS is empty"
            + ("." if fact.given else ", as nobody sets it."),
            "Add the four validators that startproject writes.",
            confidence=LOW if site.unread else sure,
        )


RULE = Rule("SET419", "settings", deployed(_check))
