"""``CSRF_TRUSTED_ORIGINS``, judged by the CSRF ring's reader."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import LOW, MEDIUM, deployed, hit, texts, versions
from ringfence.finding import Confidence, Findings

__all__ = ["rule"]

_NAME = "CSRF_TRUSTED_ORIGINS"


def rule(code: str, confidence: Confidence = MEDIUM) -> Rule:
    """Return the rule that says what the ring's reader says of an entry under ``code``."""

    def check(site: Settings) -> Iterator[Hit]:
        for fact in versions(site, _NAME):
            refused = [(entry, *_refusal(code, entry)) for entry in texts(fact.value)]
            refused = [each for each in refused if each[1]]
            if not refused:
                continue
            entry, reason, fix = refused[0]
            others = f" ({len(refused) - 1} more like it)" if len(refused) > 1 else ""
            yield hit(
                fact,
                f"{entry!s}: {reason}{others}",
                fix,
                confidence=_confidence(entry, confidence),
                at=entry,
            )
            return

    return Rule(code, "settings", deployed(check))


def _confidence(entry: str, usual: Confidence) -> Confidence:
    if entry.rpartition("://")[2].strip() == "*":
        return MEDIUM  # whoever wrote it wants the check to let every site through
    return usual if "://" in entry else LOW


def _refusal(code: str, entry: str) -> tuple[str, str]:
    """Return why the ring would refuse an entry under ``code``, and what to write instead."""
    # The ring's reader: what few sites have settings for.
    from ringfence.rings.csrf.parse import parse  # noqa: PLC0415
    from ringfence.rings.csrf.policy import CsrfPolicy  # noqa: PLC0415

    findings = Findings()
    parse({"trusted_origins": [str.__str__(entry)]}, findings, CsrfPolicy())
    for found in findings:
        if found.code == code:
            return found.reason, found.fix.partition(", or set")[0]
    return "", ""
