"""AUTH495: closed accounts can log in."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import MEDIUM, deployed, hit, texts, versions


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "AUTHENTICATION_BACKENDS"):
        for each in texts(fact.value):
            if each.rpartition(".")[2].startswith("AllowAllUsers"):
                yield hit(
                    fact,
                    "It lets accounts with is_active=False in, unless each view asks.",
                    '"django.contrib.auth.backends.ModelBackend"',
                    confidence=MEDIUM,
                    at=each,
                )


RULE = Rule("AUTH495", "settings", deployed(_check))
