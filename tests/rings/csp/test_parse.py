"""RINGFENCE['csp']: what is read, what is refused, and that everything is said at once."""

from __future__ import annotations

import pytest

from ringfence.finding import Findings, Severity
from ringfence.rings.csp.policy import NONCE, PRESETS, SIZE_LIMIT, parse

BASE = "object-src 'none'; base-uri 'self'; frame-ancestors 'self'"
STRICT = PRESETS["strict"].compile().plain
SAFE = {"script-src": "'self'", "object-src": "'none'", "base-uri": "'none'"}
SAFE_TEXT = "script-src 'self'; object-src 'none'; base-uri 'none'"


def read(config):
    findings = Findings()
    return parse(config, findings), findings


READ = [
    ("base", "base", [BASE], []),
    ("True is base", True, [BASE], []),
    ("nothing said is base", {}, [BASE], []),
    ("strict", "strict", [STRICT], []),
    ("a dict", {"img-src": ["'self'", "data:"]}, ["img-src 'self' data:"], []),
    ("a string value", {"img-src": "'self'"}, ["img-src 'self'"], []),
    ("a tuple", {"img-src": ("'self'", "data:")}, ["img-src 'self' data:"], []),
    (
        "a set is sorted",
        {"img-src": {"b.example", "a.example"}},
        ["img-src a.example b.example"],
        [],
    ),
    ("True has no value", {"upgrade-insecure-requests": True}, ["upgrade-insecure-requests"], []),
    ("None and False leave out", {**SAFE, "img-src": None, "font-src": False}, None, []),
    ("capitals", {"IMG-SRC": "'SELF'"}, ["img-src 'self'"], []),
    ("said twice", {"img-src": ["'self'", "'self'"]}, ["img-src 'self'"], []),
    (
        "a preset extended",
        {"preset": "base", "img-src": "'self'", "base-uri": "'none'"},
        ["object-src 'none'; base-uri 'none'; frame-ancestors 'self'; img-src 'self'"],
        [],
    ),
    (
        "a preset with a directive taken away",
        {"preset": "strict", "form-action": None},
        [STRICT.removesuffix("; form-action 'self'")],
        [],
    ),
    ("both", {"enforce": "base", "report_only": "strict"}, [BASE], [STRICT]),
    ("report-only leaves base enforced", {"report_only": "strict"}, [BASE], [STRICT]),
    ("report-only alone", {"enforce": False, "report_only": "strict"}, [], [STRICT]),
    ("several", {"enforce": ["base", {"img-src": "'self'"}]}, [BASE, "img-src 'self'"], []),
    ("several at the top", ["base", "strict"], [BASE, STRICT], []),
    (
        "an endpoint",
        {"report_to": "/csp/"},
        [f"{BASE}; report-uri /csp/; report-to ringfence"],
        [],
    ),
]


@pytest.mark.parametrize(
    ("config", "enforce", "report_only"), [row[1:] for row in READ], ids=[row[0] for row in READ]
)
def test_what_is_read(config, enforce, report_only):
    ring, findings = read(config)
    assert findings.errors == []
    assert ring is not None
    expected = (
        ["script-src 'self'; object-src 'none'; base-uri 'none'"] if enforce is None else enforce
    )
    assert [policy.compile().plain for policy in ring.enforce] == expected
    assert [policy.compile().plain for policy in ring.report_only] == report_only


def test_false_switches_the_ring_off_without_a_word():
    ring, findings = read(False)
    assert ring is None
    assert not list(findings)


REFUSED = [
    ("None", None, "CSP003", "preset"),
    ("a number", 5, "CSP003", "preset"),
    ("a function", len, "CSP003", "preset"),
    ("bytes", b"strict", "CSP003", "preset"),
    ("an empty list", [], "CSP003", "False"),
    ("a list of numbers", ["base", 5], "CSP003", "preset"),
    ("an empty policy in a list", [{}], "CSP003", "False"),
    ("misspelt preset", "strikt", "CSP002", "strict"),
    ("misspelt preset to extend", {"preset": "bass"}, "CSP002", "base"),
    ("a policy text", "default-src 'self'", "CSP002", "dict"),
    ("preset of another type", {"preset": 3}, "CSP003", "base"),
    ("misspelt directive", {"scrpt-src": "'self'"}, "CSP001", "script-src"),
    ("misspelt option", {"enforec": "base", "report_only": "base"}, "CSP006", "enforce"),
    ("mixed", {"enforce": "base", "img-src": "'self'"}, "CSP004", "'enforce'"),
    ("mixed with preset", {"preset": "base", "report_to": "/r"}, "CSP004", "'enforce'"),
    ("key of another type", {1: "'self'"}, "CSP003", "name"),
    ("value of another type", {"img-src": 5}, "CSP003", "strings"),
    ("values of another type", {"img-src": ["'self'", 5]}, "CSP003", "strings"),
    ("nested lists", {"img-src": [["'self'"]]}, "CSP003", "strings"),
    ("twice in different case", {"img-src": "*", "Img-Src": "*"}, "CSP005", "once"),
    ("empty list", {"script-src": []}, "CSP111", "'none'"),
    ("no value", {"script-src": True}, "CSP111", "'none'"),
    ("empty string", {"script-src": ""}, "CSP101", "Remove"),
    ("unquoted self", {"script-src": "self"}, "CSP102", "'self'"),
    ("fixed nonce", {"script-src": "'nonce-abc'"}, "CSP105", "CSP.NONCE"),
    ("too long", {"img-src": "a" * SIZE_LIMIT}, "CSP110", "wildcard"),
    ("too many", {"img-src": ["a.example"] * SIZE_LIMIT}, "CSP110", "wildcard"),
    ("plain http endpoint", {"report_to": "http://r.example/"}, "CSP007", "https"),
    ("endpoint without scheme", {"report_to": "r.example"}, "CSP007", "path"),
    ("endpoint without host", {"report_to": "//r.example/"}, "CSP007", "path"),
    ("endpoint with a line break", {"report_to": "/a\nb"}, "CSP007", "path"),
    ("endpoint with a quote", {"report_to": '/a"b'}, "CSP007", "path"),
    ("endpoint of another type", {"report_to": ["/a"]}, "CSP003", "path"),
    (
        "endpoint and directive",
        {"enforce": {**SAFE, "report-uri": "/a"}, "report_to": "/b"},
        "CSP301",
        "Leave out",
    ),
]


