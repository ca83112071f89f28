from __future__ import annotations

import datetime as dt
import json
import re
from importlib.metadata import version
from pathlib import Path

import pytest

from ringfence.finding import Findings, Severity
from ringfence.rings.transport import hsts, values
from ringfence.rings.transport.checks import findings as check
from ringfence.rings.transport.policy import TransportPolicy, from_django, parse

TODAY = dt.date(2026, 11, 22)
YEAR = 31_536_000


def parsed(config, base=None):
    found = Findings()
    return parse(config, found, base, today=TODAY), [(f.code, f.severity) for f in found]


def codes(config, base=None):
    return [code for code, _ in parsed(config, base)[1]]


def django(**settings):
    found = Findings()
    return from_django(settings, found, overridden=frozenset(settings)), found


# -- what a site that says nothing gets ----------------------------------------------------------


def test_defaults_force_nothing_on_plain_http():
    policy, found = django()
    assert policy.redirect is False
    assert policy.https_headers() == ()
    assert policy.fixed_headers() == (
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
    )
    assert not any(rule.always_secure for rule in policy.cookies.rules.values())
    assert list(found) == []


@pytest.mark.parametrize(
    ("settings", "headers"),
    [
        pytest.param({"SECURE_HSTS_SECONDS": 3600}, "max-age=3600", id="seconds"),
        pytest.param({"SECURE_HSTS_SECONDS": "3600"}, "max-age=3600", id="from environment"),
        pytest.param(
            {"SECURE_HSTS_SECONDS": 10, "SECURE_HSTS_INCLUDE_SUBDOMAINS": True},
            "max-age=10; includeSubDomains",
            id="subdomains",
        ),
        pytest.param(
            {
                "SECURE_HSTS_SECONDS": 10,
                "SECURE_HSTS_INCLUDE_SUBDOMAINS": True,
                "SECURE_HSTS_PRELOAD": True,
            },
            "max-age=10; includeSubDomains; preload",
            id="preload keeps its meaning however short",
        ),
        pytest.param({"SECURE_HSTS_SECONDS": 0}, "", id="zero is off"),
        pytest.param({"SECURE_HSTS_SECONDS": None}, "", id="none is off"),
    ],
)
def test_django_hsts(settings, headers):
    policy, found = django(**settings)
    assert policy.hsts == headers
    assert list(found) == []


@pytest.mark.parametrize(
    ("name", "value", "code", "severity"),
    [
        ("SECURE_HSTS_SECONDS", 3.5, "TLS101", Severity.DEPLOY_ERROR),
        ("SECURE_HSTS_SECONDS", True, "TLS101", Severity.DEPLOY_ERROR),
        ("SECURE_HSTS_SECONDS", "1 year", "TLS101", Severity.DEPLOY_ERROR),
        ("SECURE_HSTS_SECONDS", -1, "TLS101", Severity.DEPLOY_ERROR),
        ("SECURE_REFERRER_POLICY", "none", "TLS102", Severity.DEPLOY_ERROR),
        ("SECURE_REFERRER_POLICY", "unsafe-url", "TLS108", Severity.DEPLOY_ERROR),
        ("SECURE_REFERRER_POLICY", "origin\r\nX: y", "TLS002", Severity.ERROR),
        ("SECURE_SSL_HOST", "https://a.example/", "TLS105", Severity.DEPLOY_ERROR),
        ("SECURE_SSL_HOST", "a\r\nb", "TLS105", Severity.ERROR),
        ("SECURE_REDIRECT_EXEMPT", ["("], "TLS106", Severity.ERROR),
        ("SECURE_REDIRECT_EXEMPT", [""], "TLS107", Severity.DEPLOY_ERROR),
        ("PERMISSIONS_POLICY", {"camra": []}, "TLS103", Severity.ERROR),
        ("PERMISSIONS_POLICY", {"camera": "https://a.example/"}, "TLS104", Severity.DEPLOY_ERROR),
        ("PERMISSIONS_POLICY", {"camera": 'a"b'}, "TLS104", Severity.ERROR),
        ("PERMISSIONS_POLICY_REPORT_ONLY", {"camra": []}, "TLS103", Severity.ERROR),
    ],
)
def test_django_value_is_named(name, value, code, severity):
    _, found = django(**{name: value})
    assert [(f.code, f.severity, f.setting.partition("[")[0]) for f in found] == [
        (code, severity, name)
    ]


