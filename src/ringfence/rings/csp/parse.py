"""Read ``RINGFENCE['csp']``, and the argument of the decorators, into policies.

Everything that is wrong is added to the findings, all at once; nothing here raises for a bad
value, of whatever type.
"""

from __future__ import annotations

from collections.abc import Mapping

from ringfence.finding import Findings
from ringfence.rings.csp import bypass
from ringfence.rings.csp.directives import add_problem, kind_of, read_directives
from ringfence.rings.csp.grammar import DIRECTIVES
from ringfence.rings.csp.model import CspPolicy, CspRing
from ringfence.rings.csp.presets import PRESETS
from ringfence.rings.csp.problem import suggest
from ringfence.rings.csp.reporting import ENDPOINT, check_endpoint, read_endpoint, with_reports
from ringfence.rings.csp.words import DEPRECATED

__all__ = ["parse", "parse_policies"]

OPTIONS = frozenset(("enforce", "report_only", "report_to"))


#: Without effect in a report-only policy: CSP3, section 6.3.2 (sandbox), and Upgrade Insecure
#: Requests, section 3.2.
_ENFORCED_ONLY = frozenset(("sandbox", "upgrade-insecure-requests"))


def parse(config: object, findings: Findings, setting: str = "RINGFENCE['csp']") -> CspRing | None:
    """Read the whole setting.

    ``config`` is a preset's name, a dict of directives, a dict with the options ``enforce``,
    ``report_only`` and ``report_to``, True (the preset ``"base"``) or False (the ring is off).
    With options, ``enforce`` left out means ``"base"``; ``enforce: False`` enforces nothing.

    Returns None where the ring is off or cannot be used; in the latter case ``findings`` holds
    an error. Never raises.

    >>> ring = parse("base", Findings())
    >>> ring.enforce[0].compile().plain
    "object-src 'none'; base-uri 'self'; frame-ancestors 'self'"
    """
    if config is False:
        return None
    if config is True:
        config = "base"
    before = len(findings.errors)
    if isinstance(config, Mapping) and _is_options(config, findings, setting):
        ring = _options(config, findings, setting)
    else:
        ring = CspRing(enforce=parse_policies(config, findings, setting))
    if len(findings.errors) > before:
        return None
    for policy in (*ring.enforce, *ring.report_only):
        check_endpoint(policy, findings, setting, given=bool(ring.reporting_endpoints))
    return ring


def parse_policies(
    config: object, findings: Findings, setting: str, *, report_only: bool = False
) -> tuple[CspPolicy, ...]:
    """Read one disposition: a preset's name, a dict of directives, or a list of those.

    False stands for no policy at all. Never raises; a policy with errors is left out.
    """
    if config is False:
        return ()
    if isinstance(config, (list, tuple)):
        if not config:
            findings.add(
                "CSP003",
                setting=setting,
                value=config,
                reason="it holds no policy.",
                fix="Write a preset or directives, or False for no policy.",
            )
        items = [
            _policy(item, findings, f"{setting}[{index}]", report_only=report_only)
            for index, item in enumerate(config)
        ]
    else:
        items = [_policy(config, findings, setting, report_only=report_only)]
    return tuple(item for item in items if item is not None)


def _is_options(config: Mapping[object, object], findings: Findings, setting: str) -> bool:
    """Whether the dict holds options; a dict that holds both kinds of keys is an error."""
    options = [key for key in config if isinstance(key, str) and key in OPTIONS]
    others = [key for key in config if key not in options]
    if not others:
        return True
    if not options:
        return False
    directives = [
        key
        for key in others
        if isinstance(key, str) and (key.lower() in DIRECTIVES or key == "preset")
    ]
    for key in others:
        if key in directives:
            continue
        hint = suggest(
            key if isinstance(key, str) else "",
            OPTIONS,
            "The options are enforce, report_only and report_to.",
        )
        findings.add(
            "CSP006", setting=setting, value=key, reason="there is no such option.", fix=hint
        )
    if directives:
        findings.add(
            "CSP004",
            setting=setting,
            value=directives,
            reason=f"directives stand beside the option {options[0]!r}.",
            fix="Put the directives into 'enforce' or 'report_only'.",
        )
    return True


