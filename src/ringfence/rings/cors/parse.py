"""Reads ``RINGFENCE['cors']``: every problem becomes a finding, a dangerous value is refused."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from ringfence.finding import Findings, quote
from ringfence.origin import OriginRules
from ringfence.rings.cors.decide import CLOSED, CorsPolicy, CorsSite
from ringfence.rings.cors.options import (
    ANY_ORIGIN,
    DANGEROUS_KEYS,
    POLICY_KEYS,
    PUBLIC_SUFFIXES,
    SITE_KEYS,
    Reporter,
    Scope,
    no_origins,
    read_flag,
    wrong_type,
)
from ringfence.rings.cors.origins import read_origins
from ringfence.rings.cors.vocabulary import read_expose, read_headers, read_max_age, read_methods

__all__ = ["parse", "parse_policy"]


def parse(
    config: object, findings: Findings, setting: str = "RINGFENCE['cors']"
) -> CorsSite | None:
    """Compile the site's CORS configuration; ``None`` where the ring is off or unusable.

    Every problem is added to ``findings``; nothing is raised, whatever ``config`` is.

    >>> findings = Findings()
    >>> site = parse({"origins": ["https://app.example"]}, findings)
    >>> site.default.allows("https://app.example"), len(findings)
    (True, 0)
    >>> parse({"origins": ["null"]}, findings).default.allows("null")
    False
    >>> [finding.code for finding in findings]
    ['CORS102']
    """
    report = Reporter(findings, setting)
    if config is None or config is False:
        return None
    if not isinstance(config, Mapping):
        wrong_type(report, "", config, "a dict, or False to switch the ring off")
        return None
    _unknown_keys(config, SITE_KEYS, report)
    by_name = _policies(config, "views", report)
    by_path = _policies(config, "paths", report)
    default: CorsPolicy | None = None
    if POLICY_KEYS & config.keys():
        default = _policy(config, report)
    elif not by_name and not by_path and "views" not in config and "paths" not in config:
        no_origins(report, config)
        return None
    return CorsSite(
        default=default,
        by_name=MappingProxyType(by_name),
        by_path=tuple(sorted(by_path.items(), key=lambda item: (-len(item[0]), item[0]))),
    )


def parse_policy(
    config: object, findings: Findings, setting: str = "RINGFENCE['cors']"
) -> CorsPolicy | None:
    """Compile one policy (of a decorator, a view or a path); ``None`` for what is no dict.

    Every problem is added to ``findings``; what is refused is left out of the policy returned.
    """
    report = Reporter(findings, setting)
    if not isinstance(config, Mapping):
        wrong_type(report, "", config, "a dict")
        return None
    _unknown_keys(config, POLICY_KEYS, report)
    return _policy(config, report)


def _policies(config: Mapping[object, object], key: str, report: Reporter) -> dict[str, CorsPolicy]:
    """Read ``views`` or ``paths``: policies by the name or the path they are for."""
    if key not in config:
        return {}
    value = config[key]
    if not isinstance(value, Mapping):
        wrong_type(report, key, value, "a dict of policies")
        return {}
    policies: dict[str, CorsPolicy] = {}
    for name, policy in value.items():
        if not isinstance(name, str) or not name:
            report("CORS005", key, name, "it is no text.", "Write a URL name or a path.")
        elif key == "paths" and not name.startswith("/"):
            report(
                "CORS005",
                key,
                name,
                "a path begins with a slash.",
                f"Write {quote('/' + name.lstrip('^/'))}; URL names go into 'views'.",
            )
        elif policy is False:
            policies[name] = CLOSED
        else:
            compiled = parse_policy(
                policy, report.findings, f"{report.setting}[{key!r}][{quote(name)}]"
            )
            if compiled is not None:
                policies[name] = compiled
    return policies


def _unknown_keys(config: Mapping[object, object], known: Iterable[str], report: Reporter) -> None:
    for key in config:
        if isinstance(key, str) and key in known:
            continue
        close = difflib.get_close_matches(key, known, 1, 0.6) if isinstance(key, str) else []
        if close:
            fix = f"Write {close[0]!r}."
        elif isinstance(key, str) and key in SITE_KEYS:
            fix = "It belongs to RINGFENCE['cors'] itself, not to one policy."
        else:
            fix = f"Known are: {', '.join(sorted(known))}."
        report("CORS001", "", key, "there is no such option.", fix)


def _policy(config: Mapping[object, object], report: Reporter) -> CorsPolicy:
    dangers = frozenset(key for key in DANGEROUS_KEYS if read_flag(config, key, report))
    scope = Scope(config, report, read_flag(config, "credentials", report), dangers)
    if "origins" not in config and "origin_regexes" not in config:
        no_origins(report, dict(config))
    origins = read_origins(scope)
    headers, any_header = read_headers(scope)
    policy = CorsPolicy(
        rules=OriginRules.compile(origins.rules),
        any_origin=origins.any_origin,
        null_origin=origins.null_origin,
        patterns=origins.patterns,
        dynamic=origins.dynamic,
        credentials=scope.credentials,
        methods=read_methods(scope),
        headers=headers,
        any_header=any_header,
        expose=read_expose(scope),
        max_age=read_max_age(scope),
        private_network=read_flag(config, "private_network", report),
        public_suffixes=PUBLIC_SUFFIXES in dangers,
    )
    if policy.any_origin and policy.credentials and ANY_ORIGIN not in dangers:
        report(
            "CORS101",
            "credentials",
            config["credentials"],
            "every site on the web could read what its visitors' sessions can read here.",
            f"List the origins, or switch 'credentials' off; {ANY_ORIGIN!r}: True if it is meant.",
        )
        return replace(policy, any_origin=False)
    return policy
