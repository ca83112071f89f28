"""SET424: A tool for debugging is installed."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import HIGH, LOW, MEDIUM, apps, deployed, hit, texts

_TOOLS = {
    "debug_toolbar": MEDIUM,
    "silk": MEDIUM,
    "django_pdb": HIGH,
    "debug_panel": MEDIUM,
    "template_profiler_panel": MEDIUM,
    "django_browser_reload": LOW,
    "django_extensions": LOW,
    "werkzeug_debugger_runserver": HIGH,
    "rosetta": LOW,
}


def _check(site: Settings) -> Iterator[Hit]:
    fact = apps(site)
    for app in texts(fact.value):
        sure = _TOOLS.get(app.partition(".")[0])
        if sure is not None:
            yield hit(
                fact,
                f"{app} shows or does more than a visitor should see, and is in INSTALLED_APPS "
                "outside of any condition.",
                "Add it in the settings for development only, or under if DEBUG.",
                confidence=sure,
                at=app,
            )


RULE = Rule("SET424", "settings", deployed(_check))
