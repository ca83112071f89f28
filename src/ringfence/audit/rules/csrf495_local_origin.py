"""CSRF495: an origin on the visitor's own machine is trusted."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import LOW, deployed, hit, in_development, texts, versions

_LOCAL = ("http://localhost", "http://127.0.0.1", "https://localhost", "http://0.0.0.0")


def _check(site: Settings) -> Iterator[Hit]:
    if in_development(site):
        return
    for fact in versions(site, "CSRF_TRUSTED_ORIGINS", "CORS_ALLOWED_ORIGINS"):
        for entry in texts(fact.value):
            if entry.lower().startswith(_LOCAL):
                yield hit(
                    fact,
                    "Whatever listens on that port of a visitor's machine is trusted by the "
                    "server: it is left from development.",
                    "Add it in the settings for development.",
                    confidence=LOW,
                    at=entry,
                )
                break


RULE = Rule("CSRF495", "settings", deployed(_check))
