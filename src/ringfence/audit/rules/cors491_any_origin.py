"""CORS491: every origin may read responses."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._cors import in_use
from ringfence.audit.rules._settings import LOW, MEDIUM, ask, deployed, hit, versions

_NAMES = ("CORS_ALLOW_ALL_ORIGINS", "CORS_ORIGIN_ALLOW_ALL")


def _is_limited(site: Settings) -> bool:
    """Whether it is about some paths only, which are public by design then."""
    return ask(site, "CORS_URLS_REGEX", "").value not in ("", ".*", "^.*$", "^/.*$", "^/.*")


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, *_NAMES):
        if fact.value is True:
            yield hit(
                fact,
                "Any page can read what this site answers without a session: by token, from "
                "inside a company's network, by address.",
                'CORS_ALLOWED_ORIGINS = ["https://app.example.com"]',
                confidence=MEDIUM if in_use(site) and not _is_limited(site) else LOW,
            )
            return


RULE = Rule("CORS491", "settings", deployed(_check))
