"""SET408: X_FRAME_OPTIONS lets others frame the site."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import HIGH, LOW, deployed, hit, versions


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "X_FRAME_OPTIONS"):
        value = fact.value.strip().upper() if isinstance(fact.value, str) else fact.value
        if value == "SAMEORIGIN":
            yield hit(
                fact,
                "Pages of this origin may frame each other: a script or an upload on one page can "
                "frame the others.",
                'X_FRAME_OPTIONS = "DENY"',
                confidence=LOW,
            )
        elif isinstance(value, str) and value != "DENY":
            yield hit(
                fact,
                "Browsers know DENY and SAMEORIGIN only and ignore the header: anyone may frame "
                "the site.",
                'X_FRAME_OPTIONS = "DENY"; name single origins in frame-ancestors of a CSP.',
                confidence=HIGH,
            )


RULE = Rule("SET408", "settings", deployed(_check))
