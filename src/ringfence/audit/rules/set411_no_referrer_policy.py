"""SET411: addresses of pages leak to other sites."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import deployed, hit, items, versions

_LEAKING = frozenset({"unsafe-url", "no-referrer-when-downgrade"})


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "SECURE_REFERRER_POLICY"):
        text = fact.value.split(",") if isinstance(fact.value, str) else items(fact.value)
        # The last one that a browser knows holds.
        last = text[-1].strip() if text and isinstance(text[-1], str) else ""
        if fact.value is None or last in _LEAKING:
            yield hit(
                fact,
                "Links and resources of other sites are sent the full address, with what is in "
                "its query string."
                if last
                else "No Referrer-Policy header is sent.",
                'SECURE_REFERRER_POLICY = "same-origin" (Django\'s default)',
            )
            return


RULE = Rule("SET411", "settings", deployed(_check))
