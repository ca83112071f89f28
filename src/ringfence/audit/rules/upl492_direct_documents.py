"""UPL492: private documents are served without a check."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import LOW, deployed, hit, versions


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "WAGTAILDOCS_SERVE_METHOD"):
        if fact.value == "direct":
            yield hit(
                fact,
                "Whoever has a document's address can read it, whatever the privacy of its "
                "collection.",
                'WAGTAILDOCS_SERVE_METHOD = "serve_view"',
                confidence=LOW,
            )


RULE = Rule("UPL492", "settings", deployed(_check))
