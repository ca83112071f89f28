"""The options of one CORS policy: their names, and how a finding about one is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ringfence.finding import Findings, Severity

__all__ = [
    "ANY_HEADER",
    "ANY_ORIGIN",
    "DANGEROUS_KEYS",
    "HTTP_ORIGINS",
    "MAX_AGE_LIMIT",
    "NULL_CREDENTIALS",
    "NULL_ORIGIN",
    "PERMISSIVE_REGEXES",
    "POLICY_KEYS",
    "PUBLIC_SUFFIXES",
    "SITE_KEYS",
    "Reporter",
    "Scope",
    "no_origins",
    "read_flag",
    "read_strings",
    "wrong_type",
]

#: Seconds. No browser keeps a preflight for longer (Firefox's cap; Chromium's is 7200).
MAX_AGE_LIMIT = 86400

ANY_ORIGIN = "dangerously_any_origin_with_credentials"
NULL_ORIGIN = "dangerously_null_origin"
NULL_CREDENTIALS = "dangerously_null_origin_with_credentials"
HTTP_ORIGINS = "dangerously_http_origins_with_credentials"
PUBLIC_SUFFIXES = "dangerously_public_suffixes"
PERMISSIVE_REGEXES = "dangerously_permissive_regexes"
ANY_HEADER = "dangerously_any_header_with_credentials"

DANGEROUS_KEYS = frozenset(
    {
        ANY_ORIGIN,
        NULL_ORIGIN,
        NULL_CREDENTIALS,
        HTTP_ORIGINS,
        PUBLIC_SUFFIXES,
        PERMISSIVE_REGEXES,
        ANY_HEADER,
    }
)
POLICY_KEYS = DANGEROUS_KEYS | {
    "credentials",
    "expose_headers",
    "headers",
    "max_age",
    "methods",
    "origin_regexes",
    "origins",
    "private_network",
}
SITE_KEYS = POLICY_KEYS | {"paths", "views"}


@dataclass(frozen=True, slots=True)
class Reporter:
    """Adds findings about one policy; ``severity`` overrides the register's."""

    findings: Findings
    setting: str
    severity: Severity | None = None

    def __call__(self, code: str, key: str, value: object, reason: str, fix: str) -> None:
        """Add a finding about the option ``key`` (``""``: about the policy itself)."""
        self.findings.add(
            code,
            setting=f"{self.setting}[{key!r}]" if key else self.setting,
            value=value,
            reason=reason,
            fix=fix,
            severity=self.severity,
        )


@dataclass(frozen=True, slots=True)
class Scope:
    """One policy being read: its options, and what they say about credentials and dangers."""

    config: Mapping[object, object]
    report: Reporter
    credentials: bool
    dangers: frozenset[str]


def wrong_type(report: Reporter, key: str, value: object, wanted: str) -> None:
    """Add a finding about a value of the wrong type."""
    report("CORS002", key, value, f"it is of the type {type(value).__name__}.", f"Write {wanted}.")


def no_origins(report: Reporter, config: object) -> None:
    """Add a finding about a policy that names no origins."""
    report(
        "CORS003",
        "",
        config,
        "it names no origins, so that it allows none.",
        "Add 'origins': ['https://app.example.com'], or write False in place of the policy.",
    )


def read_flag(config: Mapping[object, object], key: str, report: Reporter) -> bool:
    """Return an option that is True or False; anything else is a finding, and False."""
    value = config.get(key, False)
    if isinstance(value, bool):
        return value
    wrong_type(report, key, value, "True or False")
    return False


def read_strings(value: object, key: str, report: Reporter) -> list[str]:
    """Return the strings of a list; what is no list of strings becomes findings."""
    if not isinstance(value, (list, tuple, set, frozenset)):
        wrong_type(report, key, value, "a list of strings")
        return []
    strings: list[str] = []
    for entry in value:
        if isinstance(entry, str):
            strings.append(entry)
        else:
            wrong_type(report, key, entry, "strings into the list")
    return strings
