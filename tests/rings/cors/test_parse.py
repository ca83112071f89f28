"""Every value that RINGFENCE['cors'] refuses, and its neighbour that it takes."""

from __future__ import annotations

import re

import pytest

from ringfence.finding import Findings, Severity
from ringfence.rings.cors.policy import CorsSite, parse, parse_policy

OK = "https://app.example.com"


def compiled(config: object) -> tuple[CorsSite | None, Findings]:
    findings = Findings()
    return parse(config, findings), findings


def codes(config: object) -> list[str]:
    return sorted({finding.code for finding in compiled(config)[1]})


REFUSED = {
    "any origin with credentials": ({"origins": "*", "credentials": True}, "CORS101"),
    "any origin in a list, with credentials": ({"origins": ["*"], "credentials": True}, "CORS101"),
    "null": ({"origins": ["null"]}, "CORS102"),
    "null in capitals": ({"origins": ["NULL"]}, "CORS102"),
    "null with credentials": ({"origins": ["null"], "credentials": True}, "CORS103"),
    "null with credentials, the smaller danger meant": (
        {"origins": ["null"], "credentials": True, "dangerously_null_origin": True},
        "CORS103",
    ),
    "http with credentials": ({"origins": ["http://a.com"], "credentials": True}, "CORS104"),
    "http wildcard with credentials": (
        {"origins": ["http://*.a.com"], "credentials": True},
        "CORS104",
    ),
    "http regex with credentials": (
        {"origin_regexes": [r"^https?://a\.com$"], "credentials": True},
        "CORS104",
    ),
    "single-label wildcard": ({"origins": ["https://*.com"]}, "CORS105"),
    "single-label wildcard with a port": ({"origins": ["https://*.com:8443"]}, "CORS105"),
    "single-label wildcard with a final dot": ({"origins": ["https://*.com."]}, "CORS105"),
    "wildcard for every host": ({"origins": ["https://*"]}, "CORS106"),
    "wildcard in the middle": ({"origins": ["https://a.*.example.com"]}, "CORS106"),
    "wildcard within a label": ({"origins": ["https://app*.example.com"]}, "CORS106"),
    "two wildcards": ({"origins": ["https://*.*.example.com"]}, "CORS106"),
    "wildcard scheme": ({"origins": ["*://example.com"]}, "CORS106"),
    "wildcard port": ({"origins": ["https://example.com:*"]}, "CORS106"),
    "wildcard before an IPv4 address": ({"origins": ["https://*.2.3.4"]}, "CORS106"),
    "wildcard before an IPv6 address": ({"origins": ["https://*.[::1]"]}, "CORS106"),
    "wildcard without a scheme": ({"origins": ["*.example.com"]}, "CORS106"),
    "no scheme": ({"origins": ["example.com"]}, "CORS107"),
    "a path": ({"origins": ["https://example.com/app"]}, "CORS107"),
    "a trailing slash": ({"origins": ["https://example.com/"]}, "CORS107"),
    "a query": ({"origins": ["https://example.com?x"]}, "CORS107"),
    "a fragment": ({"origins": ["https://example.com#x"]}, "CORS107"),
    "user information": ({"origins": ["https://me@example.com"]}, "CORS107"),
    "unicode host": ({"origins": ["https://bücher.example"]}, "CORS107"),
    "blank around": ({"origins": [" https://example.com"]}, "CORS107"),
    "newline behind": ({"origins": ["https://example.com\n"]}, "CORS107"),
    "port out of range": ({"origins": ["https://example.com:70000"]}, "CORS107"),
    "empty": ({"origins": [""]}, "CORS107"),
    "file scheme": ({"origins": ["file://x"]}, "CORS107"),
    "websocket scheme": ({"origins": ["wss://example.com"]}, "CORS107"),
    "wildcard with a path": ({"origins": ["https://*.example.com/x"]}, "CORS107"),
    "default port of https": ({"origins": ["https://example.com:443"]}, "CORS108"),
    "default port of http": ({"origins": ["http://example.com:80"]}, "CORS108"),
    "default port of a wildcard": ({"origins": ["https://*.example.com:443"]}, "CORS108"),
    "regex not anchored": ({"origin_regexes": [r"https://a\.example\.com"]}, "CORS109"),
    "regex too permissive": ({"origin_regexes": [r"^https://.*example\.com$"]}, "CORS110"),
    "regex of exponential time": (
        {"origin_regexes": [r"^https://(\w+)+\.example\.com$"]},
        "CORS111",
    ),
    "regex that does not compile": ({"origin_regexes": ["^https://("]}, "CORS112"),
    "regex for any scheme": ({"origin_regexes": [r"^.*://a\.example\.com$"]}, "CORS121"),
    "CONNECT": ({"origins": [OK], "methods": ["CONNECT"]}, "CORS113"),
    "TRACE": ({"origins": [OK], "methods": ["TRACE"]}, "CORS113"),
    "track in lower case": ({"origins": [OK], "methods": ["track"]}, "CORS113"),
    "method with a blank": ({"origins": [OK], "methods": ["GET POST"]}, "CORS114"),
    "empty method": ({"origins": [OK], "methods": [""]}, "CORS114"),
    "any method": ({"origins": [OK], "methods": ["*"]}, "CORS114"),
    "Cookie": ({"origins": [OK], "headers": ["Cookie"]}, "CORS115"),
    "Host": ({"origins": [OK], "headers": ["host"]}, "CORS115"),
    "Sec- header": ({"origins": [OK], "headers": ["Sec-Fetch-Site"]}, "CORS115"),
    "Proxy- header": ({"origins": [OK], "headers": ["Proxy-Authorization"]}, "CORS115"),
    "header with a colon": ({"origins": [OK], "headers": ["X-Token:"]}, "CORS116"),
    "exposed header with a blank": ({"origins": [OK], "expose_headers": ["X Total"]}, "CORS116"),
    "Set-Cookie exposed": ({"origins": [OK], "expose_headers": ["Set-Cookie"]}, "CORS117"),
    "set-cookie2 exposed": ({"origins": [OK], "expose_headers": ["set-cookie2"]}, "CORS117"),
    "any header with credentials": (
        {"origins": [OK], "headers": "*", "credentials": True},
        "CORS118",
    ),
    "all exposed with credentials": (
        {"origins": [OK], "expose_headers": ["*"], "credentials": True},
        "CORS118",
    ),
    "negative max_age": ({"origins": [OK], "max_age": -1}, "CORS119"),
    "max_age over a day": ({"origins": [OK], "max_age": 86401}, "CORS119"),
    "max_age True": ({"origins": [OK], "max_age": True}, "CORS002"),
    "max_age as text": ({"origins": [OK], "max_age": "60"}, "CORS002"),
    "origins as one string": ({"origins": OK}, "CORS004"),
    "origins a number": ({"origins": 5}, "CORS002"),
    "origins a class": ({"origins": dict}, "CORS002"),
    "origins with a number in": ({"origins": [5]}, "CORS002"),
    "regexes as one string": ({"origin_regexes": r"^https://a\.com$"}, "CORS002"),
    "regex of bytes": ({"origin_regexes": [re.compile(b"x")]}, "CORS002"),
    "methods as one string": ({"origins": [OK], "methods": "GET"}, "CORS002"),
    "headers as one string": ({"origins": [OK], "headers": "X-Token"}, "CORS002"),
    "credentials as text": ({"origins": [OK], "credentials": "yes"}, "CORS002"),
    "danger as text": ({"origins": [OK], "dangerously_null_origin": "yes"}, "CORS002"),
    "no dict": ("https://a.com", "CORS002"),
    "True": (True, "CORS002"),
    "views no dict": ({"views": []}, "CORS002"),
    "policy of a view no dict": ({"views": {"home": True}}, "CORS002"),
    "unknown key": ({"origins": [OK], "colour": "red"}, "CORS001"),
    "key that is no text": ({"origins": [OK], 5: 5}, "CORS001"),
    "site key within one policy": ({"paths": {"/a": {"origins": [OK], "views": {}}}}, "CORS001"),
    "no origins": ({"credentials": True}, "CORS003"),
    "empty dict": ({}, "CORS003"),
    "path without a slash": ({"paths": {"api/": {"origins": [OK]}}}, "CORS005"),
    "URL name that is no text": ({"views": {5: {"origins": [OK]}}}, "CORS005"),
    "danger within a view's policy": (
        {"views": {"home": {"origins": "*", "credentials": True}}},
        "CORS101",
    ),
    "danger within a path's policy": ({"paths": {"/": {"origins": ["null"]}}}, "CORS102"),
}

