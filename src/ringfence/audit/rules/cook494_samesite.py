"""COOK494: A cookie goes along with requests of other sites."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import HIGH, MEDIUM, deployed, hit, versions

_NAMES = ("SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_SAMESITE")


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, *_NAMES):
        value = fact.value.lower() if isinstance(fact.value, str) else fact.value
        if value == "none" or value is None or value is False:
            session = fact.name == _NAMES[0]
            yield hit(
                fact,
                "Other sites' requests and frames carry the session: cross-site requests are "
                "stopped by the CSRF token alone, and reads by CORS alone."
                if session
                else "Other sites' requests carry the CSRF cookie.",
                f'{fact.name} = "Lax" (Django\'s default)',
                confidence=HIGH if session and value == "none" else MEDIUM,
            )


RULE = Rule("COOK494", "settings", deployed(_check))
