"""What is allowed in a transport policy, and still worth a word."""

from __future__ import annotations

from ringfence.finding import Finding, Findings, Severity
from ringfence.rings.transport.cookies import CookieFloor
from ringfence.rings.transport.hsts import DAY, YEAR
from ringfence.rings.transport.policy import TransportPolicy

__all__ = ["findings"]

#: Half a year: less is forgotten by a browser between two visits that are not rare.
SHORT = 180 * DAY


def findings(policy: TransportPolicy) -> list[Finding]:
    """Return what ``policy`` lacks, beyond what its parser refused.

    >>> [finding.code for finding in findings(TransportPolicy())]
    ['TLS201']
    """
    found = Findings()
    if not policy.decided:
        found.add(
            "TLS201",
            setting="RINGFENCE['transport']",
            reason="nobody has said whether this site is served over https, so nothing is "
            "redirected and browsers are not told to stay there.",
            fix='Write "transport": "https", or "transport": {"https": False} where plain http is '
            "meant.",
        )
    if policy.redirect and not policy.hsts:
        found.add(
            "TLS207",
            setting="RINGFENCE['transport']['hsts']",
            reason="http is redirected to https, but each visit may begin with http again.",
            fix='Write "hsts": "ramp".',
        )
    if policy.hsts_seconds and policy.hsts_seconds < SHORT and not policy.hsts_ramp:
        found.add(
            "TLS203",
            setting="RINGFENCE['transport']['hsts']",
            value=policy.hsts_seconds,
            reason="browsers forget it in less than half a year.",
            fix=f"Write {YEAR} once nothing is left on plain http.",
        )
    year = policy.hsts_ramp or policy.hsts_seconds >= YEAR
    if policy.hsts_preload and not (year and policy.hsts_include_subdomains):
        found.add(
            "TLS205",
            setting="SECURE_HSTS_PRELOAD",
            value=True,
            reason="preload lists take a site only with a lifetime of a year and with its "
            "subdomains.",
            fix=f"Set SECURE_HSTS_SECONDS = {YEAR} and SECURE_HSTS_INCLUDE_SUBDOMAINS = True, or "
            "give up preload.",
        )
    if not policy.nosniff:
        found.add(
            "TLS204",
            setting="RINGFENCE['transport']['nosniff']",
            value=False,
            reason="a browser may take an uploaded text for a script.",
            fix="Remove it (or SECURE_CONTENT_TYPE_NOSNIFF = False).",
        )
    _name_raised(policy.cookies, found)
    return list(found)


def _name_raised(floor: CookieFloor, found: Findings) -> None:
    """Name the settings that a site wrote itself and that the floor does not let through."""
    for cookie in floor.declared:
        rule = floor.rules[cookie.name]
        samesite = cookie.samesite.lower() if isinstance(cookie.samesite, str) else ""
        rows = (
            ("SECURE", cookie.secure, rule.secure and not cookie.secure, "insecure"),
            ("HTTPONLY", cookie.httponly, rule.httponly and not cookie.httponly, "readable"),
            (
                "SAMESITE",
                cookie.samesite,
                rule.samesite != "None" and samesite not in ("lax", "strict"),
                "samesite_none",
            ),
        )
        for key, value, raised, option in rows:
            setting = f"{cookie.prefix}_{key}"
            if raised and setting in cookie.overridden:
                to = {"SECURE": "Secure over https", "HTTPONLY": "HttpOnly"}.get(
                    key, f"SameSite={rule.samesite}"
                )
                found.add(
                    "TLS206",
                    setting=setting,
                    value=value,
                    reason=f"the cookie is sent with {to} all the same.",
                    fix=f"Remove the setting, or write RINGFENCE['transport']['cookies'] = "
                    f'{{"{cookie.name}": {{"dangerously_{option}": True}}}} where it is meant.',
                    # Written out for development, most of the time: over http nothing changes.
                    severity=Severity.INFO if key == "SECURE" else None,
                )
