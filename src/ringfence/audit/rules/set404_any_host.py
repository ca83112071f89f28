"""SET404: every Host header is accepted."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import deployed, hit, texts, versions


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "ALLOWED_HOSTS"):
        names = texts(fact.value) or ([fact.value] if isinstance(fact.value, str) else [])
        for name in names:
            if name.strip() in ("*", ".*"):
                yield hit(
                    fact,
                    "An attacker chooses the host of links that the site mails and caches.",
                    'ALLOWED_HOSTS = ["www.example.com"]',
                    at=name,
                )
                return


RULE = Rule("SET404", "settings", deployed(_check))
