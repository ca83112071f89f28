"""AUTH491: A social account takes over a local one by e-mail address."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._settings import HIGH, MEDIUM, deployed, hit, versions


def _check(site: Settings) -> Iterator[Hit]:
    for fact in versions(site, "SOCIALACCOUNT_EMAIL_AUTHENTICATION"):
        if fact.value is True:
            yield hit(
                fact,
                "Whoever has that address at any of the providers is logged in as its owner here; "
                "not every provider checks addresses.",
                'Set "EMAIL_AUTHENTICATION": True for single providers that verify addresses.',
                confidence=MEDIUM,
            )
    pipelines = "social_core.pipeline.social_auth.associate_by_email"
    for fact in versions(site, "SOCIAL_AUTH_PIPELINE"):
        steps = fact.value if isinstance(fact.value, (list, tuple)) else ()
        for step in steps:
            if step == pipelines:
                yield hit(
                    fact,
                    "Whoever has that address at any of the providers is logged in as its owner "
                    "here; not every provider checks addresses.",
                    "Remove the step, or all providers that do not verify addresses.",
                    confidence=HIGH,
                    at=step,
                )


RULE = Rule("AUTH491", "settings", deployed(_check))