def test_django_values_keep_their_meaning():
    policy, _ = django(
        SECURE_SSL_REDIRECT=True,
        SECURE_SSL_HOST="https://odd.example",
        SECURE_REDIRECT_EXEMPT=[""],
        SECURE_REFERRER_POLICY="none, unsafe-url",
        PERMISSIONS_POLICY={"usb": "none", "camera": ["self", "https://a.example/"]},
        SECURE_CONTENT_TYPE_NOSNIFF=False,
    )
    assert policy.redirect_host == "https://odd.example"
    assert policy.redirects("/x") is False
    assert policy.fixed_headers() == (
        ("Referrer-Policy", "none,unsafe-url"),
        ("Permissions-Policy", 'camera=(self "https://a.example/"), usb=()'),
    )


# -- RINGFENCE["transport"] ------------------------------------------------------------------------


def test_https_preset():
    policy, found = parsed("https")
    assert policy.redirect is True
    assert policy.https_headers() == (("Strict-Transport-Security", "max-age=3600"),)
    assert found == [("TLS202", Severity.WARNING)]
    assert "2026-11-22" in next(iter(_found({"https": True}))).fix


def _found(config):
    found = Findings()
    parse(config, found, today=TODAY)
    return found


def test_https_keeps_a_lifetime_that_django_already_has():
    base, _ = django(SECURE_HSTS_SECONDS=YEAR)
    policy, found = parsed("https", base)
    assert policy.hsts_seconds == YEAR
    assert found == []


def test_https_false_is_a_decision_for_plain_http():
    policy, found = parsed({"https": False})
    assert (policy.redirect, policy.hsts, policy.decided) == (False, "", True)
    assert found == []


def test_false_switches_the_ring_off_and_none_says_nothing():
    base = TransportPolicy(nosniff=False)
    assert parsed(False, base) == (None, [])
    assert parsed(None, base) == (base, [])


@pytest.mark.parametrize(
    ("days", "seconds"),
    [
        pytest.param(-1, None, id="before it begins"),
        pytest.param(0, 3600, id="first day"),
        pytest.param(6, 3600, id="first week"),
        pytest.param(7, 86_400, id="second week"),
        pytest.param(14, 604_800, id="third week"),
        pytest.param(27, 604_800, id="last day of the fourth week"),
        pytest.param(28, 2_592_000, id="fifth week"),
        pytest.param(56, YEAR, id="ninth week"),
        pytest.param(5000, YEAR, id="for ever"),
    ],
)
def test_hsts_ramp(days, seconds):
    since = TODAY - dt.timedelta(days=days)
    assert hsts.ramp_seconds(since, TODAY) == seconds
    policy, found = parsed({"hsts": {"since": since.isoformat()}})
    assert policy.hsts == ("" if seconds is None else f"max-age={seconds}")
    assert policy.hsts_ramp
    assert found == []


@pytest.mark.parametrize(
    ("value", "header"),
    [
        pytest.param(False, "", id="off"),
        pytest.param(0, "max-age=0", id="zero makes browsers forget"),
        pytest.param(60, "max-age=60", id="seconds"),
        pytest.param({"since": dt.date(2026, 1, 1)}, f"max-age={YEAR}", id="a date"),
        pytest.param({"since": dt.datetime(2026, 11, 20)}, "max-age=3600", id="a datetime"),  # noqa: DTZ001
        pytest.param(
            {"seconds": YEAR, "include_subdomains": True, "preload": True},
            f"max-age={YEAR}; includeSubDomains; preload",
            id="preload",
        ),
        pytest.param(
            {"since": "2026-11-20", "include_subdomains": True, "preload": True},
            "max-age=3600; includeSubDomains",
            id="preload waits for the end of the ramp",
        ),
        pytest.param(
            {"since": "2026-01-01", "include_subdomains": True, "preload": True},
            f"max-age={YEAR}; includeSubDomains; preload",
            id="preload at the end of the ramp",
        ),
    ],
)
def test_hsts_values(value, header):
    policy, found = parsed({"hsts": value})
    assert policy.hsts == header
    assert found == []


