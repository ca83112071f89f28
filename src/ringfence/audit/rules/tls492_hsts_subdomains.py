"""TLS492: HSTS leaves subdomains out."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import LOW, MEDIUM, ask, deployed, hit


def _check(site: Settings) -> Iterator[Hit]:
    seconds = ask(site, "SECURE_HSTS_SECONDS", 0)
    fact = ask(site, "SECURE_HSTS_INCLUDE_SUBDOMAINS", django=False)
    if isinstance(seconds.value, int) and seconds.value > 0 and fact.value is False:
        yield hit(
            fact if fact.given else seconds,
            "A host below this one is still reached over http, and can set cookies for all.",
            "SECURE_HSTS_INCLUDE_SUBDOMAINS = True, if all of them are served over https",
            confidence=MEDIUM if fact.given else LOW,
        )


RULE = Rule("TLS492", "settings", deployed(_check))
