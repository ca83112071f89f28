"""CSP493: the content security policy is never sent."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._csp import ENFORCED, REPORTED
from ringfence.audit.rules._settings import (
    MEDIUM,
    complete,
    deployed,
    has_middleware,
    hit,
    middleware,
    versions,
)


def _check(site: Settings) -> Iterator[Hit]:
    fact = middleware(site)
    if complete(fact) and not has_middleware(fact, "csp", "contentsecurity"):
        for given in versions(site, *ENFORCED, *REPORTED):
            if given.value:
                yield hit(
                    given,
                    "No middleware in MIDDLEWARE reads it.",
                    'Add "django.middleware.csp.ContentSecurityPolicyMiddleware" (or '
                    '"csp.middleware.CSPMiddleware" for the settings of django-csp).',
                    confidence=MEDIUM,
                )
                return


RULE = Rule("CSP493", "settings", deployed(_check))
