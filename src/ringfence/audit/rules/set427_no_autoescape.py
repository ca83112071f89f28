"""SET427: A template engine escapes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import HIGH, deployed, hit, items, versions


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "TEMPLATES"):
        for engine in items(fact.value):
            options = engine.get("OPTIONS") if isinstance(engine, dict) else None
            if isinstance(options, dict) and options.get("autoescape") is False:
                yield hit(
                    fact,
                    "Whatever a variable holds becomes markup, in every template.",
                    "Remove autoescape: False; use a second engine, with its own DIRS, for mails "
                    "in plain text.",
                    confidence=HIGH,
                    at=next((key for key in options if key == "autoescape"), None),
                )


RULE = Rule("SET427", "settings", deployed(_check))
