"""TLS495: every path is exempt from the redirect to https."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import HIGH, deployed, hit, texts, versions

_ALL = frozenset({"", ".", ".*", "^", "^.*", "^.*$", ".*$", ".+", "^/", "/"})


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "SECURE_REDIRECT_EXEMPT"):
        for pattern in texts(fact.value):
            if pattern in _ALL:
                yield hit(
                    fact,
                    "It matches every path: nothing is redirected to https.",
                    'SECURE_REDIRECT_EXEMPT = [r"^healthz$"]',
                    confidence=HIGH,
                    at=pattern,
                )


RULE = Rule("TLS495", "settings", deployed(_check))
