"""DRF495: the API's browsable pages are on."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._drf import setting
from ringfence.audit.rules._settings import LOW, ask, deployed, hit, texts


def _check(site: Settings) -> Iterator[Hit]:
    if ask(site, "DEBUG").value is True:
        return
    for fact, value in setting(site, "DEFAULT_RENDERER_CLASSES"):
        browsable = [each for each in texts(value) if "Browsable" in each]
        if value is None or browsable:
            yield hit(
                fact,
                "Visitors get forms and documentation of every view, and pages to inject into.",
                '"DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"]',
                confidence=LOW,
                at=browsable[0] if browsable else None,
            )
        return


RULE = Rule("DRF495", "settings", deployed(_check))
