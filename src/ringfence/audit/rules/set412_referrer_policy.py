"""SET412: SECURE_REFERRER_POLICY is invalid."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import deployed, hit, items, versions

_VALUES = frozenset(
    {
        *("no-referrer", "no-referrer-when-downgrade", "origin", "origin-when-cross-origin"),
        *("same-origin", "strict-origin", "strict-origin-when-cross-origin", "unsafe-url"),
    }
)


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "SECURE_REFERRER_POLICY"):
        values = fact.value.split(",") if isinstance(fact.value, str) else items(fact.value)
        for value in values:
            if isinstance(value, str) and value.strip() not in _VALUES:
                yield hit(
                    fact,
                    "It is no policy that browsers know, and Django refuses it under --deploy.",
                    'SECURE_REFERRER_POLICY = "same-origin"',
                )
                return


RULE = Rule("SET412", "settings", deployed(_check))
