"""CSP492: the content security policy only reports."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Rule, Settings
from ringfence.audit.rules._csp import ENFORCED, REPORTED
from ringfence.audit.rules._settings import MEDIUM, deployed, hit, versions


def _check(site: Settings) -> Iterator[Hit]:
    older = [fact.value for fact in versions(site, "CSP_REPORT_ONLY")]
    if any(site.get(name) for name in ENFORCED) and True not in older:
        return
    for fact in versions(site, *REPORTED, "CSP_REPORT_ONLY"):
        if fact.value and (fact.name != "CSP_REPORT_ONLY" or fact.value is True):
            yield hit(
                fact,
                "Browsers run what it forbids and say so afterwards; no other policy is enforced.",
                "Move the directives that nothing breaks into the policy that is enforced.",
                confidence=MEDIUM,
            )
            return


RULE = Rule("CSP492", "settings", deployed(_check))
