"""SET431: Django's security checks are silenced."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import LOW, deployed, hit, texts, versions


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "SILENCED_SYSTEM_CHECKS"):
        for name in texts(fact.value):
            if name.startswith(("security.", "ringfence.")):
                yield hit(
                    fact,
                    f"{name} is not said any more, whatever it finds from now on.",
                    "Accept the one finding with its reason: # ringfence: accept CODE reason.",
                    confidence=LOW,
                    at=name,
                )


RULE = Rule("SET431", "settings", deployed(_check))