@pytest.mark.parametrize(
    ("config", "code", "fix"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_what_is_refused(config, code, fix):
    ring, findings = read(config)
    assert ring is None
    errors = {finding.code: finding for finding in findings.errors}
    assert code in errors
    assert fix in errors[code].fix
    assert errors[code].setting.startswith("RINGFENCE['csp']")


def test_every_error_is_reported_at_once():
    _, findings = read(
        {
            "enforce": [{"scrpt-src": "'self'", "img-src": "self"}, "strikt"],
            "report_only": {"script-src": "'nonce-abc'"},
            "report_to": "http://r.example/",
        }
    )
    assert [(finding.code, finding.setting) for finding in findings.errors] == [
        ("CSP001", "RINGFENCE['csp']['enforce'][0]['scrpt-src']"),
        ("CSP102", "RINGFENCE['csp']['enforce'][0]['img-src']"),
        ("CSP002", "RINGFENCE['csp']['enforce'][1]"),
        ("CSP105", "RINGFENCE['csp']['report_only']['script-src']"),
        ("CSP007", "RINGFENCE['csp']['report_to']"),
    ]


NOTED = [
    ("deprecated", {**SAFE, "plugin-types": "application/pdf"}, "CSP211"),
    ("sandbox in report-only", {"report_only": {**SAFE, "sandbox": True}}, "CSP212"),
    ("endpoint of nobody", {**SAFE, "report-to": "main"}, "CSP213"),
    ("scheme without colon", {**SAFE, "img-src": "data"}, "CSP214"),
    ("nonce without effect", {**SAFE, "img-src": NONCE}, "CSP215"),
    ("bypassable", {**SAFE, "script-src": "*"}, "CSP203"),
]


@pytest.mark.parametrize(
    ("config", "code"), [row[1:] for row in NOTED], ids=[row[0] for row in NOTED]
)
def test_what_is_noted_and_still_served(config, code):
    findings = Findings()
    ring = parse(config, findings)
    assert code in {finding.code for finding in findings}
    if code in ("CSP214", "CSP215"):
        # Registered as warnings, so they never keep a site from being served.
        assert all(f.severity is Severity.WARNING for f in findings if f.code == code)
    assert ring is not None
    assert not findings.errors


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_a_preset_as_it_stands_has_no_findings(name):
    _, findings = read(name)
    assert list(findings) == []


def test_a_report_only_sandbox_is_noted_but_an_enforced_one_is_not():
    _, findings = read({**SAFE, "sandbox": True})
    assert list(findings) == []


EXPLICIT = [
    ("a preset", "base", False),
    ("a preset extended elsewhere", {"preset": "base", "img-src": "'self'"}, False),
    ("written", {**SAFE, "frame-ancestors": "'self'"}, True),
    ("written over a preset's", {"preset": "base", "frame-ancestors": "'none'"}, True),
]


@pytest.mark.parametrize(
    ("config", "explicit"), [row[1:] for row in EXPLICIT], ids=[row[0] for row in EXPLICIT]
)
def test_frame_ancestors_are_explicit_where_somebody_wrote_them(config, explicit):
    ring, _ = read(config)
    assert ring is not None
    assert ring.enforce[0].frame_ancestors_explicit is explicit


ENDPOINTS = [
    ("a path", "/csp/?key=1", 'ringfence="/csp/?key=1"'),
    ("a URL", "https://r.example:8443/a", 'ringfence="https://r.example:8443/a"'),
    (
        "plain http on this machine",
        "http://localhost:8000/a",
        'ringfence="http://localhost:8000/a"',
    ),
]


@pytest.mark.parametrize(
    ("url", "header"), [row[1:] for row in ENDPOINTS], ids=[row[0] for row in ENDPOINTS]
)
def test_one_endpoint_sets_the_directives_and_the_header(url, header):
    ring, findings = read({"enforce": "strict", "report_only": "self", "report_to": url})
    assert list(findings) == []
    assert ring is not None
    assert ring.reporting_endpoints == header
    for policy in (*ring.enforce, *ring.report_only):
        assert policy.get("report-uri") == (url,)
        assert policy.get("report-to") == ("ringfence",)
