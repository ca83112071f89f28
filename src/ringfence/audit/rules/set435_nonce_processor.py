"""SET435: the policy's nonce is in no template."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import UNKNOWN, Hit, Rule, Settings
from ringfence.audit.rules._settings import (
    MEDIUM,
    ask,
    deployed,
    has_middleware,
    hit,
    items,
    middleware,
    texts,
    versions,
)
from ringfence.rings.csp.placeholder import NONCE

_PROCESSOR = "django.template.context_processors.csp"


def _uses_nonce(policy: object) -> bool:
    lists = policy.values() if isinstance(policy, dict) else ()
    return any(each == NONCE or NONCE in texts(each) for each in lists)


def _check(site: Settings) -> Iterator[Hit]:
    engines = items(ask(site, "TEMPLATES", []).value)
    known = [each.get("OPTIONS", {}) for each in engines if isinstance(each, dict)]
    processors = [
        options.get("context_processors", []) for options in known if isinstance(options, dict)
    ]
    if not engines or any(
        _PROCESSOR in items(each) or UNKNOWN in items(each) for each in processors
    ):
        return
    if has_middleware(middleware(site), "contentsecuritypolicy"):
        for fact in versions(site, "SECURE_CSP", "SECURE_CSP_REPORT_ONLY"):
            if _uses_nonce(fact.value):
                yield hit(
                    fact,
                    "The header has a nonce, and no template can write it: scripts are blocked.",
                    f'Add "{_PROCESSOR}" to the context processors.',
                    confidence=MEDIUM,
                )


RULE = Rule("SET435", "settings", deployed(_check))
