"""CSP491: no content security policy is sent."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import (
    LOW,
    complete,
    deployed,
    has_middleware,
    hit,
    in_development,
    middleware,
)

_NAMES = ("SECURE_CSP", "CONTENT_SECURITY_POLICY", "CSP_DEFAULT_SRC", "CSP_SCRIPT_SRC", "RINGFENCE")


def _check(site: Settings) -> Iterator[Hit]:
    fact = middleware(site)
    given = any(name in site.values for name in _NAMES)
    sent = given or has_middleware(fact, "csp", "contentsecurity")
    if complete(fact) and not sent and not in_development(site):
        yield hit(
            fact,
            "Nothing stops a script that got into a page in spite of escaping.",
            'MIDDLEWARE = ["ringfence.middleware.RingfenceMiddleware", ...]; '
            'RINGFENCE = {"csp": "strict"}',
            confidence=LOW,
        )


RULE = Rule("CSP491", "settings", deployed(_check))