@pytest.mark.parametrize(
    ("config", "code"),
    [
        pytest.param("http", "TLS002", id="unknown preset"),
        pytest.param(["https"], "TLS002", id="a list"),
        pytest.param({"hst": 1}, "TLS001", id="misspelt key"),
        pytest.param({1: 1}, "TLS001", id="key of another type"),
        pytest.param({"https": "yes"}, "TLS002", id="https of the wrong type"),
        pytest.param({"redirect": 1}, "TLS002", id="redirect of the wrong type"),
        pytest.param({"nosniff": "nosniff"}, "TLS002", id="nosniff of the wrong type"),
        pytest.param({"hsts": True}, "TLS002", id="hsts True"),
        pytest.param({"hsts": "year"}, "TLS002", id="hsts text"),
        pytest.param({"hsts": -1}, "TLS101", id="negative"),
        pytest.param({"hsts": YEAR * 1000}, "TLS101", id="milliseconds"),
        pytest.param({"hsts": {"seconds": "60"}}, "TLS002", id="seconds as text"),
        pytest.param({"hsts": {"seconds": 60, "sincee": 1}}, "TLS001", id="misspelt hsts key"),
        pytest.param({"hsts": {"since": "1.11.2026"}}, "TLS101", id="no day"),
        pytest.param({"hsts": {"since": "2026-11-01", "seconds": 1}}, "TLS303", id="both"),
        pytest.param(
            {"hsts": {"seconds": YEAR, "preload": True}}, "TLS110", id="preload, no subdomains"
        ),
        pytest.param(
            {"hsts": {"seconds": 60, "include_subdomains": True, "preload": True}},
            "TLS110",
            id="preload, short",
        ),
        pytest.param({"hsts": {"since": "2026-11-01", "preload": True}}, "TLS110", id="ramp"),
        pytest.param({"redirect_host": "https://a.example"}, "TLS105", id="host with scheme"),
        pytest.param({"redirect_host": 1}, "TLS002", id="host of the wrong type"),
        pytest.param({"redirect_exempt": "("}, "TLS106", id="no regex"),
        pytest.param({"redirect_exempt": [".*"]}, "TLS107", id="exempts everything"),
        pytest.param({"redirect_exempt": [1]}, "TLS002", id="exempt of the wrong type"),
        pytest.param({"referrer_policy": "same-orign"}, "TLS102", id="misspelt policy"),
        pytest.param({"referrer_policy": "unsafe-url"}, "TLS108", id="unsafe-url"),
        pytest.param({"referrer_policy": 1}, "TLS002", id="policy of the wrong type"),
        pytest.param({"referrer_policy": ["origin", None]}, "TLS002", id="entry of another type"),
        pytest.param({"permissions_policy": {"camra": []}}, "TLS103", id="unknown feature"),
        pytest.param({"permissions_policy": {"camera": "'self'"}}, "TLS104", id="quoted self"),
        pytest.param({"permissions_policy": {"camera": "src"}}, "TLS104", id="src"),
        pytest.param(
            {"permissions_policy": {"camera": "https://a.example/"}}, "TLS104", id="origin, path"
        ),
        pytest.param({"permissions_policy": {"camera": True}}, "TLS002", id="allow-list a bool"),
        pytest.param({"permissions_policy": "camera=()"}, "TLS002", id="a header's text"),
        pytest.param({"cookies": False}, "TLS002", id="no cookies"),
        pytest.param({"dangerously_any_host": "yes"}, "TLS002", id="any host of the wrong type"),
    ],
)
def test_refused(config, code):
    found = _found(config)
    assert [(f.code, f.severity) for f in found] == [(code, Severity.ERROR)]
    (finding,) = found
    assert finding.setting.startswith("RINGFENCE['transport']")
    assert finding.reason
    assert finding.fix
    assert finding.value


@pytest.mark.parametrize(
    ("config", "fix"),
    [
        ({"refferer_policy": "origin"}, "referrer_policy"),
        ({"referrer_policy": "same-orign"}, '"same-origin"'),
        ({"permissions_policy": {"camra": []}}, '"camera"'),
        ({"permissions_policy": {"camera": "'self'"}}, '"self"'),
        ("htps", '"https"'),
        ({"cookies": {"host_prefx": True}}, '"host_prefix"'),
    ],
)
def test_misspelling_suggests_the_right_word(config, fix):
    (finding,) = _found(config)
    assert fix in finding.fix


def test_every_error_is_reported_at_once():
    assert codes({"hst": 1, "hsts": -1, "referrer_policy": "x", "redirect_host": "/"}) == [
        "TLS001",
        "TLS101",
        "TLS105",
        "TLS102",
    ]


@pytest.mark.parametrize(
    ("value", "header"),
    [
        ("same-origin", "same-origin"),
        ("no-referrer, strict-origin", "no-referrer,strict-origin"),
        (["no-referrer", "strict-origin"], "no-referrer,strict-origin"),
        (None, ""),
        (False, ""),
    ],
)
def test_referrer_policy(value, header):
    policy, found = parsed({"referrer_policy": value})
    assert policy.referrer_policy == header
    assert found == []


def test_unsafe_url_where_it_is_meant():
    policy, found = parsed({"referrer_policy": "unsafe-url", "dangerously_unsafe_url": True})
    assert policy.referrer_policy == "unsafe-url"
    assert found == []


