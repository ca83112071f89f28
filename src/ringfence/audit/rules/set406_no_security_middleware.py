"""SET406: SecurityMiddleware is missing."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import (
    complete,
    deployed,
    fails_check,
    has_middleware,
    hit,
    middleware,
)


def _check(site: Settings) -> Iterator[Hit]:
    fact = middleware(site)
    if complete(fact) and not has_middleware(fact, "securitymiddleware", "security"):
        yield hit(
            fact,
            "None of the SECURE_ settings has any effect: no HSTS, no nosniff, no redirect to "
            "https, no referrer policy.",
            'MIDDLEWARE = ["django.middleware.security.SecurityMiddleware", ...]',
            confidence=fails_check(site, fact),
        )


RULE = Rule("SET406", "settings", deployed(_check))
