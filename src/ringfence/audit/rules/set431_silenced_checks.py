"""SET431: Django's security checks are silenced."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import LOW, MEDIUM, deployed, hit, texts, versions

#: What a proxy may do in Django's place: HSTS, and the redirect to https.
_BY_A_PROXY = frozenset({"security.W004", "security.W005", "security.W008", "security.W021"})


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "SILENCED_SYSTEM_CHECKS"):
        for name in texts(fact.value):
            if name.startswith(("security.", "ringfence.")):
                yield hit(
                    fact,
                    f"{name} is not said any more, whatever it finds from now on.",
                    "Accept the one finding with its reason: # ringfence: accept CODE reason.",
                    confidence=LOW if name in _BY_A_PROXY else MEDIUM,
                    at=name,
                )


RULE = Rule("SET431", "settings", deployed(_check))
