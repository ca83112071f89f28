"""SET425: everybody counts as internal."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import HIGH, deployed, hit, texts, versions

_WIDE = ("0.0.0.0/0", "::/0", "*")


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "INTERNAL_IPS", "WAGTAIL_INTERNAL_IPS", "DEBUG_TOOLBAR_IPS"):
        for address in texts(fact.value):
            if address.startswith(_WIDE):
                yield hit(
                    fact,
                    "Tools that show themselves to internal addresses show themselves to all.",
                    'INTERNAL_IPS = ["127.0.0.1"]',
                    confidence=HIGH,
                    at=address,
                )
                return


RULE = Rule("SET425", "settings", deployed(_check))