ACCEPTED = {
    "an origin": {"origins": [OK]},
    "a tuple of origins": {"origins": (OK,)},
    "a port": {"origins": ["https://example.com:8443"]},
    "twice the same": {"origins": [OK, OK]},
    "a wildcard": {"origins": ["https://*.example.com"], "credentials": True},
    "any origin": {"origins": "*"},
    "any origin with credentials, meant": {
        "origins": "*",
        "credentials": True,
        "dangerously_any_origin_with_credentials": True,
    },
    "null, meant": {"origins": ["null"], "dangerously_null_origin": True},
    "null with credentials, meant": {
        "origins": ["null"],
        "credentials": True,
        "dangerously_null_origin_with_credentials": True,
    },
    "http without credentials": {"origins": ["http://example.com"]},
    "http on loopback": {
        "origins": ["http://localhost:3000", "http://127.0.0.1:3000", "http://[::1]:3000"],
        "credentials": True,
    },
    "http wildcard on loopback": {"origins": ["http://*.localhost:3000"], "credentials": True},
    "http with credentials, meant": {
        "origins": ["http://intranet.example"],
        "credentials": True,
        "dangerously_http_origins_with_credentials": True,
    },
    "http regex on loopback": {
        "origin_regexes": [r"^http://localhost:\d+$"],
        "credentials": True,
    },
    "top-level wildcard, meant": {
        "origins": ["https://*.corp"],
        "dangerously_public_suffixes": True,
    },
    "permissive regex, meant": {
        "origin_regexes": [r"^https://.*example\.com$"],
        "dangerously_permissive_regexes": True,
    },
    "compiled regex": {"origin_regexes": [re.compile(r"^https://\w+\.example\.com$")]},
    "an extension": {"origins": ["chrome-extension://abcdefghijklmnop"], "credentials": True},
    "an app": {"origins": ["capacitor://localhost"], "credentials": True},
    "address": {"origins": ["https://192.0.2.7"]},
    "capitals": {"origins": ["https://EXAMPLE.com"]},
    "callable": {"origins": lambda request, origin: True, "credentials": True},
    "dotted path": {"origins": "shop.cors.allowed"},
    "no origin at all": {"origins": []},
    "any header": {"origins": [OK], "headers": "*"},
    "any header with credentials, meant": {
        "origins": [OK],
        "credentials": True,
        "headers": "*",
        "dangerously_any_header_with_credentials": True,
    },
    "all exposed": {"origins": [OK], "expose_headers": "*"},
    "no max_age": {"origins": [OK], "max_age": None},
    "max_age 0": {"origins": [OK], "max_age": 0},
    "max_age of a day": {"origins": [OK], "max_age": 86400},
    "a method of one's own": {"origins": [OK], "methods": ["GET", "PURGE"]},
    "views and paths alone": {"views": {"api:list": {"origins": [OK]}}, "paths": {"/x": False}},
    "off": False,
    "silent": None,
}


