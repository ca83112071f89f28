"""SET428: templates are in debug mode."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import HIGH, LOW, ask, deployed, hit, items, versions


def _check(site: Settings) -> Iterator[Hit]:
    if ask(site, "DEBUG").value is True:
        return
    for fact in versions(site, "TEMPLATES", "TEMPLATE_DEBUG"):
        if fact.name == "TEMPLATE_DEBUG" and fact.value is True:
            yield hit(fact, "It has had no effect since Django 1.10.", "Remove it.", confidence=LOW)
        for engine in items(fact.value):
            options = engine.get("OPTIONS") if isinstance(engine, dict) else None
            if isinstance(options, dict) and options.get("debug") is True:
                yield hit(
                    fact,
                    "Error reports show the source of templates, whatever DEBUG says.",
                    'Remove "debug": it follows DEBUG by itself.',
                    confidence=HIGH,
                )


RULE = Rule("SET428", "settings", deployed(_check))
