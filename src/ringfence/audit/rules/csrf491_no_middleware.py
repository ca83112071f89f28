"""CSRF491: CSRF protection is not switched on."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import (
    HIGH,
    LOW,
    complete,
    deployed,
    has_middleware,
    hit,
    middleware,
    texts,
)


def _check(site: Settings) -> Iterator[Hit]:
    fact = middleware(site)
    if complete(fact) and not has_middleware(fact, "csrf"):
        # Without sessions there is nothing that another site could use.
        has_sessions = any("session" in each.lower() for each in texts(fact.value))
        yield hit(
            fact,
            "No middleware checks where a POST comes from: any site can act in the name of a "
            "visitor who is logged in.",
            'Add "django.middleware.csrf.CsrfViewMiddleware" below CommonMiddleware.',
            confidence=HIGH if has_sessions else LOW,
        )


RULE = Rule("CSRF491", "settings", deployed(_check))
