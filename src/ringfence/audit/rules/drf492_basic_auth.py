"""DRF492: the API takes passwords with every request."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._drf import setting
from ringfence.audit.rules._settings import LOW, deployed, hit, texts


def _check(site: Settings) -> Iterator[Hit]:
    for fact, value in setting(site, "DEFAULT_AUTHENTICATION_CLASSES"):
        for each in texts(value):
            if each.endswith(".BasicAuthentication"):
                yield hit(
                    fact,
                    "Each request is a try at a password, past log-in forms, second factors and "
                    "their limits.",
                    'Remove it; use "rest_framework.authentication.TokenAuthentication" for '
                    "programs.",
                    confidence=LOW,
                    at=each,
                )
                return


RULE = Rule("DRF492", "settings", deployed(_check))
