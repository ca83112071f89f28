"""SECURE_CSP* and CONTENT_SECURITY_POLICY* keep their meaning; what is wrong is named."""

from __future__ import annotations

import pytest

from ringfence.finding import Findings, Severity
from ringfence.rings.csp import policy as csp
from ringfence.rings.csp.policy import NONCE

SAFE = {"default-src": ["'self'"], "object-src": ["'none'"], "base-uri": ["'none'"]}
SAFE_TEXT = "default-src 'self'; object-src 'none'; base-uri 'none'"

DJANGO = [
    ("nothing", {}, None, []),
    ("None", None, None, []),
    ("a policy", SAFE, SAFE_TEXT, []),
    ("a tuple, a set, True, None", {**SAFE, "img-src": {"b.test", "a.test"}, "sandbox": True,
     "font-src": None}, f"{SAFE_TEXT}; img-src a.test b.test; sandbox", []),
    ("several in one string", {**SAFE, "img-src": "'self' data:"},
     f"{SAFE_TEXT}; img-src 'self' data:", []),
    ("two directives in one string", {"default-src": "'self'; object-src 'none'; base-uri 'none'"},
     SAFE_TEXT, ["CSP103"]),
    ("unquoted self", {**SAFE, "img-src": ["self"]}, f"{SAFE_TEXT}; img-src self", ["CSP102"]),
    ("an unknown directive", {**SAFE, "foo-src": "x"}, f"{SAFE_TEXT}; foo-src x", ["CSP001"]),
    ("an empty list", {**SAFE, "script-src": []}, SAFE_TEXT, ["CSP111"]),
    ("a fixed nonce", {**SAFE, "script-src": ["'nonce-abc'"]},
     f"{SAFE_TEXT}; script-src 'nonce-abc'", ["CSP105"]),
    ("nothing but the nonce", {**SAFE, "script-src": [NONCE]},
     f"{SAFE_TEXT}; script-src 'none'", []),
    ("the nonce beside unsafe-inline", {**SAFE, "script-src": [NONCE, "'unsafe-inline'"]},
     f"{SAFE_TEXT}; script-src 'unsafe-inline'", ["CSP216"]),
    ("curly quotes", {**SAFE, "img-src": ["\u2018self\u2019"]},
     f"{SAFE_TEXT}; img-src 'none'", ["CSP109"]),
    ("twice in different case", {**SAFE, "Default-Src": ["*"]}, SAFE_TEXT, []),
    ("anything anywhere", {"default-src": ["*", "'unsafe-inline'"]},
     "default-src * 'unsafe-inline'", ["CSP201", "CSP203", "CSP205"]),
    ("too long", {**SAFE, "img-src": "a" * 20_000}, f"{SAFE_TEXT}; img-src {'a' * 20_000}",
     ["CSP110"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("config", "plain", "codes"), [row[1:] for row in DJANGO], ids=[row[0] for row in DJANGO]
)
def test_from_django(config, plain, codes):
    findings = Findings()
    policy = csp.from_django(config, findings, "SECURE_CSP")
    assert (policy.compile().plain if policy else None) == plain
    assert sorted({finding.code for finding in findings}) == codes
    assert not findings.errors
    assert all(finding.setting.startswith("SECURE_CSP") for finding in findings)


UNSENDABLE = [
    ("a line break", {**SAFE, "img-src": "a\r\nSet-Cookie: b=c"}),
    ("a line break in a name", {**SAFE, "img-src\n": "a"}),
    ("nul", {**SAFE, "img-src": ["\0"]}),
    ("a number for a name", {**SAFE, 5: "a"}),
]


@pytest.mark.parametrize(
    "config", [row[1] for row in UNSENDABLE], ids=[row[0] for row in UNSENDABLE]
)
def test_only_what_no_server_can_send_is_refused(config):
    findings = Findings()
    policy = csp.from_django(config, findings, "SECURE_CSP")
    assert [finding.code for finding in findings.errors] == ["CSP104"]
    assert policy is not None
    assert policy.compile().plain == SAFE_TEXT


@pytest.mark.parametrize("config", ["default-src 'self'", 5, ["a"]], ids=["text", "int", "list"])
def test_what_is_no_dict_is_refused(config):
    for read in (csp.from_django, csp.from_django_csp):
        findings = Findings()
        read(config, findings, "SETTING")
        assert [finding.code for finding in findings.errors] == ["CSP003"]


def test_malformed_values_fail_check_deploy_and_no_more():
    findings = Findings()
    csp.from_django({"img-src": ["self"]}, findings, "SECURE_CSP")
    severities = {finding.code: finding.severity for finding in findings}
    assert severities["CSP102"] is Severity.DEPLOY_ERROR


DJANGO_CSP = [
    ("nothing", {}, (None, (), 100.0), []),
    ("None", None, (None, (), 100.0), []),
    ("no directives", {"DIRECTIVES": {}}, ("default-src 'self'", (), 100.0), []),
    ("only a prefix", {"EXCLUDE_URL_PREFIXES": ["/a"]},
     ("default-src 'self'", ("/a",), 100.0), ["CSP218"]),
    ("its default kept", {"DIRECTIVES": {"img-src": ["*"]}},
     ("default-src 'self'; img-src *", (), 100.0), []),
    ("its default replaced", {"DIRECTIVES": {"default-src": ["'none'"]}},
     ("default-src 'none'", (), 100.0), []),
    ("its default removed", {"DIRECTIVES": {"default-src": None}}, (None, (), 100.0), ["CSP204"]),
    ("an empty list allows nothing", {"DIRECTIVES": {"img-src": []}},
     ("default-src 'self'; img-src 'none'", (), 100.0), []),
    ("an empty sandbox", {"DIRECTIVES": {"sandbox": []}},
     ("default-src 'self'; sandbox", (), 100.0), []),
    ("a flag", {"DIRECTIVES": {"upgrade-insecure-requests": True}},
     ("default-src 'self'; upgrade-insecure-requests", (), 100.0), []),
    ("an unknown directive is dropped", {"DIRECTIVES": {"foo-src": ["x"]}},
     ("default-src 'self'", (), 100.0), ["CSP001"]),
    ("a sample", {"REPORT_PERCENTAGE": 9.5, "DIRECTIVES": {"report-uri": "/r"}},
     ("default-src 'self'; report-uri /r", (), 9.5), []),
    ("no sample", {"REPORT_PERCENTAGE": "a tenth"},
     ("default-src 'self'", (), 100.0), ["CSP003"]),
    ("a string of prefixes", {"EXCLUDE_URL_PREFIXES": "/a"},
     ("default-src 'self'", ("/", "a"), 100.0), ["CSP112"]),
    ("a misspelt key", {"DIRECTIVE": {}}, ("default-src 'self'", (), 100.0), ["CSP006"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("config", "expected", "codes"),
    [row[1:] for row in DJANGO_CSP],
    ids=[row[0] for row in DJANGO_CSP],
)
def test_from_django_csp(config, expected, codes):
    findings = Findings()
    policy, *rest = csp.from_django_csp(config, findings, "CONTENT_SECURITY_POLICY")
    assert (policy.compile().plain if policy else None, *rest) == expected
    assert {finding.code for finding in findings} == set(codes)
    assert not findings.errors


def test_response_configs_take_either_packages_form():
    config = {"script-src": ["'self'", NONCE], "sandbox": [True], "img-src": None, "font-src": []}
    policy = csp.from_response_config(config)
    assert policy.compile().render("N") == "script-src 'self' 'nonce-N'; sandbox; font-src 'none'"
    assert not policy.frame_ancestors_explicit
    assert csp.from_response_config({"Frame-Ancestors": "'none'"}).frame_ancestors_explicit


@pytest.mark.parametrize("value", ["a\nb", "a\rb", "a\0b"], ids=["LF", "CR", "NUL"])
def test_response_configs_cannot_break_the_header(value):
    for read in (
        lambda: csp.from_response_config({"img-src": value}),
        lambda: csp.update(csp.PRESETS["base"], {"img-src": value}),
        lambda: csp.replace(csp.PRESETS["base"], {f"img-src{value}": "*"}),
    ):
        with pytest.raises(ValueError, match="control characters"):
            read()


CHANGES = [
    ("update adds", csp.update, {"img-src": "b.test"}, "default-src 'self'; img-src a.test b.test"),
    ("update, once", csp.update, {"img-src": ["a.test"]}, "default-src 'self'; img-src a.test"),
    ("update begins", csp.update, {"font-src": "f.test"},
     "default-src 'self'; img-src a.test; font-src f.test"),
    ("update with None", csp.update, {"img-src": None}, "default-src 'self'; img-src a.test"),
    ("replace replaces", csp.replace, {"img-src": "b.test"}, "default-src 'self'; img-src b.test"),
    ("replace removes", csp.replace, {"img-src": None}, "default-src 'self'"),
    ("replace begins", csp.replace, {"font-src": "f.test"},
     "default-src 'self'; img-src a.test; font-src f.test"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "mapping", "plain"), [row[1:] for row in CHANGES], ids=[row[0] for row in CHANGES]
)
def test_update_and_replace(change, mapping, plain):
    policy = csp.from_response_config({"default-src": "'self'", "img-src": "a.test"})
    assert change(policy, mapping).compile().plain == plain


def test_changed_frame_ancestors_are_explicit():
    base = csp.PRESETS["base"]
    assert csp.replace(base, {"frame-ancestors": "'none'"}).frame_ancestors_explicit
    assert csp.update(base, {"frame-ancestors": "a.test"}).frame_ancestors_explicit
    assert not csp.update(base, {"img-src": "a.test"}).frame_ancestors_explicit


def test_without_reporting():
    policy = csp.from_response_config({"img-src": "*", "report-uri": "/r", "report-to": "r"})
    assert csp.without_reporting(policy).compile().plain == "img-src *"


SERIALIZED = [
    ("the first of two holds", "img-src a; IMG-SRC b", (("img-src", ("a",)),)),
    ("empty directives", ";; img-src a ;", (("img-src", ("a",)),)),
    ("white space", " img-src\t a \n b ", (("img-src", ("a", "b")),)),
    ("no ASCII in a name", "scr\u00edpt-src 'none'; img-src a", (("img-src", ("a",)),)),
    ("no ASCII in a value", "img-src \u00e9.test a", (("img-src", ("a",)),)),
    ("no ASCII in any value", "img-src \u00e9.test", (("img-src", ("'none'",)),)),
    ("nothing", "", ()),
]


@pytest.mark.parametrize(
    ("text", "directives"), [row[1:] for row in SERIALIZED], ids=[row[0] for row in SERIALIZED]
)
def test_parse_serialized(text, directives):
    assert csp.parse_serialized(text) == directives
