"""SET407: nothing keeps others from framing the site."""

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

_WORDS = ("xframe", "frameoption", "clickjack", "csp", "contentsecurity")


def _check(site: Settings) -> Iterator[Hit]:
    fact = middleware(site)
    if complete(fact) and not has_middleware(fact, *_WORDS):
        yield hit(
            fact,
            "Another site can show this one in a frame and have its visitors click in it.",
            'Add "django.middleware.clickjacking.XFrameOptionsMiddleware" to MIDDLEWARE.',
            confidence=fails_check(site, fact),
        )


RULE = Rule("SET407", "settings", deployed(_check))
