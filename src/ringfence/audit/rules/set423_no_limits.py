"""SET423: requests may be of any size."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import MEDIUM, deployed, hit, versions

_NAMES = (
    "DATA_UPLOAD_MAX_MEMORY_SIZE",
    "DATA_UPLOAD_MAX_NUMBER_FIELDS",
    "DATA_UPLOAD_MAX_NUMBER_FILES",
)
_HUGE = 1024**3


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, *_NAMES):
        size = fact.value if isinstance(fact.value, int) else 0
        if fact.value is None or (fact.name == _NAMES[0] and size >= _HUGE):
            yield hit(
                fact,
                "One request can fill the memory, or keep a process busy for minutes.",
                f"Remove {fact.name}: Django's default is a limit; raise it for one view only.",
                confidence=MEDIUM,
            )


RULE = Rule("SET423", "settings", deployed(_check))
