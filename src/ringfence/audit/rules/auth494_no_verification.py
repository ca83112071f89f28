"""AUTH494: addresses of accounts are never verified."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import LOW, deployed, hit, versions


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "ACCOUNT_EMAIL_VERIFICATION"):
        if fact.value == "none":
            yield hit(
                fact,
                "Accounts can be opened under other people's addresses.",
                'ACCOUNT_EMAIL_VERIFICATION = "mandatory"',
                confidence=LOW,
            )
            return


RULE = Rule("AUTH494", "settings", deployed(_check))
