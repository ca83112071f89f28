"""SET401: DEBUG is on."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import deployed, hit, versions


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "DEBUG"):
        if fact.value is True or fact.value == 1 or (isinstance(fact.value, str) and fact.value):
            by_default = "" if fact.value is True else " (any text that is not empty counts as on)"
            yield hit(
                fact,
                f"An error shows every visitor the code, settings and local variables{by_default}.",
                'DEBUG = os.environ.get("DEBUG") == "1"',
            )
            return


RULE = Rule("SET401", "settings", deployed(_check))
