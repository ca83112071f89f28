"""SET410: cross-origin opener policy is switched off or invalid."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import HIGH, LOW, deployed, hit, versions

_VALUES = ("same-origin", "same-origin-allow-popups", "noopener-allow-popups")


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "SECURE_CROSS_ORIGIN_OPENER_POLICY"):
        value = fact.value
        if value in ("unsafe-none", None):
            yield hit(
                fact,
                "Sites that open this one keep a handle on its window.",
                'SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin" (or '
                '"same-origin-allow-popups" for sign-in pop-ups)',
                confidence=LOW,
            )
        elif isinstance(value, str) and value not in _VALUES:
            yield hit(
                fact,
                "It is no value that browsers know: they ignore the header.",
                'SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"',
                confidence=HIGH,
            )


RULE = Rule("SET410", "settings", deployed(_check))
