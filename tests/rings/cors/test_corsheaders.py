"""django-cors-headers' settings: each keeps its meaning, each danger has its name."""

from __future__ import annotations

import pytest

from ringfence.finding import Findings, Severity
from ringfence.rings.cors.policy import CorsPolicy, from_corsheaders

A = "https://a.example"


def read(settings) -> tuple[CorsPolicy, Findings]:
    findings = Findings()
    site = from_corsheaders(settings, findings)
    assert site is not None
    assert site.default is not None
    return site.default, findings


def test_nothing_set():
    findings = Findings()
    assert from_corsheaders({"DEBUG": True, "CORS_SOMETHING_ELSE": 1}, findings) is None
    assert len(findings) == 0


HARMLESS = {
    "a list": {"CORS_ALLOWED_ORIGINS": [A], "CORS_ALLOW_CREDENTIALS": True},
    "a set": {"CORS_ALLOWED_ORIGINS": {A}},
    "the older name": {"CORS_ORIGIN_WHITELIST": (A,)},
    "an anchored regex": {"CORS_ALLOWED_ORIGIN_REGEXES": [r"^https://\w+\.example\.com$"]},
    "all origins": {"CORS_ALLOW_ALL_ORIGINS": True},
    "file": {"CORS_ALLOWED_ORIGINS": ["file://"]},
    "URLs": {"CORS_ALLOWED_ORIGINS": [A], "CORS_URLS_REGEX": r"^/api/.*$"},
    "http on loopback": {
        "CORS_ALLOWED_ORIGINS": ["http://localhost:3000"],
        "CORS_ALLOW_CREDENTIALS": True,
    },
}

D, W = Severity.DEPLOY_ERROR, Severity.WARNING
NAMED = {
    "any origin with credentials": (
        {"CORS_ALLOW_ALL_ORIGINS": True, "CORS_ALLOW_CREDENTIALS": True},
        "CORS101",
        D,
    ),
    "null": ({"CORS_ALLOWED_ORIGINS": ["null"]}, "CORS102", D),
    "null with credentials": (
        {"CORS_ALLOWED_ORIGINS": ["null"], "CORS_ALLOW_CREDENTIALS": True},
        "CORS103",
        D,
    ),
    "http with credentials": (
        {"CORS_ALLOWED_ORIGINS": ["http://a.example"], "CORS_ALLOW_CREDENTIALS": True},
        "CORS104",
        D,
    ),
    "http regex with credentials": (
        {
            "CORS_ALLOWED_ORIGIN_REGEXES": [r"^https?://a\.example$"],
            "CORS_ALLOW_CREDENTIALS": True,
        },
        "CORS104",
        D,
    ),
    "a prefix": ({"CORS_ALLOWED_ORIGIN_REGEXES": [r"^https://a\.example"]}, "CORS109", D),
    "permissive": ({"CORS_ALLOWED_ORIGIN_REGEXES": [r"^https://.*example\.com$"]}, "CORS110", D),
    "explosive": ({"CORS_ALLOWED_ORIGIN_REGEXES": [r"^https://(\w+)+\.a\.com$"]}, "CORS111", D),
    "does not compile": ({"CORS_ALLOWED_ORIGIN_REGEXES": ["("]}, "CORS112", D),
    "any scheme": ({"CORS_ALLOWED_ORIGIN_REGEXES": [r"^.*://a\.com$"]}, "CORS121", D),
    "a path": ({"CORS_ALLOWED_ORIGINS": [f"{A}/"]}, "CORS107", D),
    "no scheme": ({"CORS_ALLOWED_ORIGINS": ["a.example"]}, "CORS107", D),
    "a wildcard": ({"CORS_ALLOWED_ORIGINS": ["https://*.a.example"]}, "CORS106", W),
    "capitals": ({"CORS_ALLOWED_ORIGINS": ["https://A.example"]}, "CORS204", W),
    "default port": ({"CORS_ALLOWED_ORIGINS": [f"{A}:443"]}, "CORS204", W),
    "one string": ({"CORS_ALLOWED_ORIGINS": A}, "CORS004", D),
    "origins None": ({"CORS_ALLOWED_ORIGINS": None}, "CORS002", D),
    "origins with a number in": ({"CORS_ALLOWED_ORIGINS": [1]}, "CORS002", D),
    "credentials as text": ({"CORS_ALLOW_CREDENTIALS": "yes"}, "CORS002", D),
    "headers as one string": ({"CORS_ALLOW_HEADERS": "X-Token"}, "CORS002", D),
    "methods as a number": ({"CORS_ALLOW_METHODS": 1}, "CORS002", D),
    "age as text": ({"CORS_PREFLIGHT_MAX_AGE": "60"}, "CORS002", D),
    "age negative": ({"CORS_PREFLIGHT_MAX_AGE": -1}, "CORS119", D),
    "URLs a number": ({"CORS_URLS_REGEX": 1}, "CORS002", D),
    "Set-Cookie exposed": ({"CORS_EXPOSE_HEADERS": ["Set-Cookie"]}, "CORS117", D),
    "header with a newline": ({"CORS_EXPOSE_HEADERS": ["X\r\nY"]}, "CORS116", D),
    "both names": ({"CORS_ALLOWED_ORIGINS": [A], "CORS_ORIGIN_WHITELIST": []}, "CORS301", W),
    "all and some": ({"CORS_ALLOWED_ORIGINS": [A], "CORS_ALLOW_ALL_ORIGINS": True}, "CORS302", W),
    "misspelt": ({"CORS_ALLOWED_ORIGINS": [A], "CORS_ALLOW_CREDENTIAL": 1}, "CORS001", D),
}


