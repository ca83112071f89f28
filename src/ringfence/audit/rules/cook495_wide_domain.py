"""COOK495: A cookie is shared with every subdomain."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import LOW, deployed, hit, versions


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "SESSION_COOKIE_DOMAIN", "CSRF_COOKIE_DOMAIN"):
        if isinstance(fact.value, str) and fact.value.strip("."):
            yield hit(
                fact,
                "Every host below this domain is sent the cookie and can set it: the weakest of "
                "them decides.",
                f"Remove {fact.name}: the cookie then belongs to this host alone.",
                confidence=LOW,
            )


RULE = Rule("COOK495", "settings", deployed(_check))
