"""The settings of the site that is running, for the same rules that read settings from source."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Any, Final

from ringfence.audit.model import UNKNOWN, Finding, Place, Project, Setting, Settings
from ringfence.audit.report import run_rules
from ringfence.audit.rules import all_rules, django_ids
from ringfence.finding import REGISTER, Confidence
from ringfence.records import record

__all__ = ["Loaded", "filled_in", "findings", "loaded"]

_PLAIN: Final = (str, bytes, bool, int, float, type(None))
_LISTS: Final = (list, tuple, set, frozenset)
_MAX_DEPTH: Final = 12
_SECRET: Final = re.compile(r"SECRET|PASS|KEY|TOKEN|CREDENTIAL|SALT|DSN|AUTH_?HEADER")
#: A value does not tell whether it stood in the source.
_OF_SOURCE: Final = frozenset({"SET402", "SECR491", "SECR492", "SECR493", "SECR494"})
#: And a site with these checks has ringfence.
_LEFT_OUT: Final = frozenset({"INFO491", "INFO492"}) | _OF_SOURCE


@record
class Loaded:
    """The settings of the site that is running: what was given, and the file that gave it."""

    path: Path
    values: Mapping[str, Any]


def filled_in(site: Settings, values: Mapping[str, Any]) -> Settings:
    """Return settings read from source, with what only running them could tell.

    What may be a secret is left unknown: it is known now, and still stands nowhere in the source.
    """
    known = dict(site.values)
    for name, value in values.items():
        read = known.get(name)
        if (read is not None and read.value is not UNKNOWN) or _SECRET.search(name):
            continue
        plain = _plain(value)
        if plain is UNKNOWN or isinstance(plain, str | bytes | dict):
            continue
        place = Place(site.path, 1) if read is None else read.place
        known[name] = Setting(plain, place)
    return replace(site, values=known)


def loaded(module: str, values: Mapping[str, Any]) -> Settings:
    """Return settings as the rules know them. What is no plain data is unknown, and not touched."""
    place = Place(module, 0)
    given = {name: Setting(_plain(value), place) for name, value in values.items()}
    return Settings(module, module, "deployed", given)


def findings(module: str, values: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what the rules on settings find in these values, and no other check says already.

    :raises RuntimeError: if a rule failed, once what the others found has been yielded.
    """
    said_by_others = {*django_ids(), *REGISTER, *_LEFT_OUT}
    rules = [
        rule
        for rule in all_rules()
        if rule.source == "settings" and rule.code not in said_by_others
    ]
    report = run_rules(Project(settings=[loaded(module, values)]), rules=rules)
    yield from (each for each in report.findings if each.confidence > Confidence.LOW)
    if report.unasked:
        raise RuntimeError(f"these rules failed: {dict(report.unasked)}")


def _plain(value: Any, depth: int = 0) -> Any:
    """Return a copy that is data only: nothing lazy is evaluated for it."""
    kind = type(value)  # isinstance would ask the value, and a lazy one would load
    if depth > _MAX_DEPTH:
        return UNKNOWN
    if kind in _PLAIN or kind is datetime.timedelta:
        return value
    if issubclass(kind, PurePath):
        return str(value)
    if kind is dict:
        return {_plain(key): _plain(each, depth + 1) for key, each in value.items()}
    if kind in _LISTS:
        items = [_plain(each, depth + 1) for each in value]
        return items if kind is list else tuple(items)
    return UNKNOWN