@pytest.mark.parametrize("settings", HARMLESS.values(), ids=HARMLESS)
def test_says_nothing_of(settings):
    _, findings = read(settings)
    assert [str(finding) for finding in findings] == []


@pytest.mark.parametrize(("settings", "code", "severity"), NAMED.values(), ids=NAMED)
def test_names(settings, code, severity):
    _, findings = read(settings)
    found = {(finding.code, finding.severity) for finding in findings}
    assert (code, severity) in found, found
    assert all(finding.severity < Severity.ERROR for finding in findings)
    assert all(finding.setting.startswith("CORS_") for finding in findings)


def keeps(settings, origin) -> bool:
    return read(settings)[0].allows(origin)


MEANINGS = {
    "an origin": ({"CORS_ALLOWED_ORIGINS": [A]}, A, True),
    "another": ({"CORS_ALLOWED_ORIGINS": [A]}, "https://b.example", False),
    "a path is not read": ({"CORS_ALLOWED_ORIGINS": [f"{A}/x"]}, A, True),
    "capitals match nothing": ({"CORS_ALLOWED_ORIGINS": ["https://A.example"]}, A, False),
    "a default port matches nothing": ({"CORS_ALLOWED_ORIGINS": [f"{A}:443"]}, A, False),
    "a wildcard matches nothing": (
        {"CORS_ALLOWED_ORIGINS": ["https://*.a.example"]},
        "https://x.a.example",
        False,
    ),
    "null": ({"CORS_ALLOWED_ORIGINS": ["null"]}, "null", True),
    "file": ({"CORS_ALLOWED_ORIGINS": ["file://"]}, "file://", True),
    "a prefix": (
        {"CORS_ALLOWED_ORIGIN_REGEXES": [r"^https://a\.example"]},
        "https://a.example.evil.example",
        True,
    ),
    "not in the middle": ({"CORS_ALLOWED_ORIGIN_REGEXES": [r"a\.example"]}, A, False),
    "all, without credentials": ({"CORS_ALLOW_ALL_ORIGINS": True}, "https://b.example", True),
    "all, with credentials: null": (
        {"CORS_ALLOW_ALL_ORIGINS": True, "CORS_ALLOW_CREDENTIALS": True},
        "null",
        True,
    ),
    "one string": ({"CORS_ALLOWED_ORIGINS": A}, A, False),
}


@pytest.mark.parametrize(("settings", "origin", "allowed"), MEANINGS.values(), ids=MEANINGS)
def test_keeps_the_meaning_of(settings, origin, allowed):
    assert keeps(settings, origin) is allowed


def test_any_origin_with_credentials_is_reflected():
    policy, _ = read({"CORS_ALLOW_ALL_ORIGINS": True, "CORS_ALLOW_CREDENTIALS": True})
    assert policy.actual_headers("https://x.example")[0][1] == "https://x.example"
    assert policy.varies


def test_a_star_for_methods_and_headers_without_credentials():
    settings = {
        "CORS_ALLOWED_ORIGINS": [A],
        "CORS_ALLOW_METHODS": ["*"],
        "CORS_ALLOW_HEADERS": ["*"],
    }
    policy, _ = read(settings)
    assert policy.preflight(A, "PURGE", "x-y", False, True).status == 204
    policy, _ = read({**settings, "CORS_ALLOW_CREDENTIALS": True})
    assert policy.preflight(A, "PURGE", None, False, True).status == 403
    assert policy.preflight(A, "GET", "x-y", False, True).status == 403


def test_the_age_of_preflights():
    assert read({"CORS_ALLOWED_ORIGINS": []})[0].max_age == "86400"
    assert read({"CORS_PREFLIGHT_MAX_AGE": 0})[0].max_age is None
    assert read({"CORS_PREFLIGHT_MAX_AGE": 5})[0].max_age == "5"


def test_urls_regex():
    findings = Findings()
    site = from_corsheaders({"CORS_ALLOWED_ORIGINS": [A], "CORS_URLS_REGEX": "^/api/"}, findings)
    assert site.policy_for("/api/x") is site.default
    assert site.policy_for("/x/api/") is None
    unreadable = from_corsheaders({"CORS_URLS_REGEX": "("}, findings)
    assert unreadable.policy_for("/") is None
    assert from_corsheaders({"CORS_URLS_REGEX": r"^.*$"}, findings).urls_regex is None
