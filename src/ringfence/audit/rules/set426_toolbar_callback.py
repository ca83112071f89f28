"""SET426: the debug toolbar is shown to everybody."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from ringfence.audit.model import Hit, Project, Rule, Settings
from ringfence.audit.rules._settings import HIGH, deployed, hit, versions


def _check(project: Project, site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "DEBUG_TOOLBAR_CONFIG"):
        config = fact.value if isinstance(fact.value, dict) else {}
        callback = config.get("SHOW_TOOLBAR_CALLBACK")
        if callback is True or (isinstance(callback, str) and _says_yes(project, callback)):
            yield hit(
                fact,
                "SHOW_TOOLBAR_CALLBACK is true for every request: settings, SQL and headers are "
                "shown to all visitors.",
                "Remove it, or return settings.DEBUG in it.",
                confidence=HIGH,
            )
            return


def _says_yes(project: Project, callback: str) -> bool:
    """Say whether a function returns nothing but True: by its text, or by its dotted name."""
    if callback.endswith(": True"):
        return True
    module, _, name = callback.rpartition(".")
    return any(
        function.name == name and function.returns.literal is True
        for facts in project.python.values()
        if module and facts.module.endswith(module)
        for function in facts.functions
    )


def check(project: Project) -> Iterator[Hit]:
    """Find the callback where it lets everybody in."""
    yield from deployed(partial(_check, project))(project)


RULE = Rule("SET426", "settings", check)
