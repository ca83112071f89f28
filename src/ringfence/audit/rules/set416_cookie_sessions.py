"""SET416: sessions are kept in cookies."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import LOW, deployed, hit, versions


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "SESSION_ENGINE"):
        if isinstance(fact.value, str) and fact.value.endswith("signed_cookies"):
            yield hit(
                fact,
                "Logging out ends nothing: a copy of the cookie stays good until it expires, and "
                "its content can be read.",
                'SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"',
                confidence=LOW,
            )
            return


RULE = Rule("SET416", "settings", deployed(_check))
