"""SET434: Django's CSP setting is no dictionary."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import HIGH, deployed, hit, versions


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "SECURE_CSP", "SECURE_CSP_REPORT_ONLY"):
        if fact.value is not None and not isinstance(fact.value, dict):
            yield hit(
                fact,
                "Django fails on every response with it.",
                f'{fact.name} = {{"default-src": ["\'self\'"]}}',
                confidence=HIGH,
            )


RULE = Rule("SET434", "settings", deployed(_check))
