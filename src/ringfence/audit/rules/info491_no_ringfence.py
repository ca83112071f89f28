"""INFO491: ringfence's rings are not in use."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import (
    LOW,
    OURS,
    apps,
    complete,
    deployed,
    hit,
    in_development,
    middleware,
    texts,
)


def _check(site: Settings) -> Iterator[Hit]:
    fact = middleware(site)
    installed = "ringfence" in texts(apps(site).value) or OURS in texts(fact.value)
    if complete(fact) and not installed and not in_development(site):
        yield hit(
            fact,
            "CSRF by origin, CSP, isolation and transport could each be a second ring here.",
            "ringfence init",
            confidence=LOW,
        )


RULE = Rule("INFO491", "settings", deployed(_check))
