"""SET413: X-Forwarded-Host decides the site's name."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import HIGH, LOW, ask, deployed, hit, texts, versions


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "USE_X_FORWARDED_HOST"):
        if fact.value is True:
            any_host = "*" in texts(ask(site, "ALLOWED_HOSTS").value)
            yield hit(
                fact,
                "A client sends X-Forwarded-Host itself unless a proxy replaces it"
                + (", and ALLOWED_HOSTS holds it to nothing." if any_host else "."),
                "Remove it, and let the proxy pass the Host header on.",
                confidence=HIGH if any_host else LOW,
            )
            return


RULE = Rule("SET413", "settings", deployed(_check))
