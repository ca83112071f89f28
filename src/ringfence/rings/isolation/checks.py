"""What is allowed in an isolation policy, and still worth a word."""

from __future__ import annotations

from ringfence.finding import Finding, Findings
from ringfence.rings.isolation.policy import IsolationPolicy

__all__ = ["findings"]


def findings(policy: IsolationPolicy) -> list[Finding]:
    """Return what ``policy`` lacks, beyond what its parser refused.

    >>> findings(IsolationPolicy())
    []
    """
    found = Findings()
    if policy.coop in (None, "unsafe-none"):
        found.add(
            "ISO201",
            setting="RINGFENCE['isolation']['coop']",
            value=policy.coop,
            reason="a page that opens the site, or that the site opens, keeps a handle on its "
            "window.",
            fix='Write "same-origin", or "same-origin-allow-popups" for sign-in and payment '
            "windows.",
        )
    if policy.resources == "off":
        found.add(
            "ISO202",
            setting="RINGFENCE['isolation']['resources']",
            value="off",
            reason="other sites may load what a visitor's session sees as a script, image or "
            "frame.",
            fix='Write "report" to see who does, then "enforce".',
        )
    elif policy.resources == "report":
        found.add(
            "ISO203",
            setting="RINGFENCE['isolation']['resources']",
            value="report",
            reason="what other sites load with a visitor's session is reported and let through.",
            fix='Write "enforce" once the reports name nothing that is meant.',
        )
    return list(found)
