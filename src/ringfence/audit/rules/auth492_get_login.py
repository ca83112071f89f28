"""AUTH492: logging in or out needs no POST."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import LOW, MEDIUM, deployed, hit, versions

_NAMES = {
    "SOCIALACCOUNT_LOGIN_ON_GET": MEDIUM,
    "ACCOUNT_LOGOUT_ON_GET": LOW,
    "ACCOUNT_CONFIRM_EMAIL_ON_GET": LOW,
}


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, *_NAMES):
        if fact.value is True:
            yield hit(
                fact,
                "A link or a picture of another site is enough to do it for a visitor.",
                f"{fact.name} = False",
                confidence=_NAMES[fact.name],
            )


RULE = Rule("AUTH492", "settings", deployed(_check))