@pytest.mark.parametrize(("config", "code"), REFUSED.values(), ids=REFUSED)
def test_refuses(config, code):
    _, findings = compiled(config)
    found = [finding for finding in findings if finding.code == code]
    assert found, [str(finding) for finding in findings]
    for finding in found:
        assert finding.severity is Severity.ERROR
        assert finding.setting.startswith("RINGFENCE['cors']")
        assert finding.reason.endswith(".")
        assert finding.fix


@pytest.mark.parametrize("config", ACCEPTED.values(), ids=ACCEPTED)
def test_accepts(config):
    assert codes(config) == []


@pytest.mark.parametrize(
    ("written", "meant"),
    [("origin", "origins"), ("credential", "credentials"), ("expose_header", "expose_headers")],
)
def test_suggests_the_key_that_was_meant(written, meant):
    _, findings = compiled({"origins": [OK], written: []})
    assert [(f.code, f.fix) for f in findings] == [("CORS001", f"Write {meant!r}.")]


@pytest.mark.parametrize(
    ("method", "read"), [("patch", "patch"), ("put", "PUT"), ("Delete", "DELETE")]
)
def test_methods_in_the_case_that_browsers_ask_for(method, read):
    site, findings = compiled({"origins": [OK], "methods": [method]})
    assert site.default.methods == {read}
    assert [(f.code, f.severity) for f in findings] == [("CORS201", Severity.WARNING)]


def test_all_errors_at_once():
    config = {"origins": ["null", "http://a.com"], "credentials": True, "max_age": -1, "x": 1}
    assert codes(config) == ["CORS001", "CORS103", "CORS104", "CORS119"]


def test_what_is_refused_is_not_allowed():
    site, _ = compiled(
        {
            "origins": ["null", "http://a.com", "https://*.com", "*", OK],
            "origin_regexes": [r"^https://.*evil\.com$"],
            "credentials": True,
        }
    )
    allowed = site.default.allows
    assert allowed(OK)
    for origin in ("null", "http://a.com", "https://a.com", "https://notevil.com"):
        assert not allowed(origin), origin


def test_values_are_quoted_and_bounded():
    _, findings = compiled({"origins": ["\x1b]0;" + "x" * 10_000], "\x1b" * 9999: 1})
    for finding in findings:
        assert "\x1b" not in str(finding)
        assert len(str(finding)) < 2000


def test_policies_by_name_and_path():
    site, _ = compiled(
        {
            "origins": [OK],
            "views": {"api:list": {"origins": ["https://list.example"]}, "api:off": False},
            "paths": {
                "/api": {"origins": ["https://api.example"]},
                "/api/v2": {"origins": ["https://v2.example"]},
                "/admin/": False,
            },
        }
    )
    rows = {
        ("/x", None): {OK},
        ("/x", "other"): {OK},
        ("/x", "api:list"): {"https://list.example"},
        ("/api/v2/x", "api:list"): {"https://list.example"},
        ("/api", None): {"https://api.example"},
        ("/api/x", None): {"https://api.example"},
        ("/apiary", None): {OK},
        ("/api/v2", None): {"https://v2.example"},
        ("/api/v2/x", None): {"https://v2.example"},
        ("/api/v22", None): {"https://api.example"},
        ("/admin/x", None): set(),
        ("/admin", None): {OK},
        ("/x", "api:off"): set(),
    }
    for (path, name), expected in rows.items():
        assert site.policy_for(path, name).rules.exact == expected, (path, name)


def test_a_decorators_policy_has_no_views_of_its_own():
    findings = Findings()
    assert parse_policy({"origins": [OK], "paths": {}}, findings, "@cors") is not None
    assert [(f.code, f.setting) for f in findings] == [("CORS001", "@cors")]
