"""SET426: the debug toolbar is shown to everybody."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import HIGH, deployed, hit, versions


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "DEBUG_TOOLBAR_CONFIG"):
        config = fact.value if isinstance(fact.value, dict) else {}
        callback = config.get("SHOW_TOOLBAR_CALLBACK")
        if callback is True or (isinstance(callback, str) and callback.endswith(": True")):
            yield hit(
                fact,
                "SHOW_TOOLBAR_CALLBACK is true for every request: settings, SQL and headers are "
                "shown to all visitors.",
                "Remove it, or return settings.DEBUG in it.",
                confidence=HIGH,
            )
            return


RULE = Rule("SET426", "settings", deployed(_check))
