"""SET405: ALLOWED_HOSTS is empty."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import LOW, MEDIUM, ask, deployed, hit


def _check(site: Settings) -> Iterator[Hit]:
    fact, debug = ask(site, "ALLOWED_HOSTS", []), ask(site, "DEBUG", django=False)
    if fact.value in ([], ()) and debug.value is False:
        sure = MEDIUM if fact.given and debug.given else LOW
        yield hit(
            fact,
            "With DEBUG off every request is answered with 400, which ends in somebody writing *.",
            'ALLOWED_HOSTS = ["www.example.com"]',
            confidence=sure,
        )


RULE = Rule("SET405", "settings", deployed(_check))