PERMISSIONS = [
    pytest.param({}, id="empty"),
    pytest.param({"usb": [], "camera": "self"}, id="sorted"),
    pytest.param({"camera": "none"}, id="none"),
    pytest.param({"camera": ["none", "self"]}, id="none among others"),
    pytest.param({"camera": ("self", "https://a.example:8443")}, id="origin"),
    pytest.param({"fullscreen": "*"}, id="everyone"),
    pytest.param({"fullscreen": ["self", "https://*.a.example"]}, id="wildcard"),
]


@pytest.mark.parametrize("value", PERMISSIONS)
def test_permissions_policy_is_rendered_as_the_package_renders_it(value):
    package = pytest.importorskip("django_permissions_policy").PermissionsPolicyMiddleware
    policy, found = parsed({"permissions_policy": value})
    assert policy.permissions_policy == package.compute_header_value(value, name="x")
    assert found == []


def test_features_are_those_of_the_package_they_came_from():
    package = pytest.importorskip("django_permissions_policy")
    data = json.loads((Path(values.__file__).parent / "permissions_features.json").read_text())
    if version("django-permissions-policy") != data["version"]:
        pytest.skip(f"the data file is of version {data['version']}")
    assert values.PERMISSIONS_FEATURES == package._FEATURE_NAMES


def test_features_that_are_settled_are_known():
    settled = {"camera", "microphone", "geolocation", "payment", "usb", "fullscreen", "unload"}
    assert settled <= values.PERMISSIONS_FEATURES
    assert "camra" not in values.PERMISSIONS_FEATURES


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (TransportPolicy(), "https://a.example:8000/x?y=z"),
        (TransportPolicy(redirect_host="www.a.example"), "https://www.a.example/x?y=z"),
    ],
)
def test_redirect_url(policy, expected):
    assert policy.redirect_url("a.example:8000", "/x?y=z") == expected


@pytest.mark.parametrize(
    ("path", "redirected"),
    [("/", True), ("/health/", False), ("//health/", False), ("/x/health/", True)],
)
def test_redirect_exemptions_see_the_path_as_django_shows_it(path, redirected):
    policy, found = parsed({"redirect": True, "redirect_exempt": [r"^health/$"]})
    assert policy.redirects(path) is redirected
    assert found == []


def test_compiled_patterns_are_taken():
    pattern = re.compile("^health/$")
    assert parsed({"redirect_exempt": pattern})[0].redirect_exempt == (pattern,)


# -- contradictions and best practice --------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "config", "expected"),
    [
        pytest.param(
            {"SECURE_HSTS_SECONDS": 60},
            {"hsts": 120},
            ["SECURE_HSTS_SECONDS"],
            id="another lifetime",
        ),
        pytest.param({"SECURE_HSTS_SECONDS": 60}, {"hsts": 60}, [], id="the same lifetime"),
        pytest.param(
            {"SECURE_SSL_REDIRECT": False}, "https", ["SECURE_SSL_REDIRECT"], id="by the preset"
        ),
        pytest.param({"SECURE_SSL_REDIRECT": True}, {"nosniff": True}, [], id="other options"),
        pytest.param(
            {"PERMISSIONS_POLICY": {"usb": []}},
            {"permissions_policy": {"usb": "self"}},
            ["PERMISSIONS_POLICY"],
            id="permissions",
        ),
    ],
)
def test_overruled_settings_are_named(settings, config, expected):
    base, _ = django(**settings)
    found = Findings()
    parse(config, found, base, today=TODAY)
    assert [f.setting for f in found if f.code == "TLS302"] == expected


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        pytest.param(TransportPolicy(), ["TLS201"], id="nobody decided"),
        pytest.param(TransportPolicy(decided=True), [], id="somebody decided"),
        pytest.param(parsed({"https": False})[0], [], id="decided for http"),
        pytest.param(parsed({"https": True, "hsts": YEAR})[0], [], id="all done"),
        pytest.param(parsed({"redirect": True})[0], ["TLS207"], id="redirect without HSTS"),
        pytest.param(parsed({"hsts": 3600})[0], ["TLS203"], id="short"),
        pytest.param(parsed({"hsts": {"since": "2026-11-20"}})[0], [], id="short on a ramp"),
        pytest.param(parsed({"nosniff": False, "https": False})[0], ["TLS204"], id="sniffing"),
        pytest.param(
            django(SECURE_HSTS_SECONDS=YEAR, SECURE_HSTS_PRELOAD=True)[0],
            ["TLS205"],
            id="preload without subdomains",
        ),
        pytest.param(
            django(
                SECURE_HSTS_SECONDS=YEAR,
                SECURE_HSTS_PRELOAD=True,
                SECURE_HSTS_INCLUDE_SUBDOMAINS=True,
            )[0],
            [],
            id="preload as it should be",
        ),
    ],
)
def test_best_practice(policy, expected):
    assert [finding.code for finding in check(policy)] == expected
