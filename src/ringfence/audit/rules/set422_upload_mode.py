"""SET422: uploaded files can be changed or run by others."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import HIGH, MEDIUM, deployed, hit, versions

_NAMES = ("FILE_UPLOAD_PERMISSIONS", "FILE_UPLOAD_DIRECTORY_PERMISSIONS")


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, *_NAMES):
        if not isinstance(fact.value, int) or isinstance(fact.value, bool):
            continue
        is_file = fact.name == _NAMES[0]
        if fact.value & 0o002:
            what, sure = "Every account of the machine can change it", HIGH
        elif is_file and fact.value & 0o111:
            what, sure = "An uploaded file can be run as a program", MEDIUM
        else:
            continue
        yield hit(
            fact,
            f"{what}.",
            f"{fact.name} = {'0o644' if is_file else '0o755'}",
            confidence=sure,
        )


RULE = Rule("SET422", "settings", deployed(_check))
