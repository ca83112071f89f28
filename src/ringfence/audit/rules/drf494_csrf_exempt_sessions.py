"""DRF494: the API takes sessions without a CSRF check."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._drf import setting
from ringfence.audit.rules._settings import HIGH, deployed, hit, texts


def _check(site: Settings) -> Iterator[Hit]:
    for fact, value in setting(site, "DEFAULT_AUTHENTICATION_CLASSES"):
        for each in texts(value):
            name = each.rpartition(".")[2].lower()
            exempt = any(
                word in name for word in ("exempt", "disable", "without", "unsafe", "nocsrf")
            )
            if "csrf" in name and exempt:
                yield hit(
                    fact,
                    "It authenticates by the session cookie and leaves the CSRF check out, for "
                    "every view of the API: other sites can act in a visitor's name.",
                    '"rest_framework.authentication.SessionAuthentication", with the token sent '
                    "in X-CSRFToken",
                    confidence=HIGH,
                    at=each,
                )


RULE = Rule("DRF494", "settings", deployed(_check))
