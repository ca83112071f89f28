"""The settings of django-cors-headers, judged by the CORS ring's reader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ringfence.audit.model import UNKNOWN, Hit, Rule, Settings
from ringfence.audit.rules._settings import (
    LOW,
    MEDIUM,
    Fact,
    complete,
    deployed,
    has_middleware,
    hit,
    items,
    middleware,
    texts,
    versions,
)
from ringfence.finding import Confidence, Findings

__all__ = ["in_use", "rule"]


def in_use(site: Settings) -> bool:
    """Whether something may send CORS headers by these settings."""
    fact = middleware(site)
    return not complete(fact) or has_middleware(fact, "cors")


def rule(code: str, confidence: Confidence = MEDIUM, *, place: str = "") -> Rule:
    """Return the rule that says what the ring's reader says under ``code``.

    ``place`` is the setting to point to, where it is not the one that the reader names.
    """

    def check(site: Settings) -> Iterator[Hit]:
        facts = {
            fact.name: fact
            for name in site.values
            if name.startswith("CORS_")
            for fact in reversed(list(versions(site, name)))
        }
        if not facts:
            return
        # The ring's reader: what few sites have settings for.
        from ringfence.rings.cors.corsheaders import from_corsheaders  # noqa: PLC0415

        findings = Findings()
        from_corsheaders({name: _known(fact.value) for name, fact in facts.items()}, findings)
        for found in findings:
            if found.code == code and found.setting in facts:
                fact = facts.get(place, facts[found.setting])
                sure = confidence if in_use(site) else LOW
                yield hit(
                    fact,
                    _sentence(found.reason),
                    found.fix,
                    confidence=sure,
                    at=_at(fact, found.value),
                )

    return Rule(code, "settings", deployed(check))


def _sentence(reason: str) -> str:
    return reason[:1].upper() + reason[1:]


def _known(value: Any) -> Any:
    """Leave out what cannot be told."""
    if isinstance(value, (list, tuple, frozenset)):
        return [each for each in items(value) if each is not UNKNOWN]
    return None if value is UNKNOWN else value


def _at(fact: Fact, quoted: str) -> object:
    return next((each for each in texts(fact.value) if ascii(str.__str__(each)) == quoted), None)
