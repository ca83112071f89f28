"""INFO492: templates are escaped for HTML text only."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import LOW, deployed, hit, in_development, items, versions


def _check(site: Settings) -> Iterator[Hit]:
    if in_development(site):
        return
    for fact in versions(site, "TEMPLATES"):
        for engine in items(fact.value):
            backend = engine.get("BACKEND") if isinstance(engine, dict) else None
            if isinstance(backend, str) and not backend.startswith("ringfence."):
                yield hit(
                    fact,
                    "A variable in a script, a handler, a style or a link is escaped as if it "
                    "stood in text.",
                    '"BACKEND": "ringfence.template.DjangoTemplates"',
                    confidence=LOW,
                )
                return


RULE = Rule("INFO492", "settings", deployed(_check))
