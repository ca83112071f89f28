"""Where the browser reports to: the option ``report_to``, and what it adds to every policy."""

from __future__ import annotations

from urllib.parse import urlsplit

from ringfence.finding import Findings
from ringfence.origin import Origin, OriginError
from ringfence.rings.csp.grammar import check_directive
from ringfence.rings.csp.model import CspPolicy
from ringfence.rings.csp.values import text_of

__all__ = ["ENDPOINT", "check_endpoint", "read_endpoint", "with_reports"]

#: The name of the one reporting endpoint, in Reporting-Endpoints and in report-to.
ENDPOINT = "ringfence"


def read_endpoint(value: object, findings: Findings, setting: str) -> str | None:
    """Read the option: a path or an https URL; None where there is an error among the findings."""
    text = text_of(value)
    if text is None:
        findings.add(
            "CSP003",
            setting=setting,
            value=value,
            reason="it is no URL.",
            fix="Write a path of this site or an https URL, as '/csp-report/'.",
        )
        return None
    problems = check_directive("report-uri", [text])
    reason = problems[0].reason if problems else ""
    if not reason:
        reason = _endpoint_reason(text)
    if reason:
        findings.add(
            "CSP007",
            setting=setting,
            value=text,
            reason=reason,
            fix="Write a path of this site or an https URL, as '/csp-report/'.",
        )
        return None
    return text


def _endpoint_reason(text: str) -> str:
    """Why browsers would not report to ``text``; "" when they would."""
    if len(text) > 2048:
        return "it is longer than 2048 characters."
    if text.startswith("/") and not text.startswith("//"):
        return ""
    try:
        parts = urlsplit(text)
        origin = Origin.parse(f"{parts.scheme}://{parts.netloc}")
    except (ValueError, OriginError) as error:
        return f"it is neither a path nor a URL with a host: {error}"
    # Reporting API, section 3.3: an endpoint that is not potentially trustworthy is skipped.
    if origin.scheme != "https" and not (origin.scheme == "http" and origin.is_loopback):
        return "browsers report to https only."
    return ""


def with_reports(policy: CspPolicy, url: str, findings: Findings, setting: str) -> CspPolicy:
    """Return the policy with its reports sent to ``url``."""
    for name in ("report-to", "report-uri"):
        if policy.get(name) is not None:
            findings.add(
                "CSP301",
                setting=setting,
                value=f"{name} {' '.join(policy.get(name) or ())}",
                reason="the option report_to sets report-to and report-uri in every policy.",
                fix=f"Leave out either the option or the directive {name}.",
            )
    # Browsers that know report-to ignore report-uri beside it (CSP3, section 6.5.1).
    return policy.with_directive("report-uri", (url,)).with_directive("report-to", (ENDPOINT,))


def check_endpoint(policy: CspPolicy, findings: Findings, setting: str, *, given: bool) -> None:
    """Add a finding where a policy reports to an endpoint that no header of ours names."""
    group = policy.get("report-to")
    if group and not given:
        findings.add(
            "CSP213",
            setting=setting,
            value=f"report-to {' '.join(group)}",
            reason="no Reporting-Endpoints header of ringfence's names this endpoint.",
            fix="Use the option report_to, or see to it that the site sends that header.",
        )
