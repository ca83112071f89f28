"""SET409: browsers may guess content types."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import deployed, hit, versions


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "SECURE_CONTENT_TYPE_NOSNIFF"):
        if fact.value is False or fact.value is None:
            yield hit(
                fact,
                "A browser may take an uploaded text or picture for a script or a page.",
                "SECURE_CONTENT_TYPE_NOSNIFF = True (Django's default)",
            )
            return


RULE = Rule("SET409", "settings", deployed(_check))
