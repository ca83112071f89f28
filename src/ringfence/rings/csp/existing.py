"""Read the policies that sites already have: Django's ``SECURE_CSP*`` and django-csp's.

A value keeps its meaning, however odd it is: what a browser would have made of the header that
Django or django-csp wrote is what it makes of ours. What is malformed or dangerous is named by a
finding that fails ``check --deploy``; only what no server can send is refused.
"""

from __future__ import annotations

from collections.abc import Mapping

from ringfence.finding import Findings, Severity
from ringfence.rings.csp import bypass
from ringfence.rings.csp.departures import (
    CONTROLS,
    from_response_config,
    listed,
    serialize_values,
)
from ringfence.rings.csp.directives import SIZE_LIMIT
from ringfence.rings.csp.grammar import DIRECTIVES, check_directive, check_name
from ringfence.rings.csp.model import CspPolicy
from ringfence.rings.csp.problem import suggest
from ringfence.rings.csp.words import DEPRECATED

__all__ = ["from_django", "from_django_csp"]

#: The directives that django-csp 4 knows; it drops any other (its documentation, "Settings").
DJANGO_CSP_DIRECTIVES = frozenset(DIRECTIVES) - {"fenced-frame-src", "referrer", "reflected-xss"}

_DJANGO_CSP_KEYS = frozenset(("DIRECTIVES", "EXCLUDE_URL_PREFIXES", "REPORT_PERCENTAGE"))

_KEEP = "It keeps its meaning until you change it. "


def from_django(config: object, findings: Findings, setting: str) -> CspPolicy | None:
    """Read ``SECURE_CSP`` or ``SECURE_CSP_REPORT_ONLY``. None: no header. Never raises."""
    if not config:
        return None
    if not isinstance(config, Mapping):
        findings.add(
            "CSP003",
            setting=setting,
            value=config,
            reason="it is no dict of directives, and Django fails on every response with it.",
            fix="Write a dict of directives.",
            severity=Severity.ERROR,
        )
        return None
    kept = {}
    for name, value in config.items():
        if isinstance(value, (list, tuple, set, frozenset)) and not value:
            findings.add(
                "CSP111",
                setting=f"{setting}[{name!a}]",
                reason="Django leaves a directive without sources out, so that it limits nothing.",
                fix=_KEEP + "Write \"'none'\" to allow nothing.",
                severity=Severity.DEPLOY_ERROR,
            )
            continue
        kept[name] = value
    return _read(kept, findings, setting)


def from_django_csp(
    config: object, findings: Findings, setting: str
) -> tuple[CspPolicy | None, tuple[str, ...], float]:
    """Read ``CONTENT_SECURITY_POLICY`` or ``CONTENT_SECURITY_POLICY_REPORT_ONLY``.

    Returns the policy (None: no header), the path prefixes that get none, and the percentage of
    responses that ask for reports. Never raises.

    >>> from_django_csp({"DIRECTIVES": {}}, Findings(), "CONTENT_SECURITY_POLICY")[0].directives
    (('default-src', ("'self'",)),)
    """
    if not config:
        return None, (), 100.0
    if not isinstance(config, Mapping):
        findings.add(
            "CSP003",
            setting=setting,
            value=config,
            reason="it is no dict, and django-csp fails on every response with it.",
            fix="Write a dict with the key DIRECTIVES.",
            severity=Severity.ERROR,
        )
        return None, (), 100.0
    for key in config:
        if key not in _DJANGO_CSP_KEYS:
            findings.add(
                "CSP006",
                setting=setting,
                value=key,
                reason="django-csp has no such key and ignores it.",
                fix=suggest(
                    key.upper() if isinstance(key, str) else "",
                    _DJANGO_CSP_KEYS,
                    "Directives go below DIRECTIVES.",
                ),
                severity=Severity.DEPLOY_ERROR,
            )
    directives = config.get("DIRECTIVES", {})
    if not isinstance(directives, Mapping):
        findings.add(
            "CSP003",
            setting=f"{setting}['DIRECTIVES']",
            value=directives,
            reason="it is no dict of directives.",
            fix="Write a dict of directives.",
            severity=Severity.ERROR,
        )
        directives = {}
    # django-csp begins with default-src 'self' and nothing else.
    kept: dict[object, object] = {"default-src": ("'self'",)}
    for name, value in directives.items():
        if name in DJANGO_CSP_DIRECTIVES:
            kept[name] = value
            continue
        problem = check_name(name) if isinstance(name, str) else None
        findings.add(
            "CSP001",
            setting=f"{setting}['DIRECTIVES']",
            value=name,
            reason="django-csp knows no such directive and drops it.",
            fix=_KEEP + (problem.fix if problem else "Write its name in lower case."),
            severity=Severity.DEPLOY_ERROR,
        )
    policy = _read(kept, findings, f"{setting}['DIRECTIVES']")
    return (
        policy,
        _prefixes(config.get("EXCLUDE_URL_PREFIXES"), findings, setting),
        _percentage(config.get("REPORT_PERCENTAGE", 100), findings, setting),
    )


