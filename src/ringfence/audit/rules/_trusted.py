"""``CSRF_TRUSTED_ORIGINS``, judged by the CSRF ring's reader."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import LOW, MEDIUM, deployed, hit, texts, versions
from ringfence.finding import Confidence, Findings
from ringfence.rings.csrf.parse import parse
from ringfence.rings.csrf.policy import CsrfPolicy

__all__ = ["rule"]

_NAME = "CSRF_TRUSTED_ORIGINS"


def rule(code: str, confidence: Confidence = MEDIUM) -> Rule:
    """Return the rule that says what the ring's reader says of an entry under ``code``."""

    def check(site: Settings) -> Iterator[Hit]:
        for fact in versions(site, _NAME):
            for entry in texts(fact.value):
                findings = Findings()
                parse({"trusted_origins": [str.__str__(entry)]}, findings, CsrfPolicy())
                for found in findings:
                    if found.code == code:
                        yield hit(
                            fact,
                            f"{entry!s}: {found.reason}",
                            found.fix.replace("dangerously_insecure_origins", "").partition(
                                ", or set"
                            )[0],
                            confidence=LOW if _is_host_only(entry) else confidence,
                            at=entry,
                        )

    return Rule(code, "settings", deployed(check))


def _is_host_only(entry: str) -> bool:
    """Before Django 4 entries were hosts."""
    return "://" not in entry