def _options(config: Mapping[object, object], findings: Findings, setting: str) -> CspRing:
    enforce = parse_policies(config.get("enforce", "base"), findings, f"{setting}['enforce']")
    report_only = parse_policies(
        config.get("report_only", False),
        findings,
        f"{setting}['report_only']",
        report_only=True,
    )
    endpoint = config.get("report_to", False)
    if endpoint is False or endpoint is None:
        return CspRing(enforce, report_only)
    url = read_endpoint(endpoint, findings, f"{setting}['report_to']")
    if url is None:
        return CspRing(enforce, report_only)
    quoted = url.replace("\\", "\\\\").replace('"', '\\"')
    return CspRing(
        tuple(with_reports(policy, url, findings, setting) for policy in enforce),
        tuple(with_reports(policy, url, findings, setting) for policy in report_only),
        # Reporting API, section 3.2: a dictionary of strings (RFC 9651, section 3.3.3).
        f'{ENDPOINT}="{quoted}"',
    )


def _policy(
    config: object, findings: Findings, setting: str, *, report_only: bool
) -> CspPolicy | None:
    if isinstance(config, str):
        return _preset(config, findings, setting)
    if not isinstance(config, Mapping):
        findings.add(
            "CSP003",
            setting=setting,
            value=config,
            reason=f"a policy cannot be {kind_of(config)}.",
            fix=f"Write a preset ({', '.join(sorted(PRESETS))}) or a dict of directives.",
        )
        return None
    base = None
    if "preset" in config:
        name = config["preset"]
        base = _preset(name, findings, f"{setting}['preset']")
        if base is None:
            return None
    elif not config:
        findings.add(
            "CSP003",
            setting=setting,
            value=config,
            reason="it holds no directive.",
            fix="Write directives, or False for no policy.",
        )
        return None
    before = len(findings.errors)
    given = read_directives(config, findings, setting)
    policy = base or CspPolicy(())
    for name, values in given.items():
        policy = policy.with_directive(name, values)
    if given.get("frame-ancestors") is not None:
        policy = CspPolicy(policy.directives, frame_ancestors_explicit=True)
    if len(findings.errors) > before:
        return None
    _note(policy, base, findings, setting, report_only=report_only)
    return policy


def _preset(name: object, findings: Findings, setting: str) -> CspPolicy | None:
    if isinstance(name, str):
        policy = PRESETS.get(str.__str__(name))
        if policy is not None:
            return policy
        known = f"The presets are {', '.join(sorted(PRESETS))}; directives go into a dict."
        fix = suggest(name.lower(), frozenset(PRESETS), known)
        findings.add(
            "CSP002", setting=setting, value=name, reason="there is no such preset.", fix=fix
        )
    else:
        findings.add(
            "CSP003",
            setting=setting,
            value=name,
            reason="a preset is named by a string.",
            fix=f"Write one of {', '.join(sorted(PRESETS))}.",
        )
    return None


def _note(
    policy: CspPolicy,
    base: CspPolicy | None,
    findings: Findings,
    setting: str,
    *,
    report_only: bool,
) -> None:
    """Add what is well-formed but will not do what was meant."""
    # What a preset leaves open it leaves open by design, and its documentation says so.
    known = {weakness.code for weakness in bypass.weaknesses(base)} if base else set()
    for weakness in bypass.weaknesses(policy):
        if weakness.code not in known:
            add_problem(findings, weakness, setting)
    for name, _ in policy.directives:
        if name in DEPRECATED:
            findings.add(
                "CSP211",
                setting=setting,
                value=name,
                reason="browsers have dropped it, or never had it.",
                fix=DEPRECATED[name],
            )
        if report_only and name in _ENFORCED_ONLY:
            findings.add(
                "CSP212",
                setting=setting,
                value=name,
                reason="browsers ignore it in a policy that is only reported on.",
                fix="Move it to 'enforce'.",
            )