def _prefixes(value: object, findings: Findings, setting: str) -> tuple[str, ...]:
    setting = f"{setting}['EXCLUDE_URL_PREFIXES']"
    if not value:
        return ()
    items: tuple[object, ...] = ()
    if isinstance(value, (str, list, tuple, set, frozenset)):
        # django-csp makes a tuple of whatever it is: of a string, one of its characters.
        items = tuple(value)
    prefixes = tuple(str.__str__(item) for item in items if isinstance(item, str))
    if len(prefixes) != len(items) or not items:
        findings.add(
            "CSP003",
            setting=setting,
            value=value,
            reason="it is no list of paths.",
            fix="Write a list of paths that begin with '/'.",
            severity=Severity.DEPLOY_ERROR,
        )
    if "/" in prefixes or "" in prefixes:
        findings.add(
            "CSP112",
            setting=setting,
            value=value,
            reason="every path begins with '/': no response gets the policy.",
            fix=_KEEP + "Write a list of the paths that are meant.",
        )
    elif prefixes:
        findings.add(
            "CSP218",
            setting=setting,
            value=value,
            reason="a page under such a path has no policy, and it shares its origin with all "
            "others: a script injected there reads them.",
            fix="Exempt single views with @csp_exempt().",
        )
    return prefixes


def _percentage(value: object, findings: Findings, setting: str) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 100:
        return float(value)
    findings.add(
        "CSP003",
        setting=f"{setting}['REPORT_PERCENTAGE']",
        value=value,
        reason="it is no number from 0 to 100.",
        fix="Write a number from 0 to 100.",
        severity=Severity.DEPLOY_ERROR,
    )
    return 100.0


def _read(config: Mapping[object, object], findings: Findings, setting: str) -> CspPolicy | None:
    """Check each directive, then build the policy out of those that can be sent."""
    kept: dict[str, object] = {}
    size = 0
    for name, value in config.items():
        if value is None or value is False:
            continue
        place = f"{setting}[{str(name)[:64]!a}]" if isinstance(name, str) else setting
        try:
            text = f"{name} {'' if value is True else serialize_values(listed(value))}"
        except Exception:  # noqa: BLE001 - a lazy value's deferred call may raise anything
            text = "\0"
        if not isinstance(name, str) or not CONTROLS.isdisjoint(text):
            findings.add(
                "CSP104",
                setting=place,
                value=value,
                reason="no server can send it in a header.",
                fix="Write directives and sources as strings without line breaks.",
                severity=Severity.ERROR,
            )
            continue
        size += len(text) + 2
        kept[name] = value
        if size > SIZE_LIMIT:
            continue
        # True and [True] are a directive without a value.
        if value is True or listed(value) == [True]:
            kept[name] = True
            text = name
        _check(text, findings, place)
    if size > SIZE_LIMIT:
        findings.add(
            "CSP110",
            setting=setting,
            reason=f"the policy is longer than {SIZE_LIMIT} bytes, more than servers and proxies "
            "carry in one header.",
            fix="Allow hosts by wildcard, or scripts by nonce and 'strict-dynamic'.",
            severity=Severity.DEPLOY_ERROR,
        )
    policy = from_response_config(kept)
    for weakness in bypass.weaknesses(policy) if size <= SIZE_LIMIT else ():
        findings.add(
            weakness.code,
            setting=setting,
            value=weakness.value or "",
            reason=weakness.reason,
            fix=weakness.fix,
        )
    return policy if policy.directives else None


def _check(text: str, findings: Findings, setting: str) -> None:
    """Check one directive by the grammar; ``text`` is as the other package would send it."""
    first, *others = text.split(";")
    if any(other.strip() for other in others):
        findings.add(
            "CSP103",
            setting=setting,
            value=text,
            reason="';' ends the directive, and browsers read the rest as another one.",
            fix=_KEEP + "Write one key for each directive.",
            severity=Severity.DEPLOY_ERROR,
        )
    for part in (first, *others):
        name, *tokens = part.split() or [""]
        if name:
            _check_directive(name, tokens, findings, setting)


def _check_directive(name: str, tokens: list[str], findings: Findings, setting: str) -> None:
    problem = check_name(name)
    problems = [problem] if problem else check_directive(name.lower(), tokens)
    for problem in problems:
        findings.add(
            problem.code,
            setting=setting,
            value=problem.value or "",
            reason=problem.reason,
            fix=_KEEP + problem.fix,
            severity=Severity.WARNING if problem.code[3] == "2" else Severity.DEPLOY_ERROR,
        )
    if name.lower() in DEPRECATED:
        findings.add(
            "CSP211",
            setting=setting,
            value=name,
            reason="browsers have dropped it, or never had it.",
            fix=DEPRECATED[name.lower()],
        )
