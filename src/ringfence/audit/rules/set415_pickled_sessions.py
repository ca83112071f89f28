"""SET415: sessions are pickled."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import deployed, hit, versions


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "SESSION_SERIALIZER"):
        if isinstance(fact.value, str) and "pickle" in fact.value.lower():
            yield hit(
                fact,
                "Who can write a session, or sign one with a key that leaked, runs code here.",
                'SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"',
                at=fact.value,
            )
            return


RULE = Rule("SET415", "settings", deployed(_check))
