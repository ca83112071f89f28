"""Read ``RINGFENCE['csp']``, and the argument of the decorators, into policies.

Everything that is wrong is added to the findings, all at once; nothing here raises for a bad
value, of whatever type.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from ringfence.finding import Findings
from ringfence.origin import Origin, OriginError
from ringfence.rings.csp import bypass
from ringfence.rings.csp.grammar import (
    DEPRECATED,
    DIRECTIVES,
    KEYWORDS,
    VALUELESS,
    Problem,
    check_directive,
    check_name,
    suggest,
)
from ringfence.rings.csp.model import NONE, CspPolicy, CspRing
from ringfence.rings.csp.presets import PRESETS
from ringfence.rings.csp.values import Unreadable, text_of, values_of

__all__ = ["ENDPOINT", "SIZE_LIMIT", "parse", "parse_policies"]

#: Servers and proxies refuse a response whose header fields are longer than 8 to 32 KiB in all.
SIZE_LIMIT = 16 * 1024

#: The name of the one reporting endpoint, in Reporting-Endpoints and in report-to.
ENDPOINT = "ringfence"

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
        _check_endpoint(policy, findings, setting, given=bool(ring.reporting_endpoints))
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
    url = _endpoint(endpoint, findings, f"{setting}['report_to']")
    if url is None:
        return CspRing(enforce, report_only)
    quoted = url.replace("\\", "\\\\").replace('"', '\\"')
    return CspRing(
        tuple(_with_reports(policy, url, findings, setting) for policy in enforce),
        tuple(_with_reports(policy, url, findings, setting) for policy in report_only),
        # Reporting API, section 3.2: a dictionary of strings (RFC 9651, section 3.3.3).
        f'{ENDPOINT}="{quoted}"',
    )


def _endpoint(value: object, findings: Findings, setting: str) -> str | None:
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


def _with_reports(policy: CspPolicy, url: str, findings: Findings, setting: str) -> CspPolicy:
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


def _check_endpoint(policy: CspPolicy, findings: Findings, setting: str, *, given: bool) -> None:
    group = policy.get("report-to")
    if group and not given:
        findings.add(
            "CSP213",
            setting=setting,
            value=f"report-to {' '.join(group)}",
            reason="no Reporting-Endpoints header of ringfence's names this endpoint.",
            fix="Use the option report_to, or see to it that the site sends that header.",
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
            reason=f"a policy cannot be {_article(config)}.",
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
    given = _directives(config, findings, setting)
    policy = base or CspPolicy(())
    for name, values in given.items():
        policy = policy.with_directive(name, values)
    if given.get("frame-ancestors") is not None:
        policy = CspPolicy(policy.directives, frame_ancestors_explicit=True)
    if len(findings.errors) > before:
        return None
    _note(policy, base, findings, setting, report_only=report_only)
    return policy


def _article(value: object) -> str:
    name = "None" if value is None else type(value).__name__
    return name if value is None else f"of type {name}"


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


class _Given(NamedTuple):
    """One directive as it was written."""

    name: str
    values: tuple[str, ...] | None


def _directives(
    config: Mapping[object, object], findings: Findings, setting: str
) -> dict[str, tuple[str, ...] | None]:
    """Read a dict of directives; None stands for one that is to be left out."""
    given: dict[str, tuple[str, ...] | None] = {}
    size = 0
    for key, value in config.items():
        if key == "preset":
            continue
        if not isinstance(key, str):
            findings.add(
                "CSP003",
                setting=setting,
                value=key,
                reason="a directive is named by a string.",
                fix="Write the directive's name, as 'script-src'.",
            )
            continue
        size += len(key) + 2
        tokens = values_of(value)
        if tokens is not None and not isinstance(tokens, Unreadable):
            size += sum(len(token) + 1 for token in tokens)
        if size > SIZE_LIMIT:
            findings.add(
                "CSP110",
                setting=setting,
                reason=f"the policy is longer than {SIZE_LIMIT} bytes, more than servers and "
                "proxies carry in one header.",
                fix="Allow hosts by wildcard, or scripts by nonce and 'strict-dynamic'.",
            )
            break
        read = _directive(key, tokens, findings, f"{setting}[{key[:64]!a}]")
        if read is None:
            continue
        if read.name in given:
            findings.add(
                "CSP005",
                setting=setting,
                value=key,
                reason="it is given twice in different case, and browsers obey only the first.",
                fix="Write it once, in lower case.",
            )
            continue
        given[read.name] = read.values
    return given


def _directive(
    key: str, tokens: tuple[str, ...] | Unreadable | None, findings: Findings, setting: str
) -> _Given | None:
    problem = check_name(key)
    if problem:
        _add(findings, problem, setting)
        return None
    name = key.lower()
    if tokens is None:
        return _Given(name, None)
    if isinstance(tokens, Unreadable):
        findings.add(
            "CSP003",
            setting=setting,
            value=tokens.value,
            reason=f"a source cannot be {_article(tokens.value)}.",
            fix="Write strings: one, or a list, tuple or set of them.",
        )
        return None
    if not tokens and name not in VALUELESS:
        findings.add(
            "CSP111",
            setting=setting,
            reason="it has no value, which browsers read as 'none' and Django leaves out.",
            fix="Write \"'none'\" to allow nothing, or None to leave the directive out.",
        )
        return None
    for problem in check_directive(name, tokens):
        _add(findings, problem, setting)
    # Keywords are compared without case; one spelling is enough for everything that follows.
    return _Given(
        name,
        tuple(
            dict.fromkeys(
                token.lower() if token.lower() in KEYWORDS or token.lower() == NONE else token
                for token in tokens
            )
        ),
    )


def _add(findings: Findings, problem: Problem, setting: str) -> None:
    value = "" if problem.value is None else problem.value
    findings.add(problem.code, setting=setting, value=value, reason=problem.reason, fix=problem.fix)


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
            _add(findings, weakness, setting)
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
