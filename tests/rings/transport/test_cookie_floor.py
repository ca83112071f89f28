from __future__ import annotations

import datetime as dt
from http.cookies import SimpleCookie

import pytest
from django.http import HttpResponse

from ringfence.finding import Findings, Severity
from ringfence.rings.transport.checks import findings as check
from ringfence.rings.transport.cookies import CookieFloor, CookieRule
from ringfence.rings.transport.policy import from_django, parse

TODAY = dt.date(2026, 11, 22)


def policy_of(config=None, **settings):
    found = Findings()
    base = from_django(settings, found, overridden=frozenset(settings))
    policy = parse({} if config is None else config, found, base, today=TODAY)
    return policy, found


def sent(floor, name, *, https=True, **attributes):
    response = HttpResponse()
    response.set_cookie(name, "x", **attributes)
    morsel = response.cookies[name]
    floor.apply(morsel, name, https)
    return set(morsel.OutputString().split("; ")[1:])


SESSION = {"HttpOnly", "Path=/", "SameSite=Lax", "Secure"}


@pytest.mark.parametrize(
    ("name", "secure", "attributes", "expected"),
    [
        pytest.param("sessionid", True, {}, SESSION, id="bare session cookie"),
        pytest.param("sessionid", False, {}, SESSION - {"Secure"}, id="over http"),
        pytest.param("sessionid", False, {"secure": True}, SESSION, id="Secure stays over http"),
        pytest.param("sessionid", True, {"samesite": "None"}, SESSION, id="None is raised"),
        pytest.param("sessionid", True, {"samesite": "none"}, SESSION, id="none is raised"),
        pytest.param("sessionid", True, {"samesite": False}, SESSION, id="False is raised"),
        pytest.param("sessionid", True, {"samesite": ""}, SESSION, id="empty is raised"),
        pytest.param(
            "sessionid",
            True,
            {"samesite": "Strict"},
            {"HttpOnly", "Path=/", "SameSite=Strict", "Secure"},
            id="Strict stays",
        ),
        pytest.param(
            "sessionid",
            True,
            {"domain": "a.example", "path": "/x"},
            (SESSION - {"Path=/"}) | {"Domain=a.example", "Path=/x"},
            id="domain and path stay",
        ),
        pytest.param(
            "csrftoken", True, {}, {"Path=/", "SameSite=Lax", "Secure"}, id="csrf is readable"
        ),
        pytest.param("csrftoken", True, {"httponly": True}, SESSION, id="csrf HttpOnly stays"),
        pytest.param("theme", True, {}, {"Path=/"}, id="a cookie without a rule"),
    ],
)
def test_default_floor(name, secure, attributes, expected):
    policy, found = policy_of()
    assert sent(policy.cookies, name, https=secure, **attributes) == expected
    assert list(found) == []


def test_names_come_from_the_settings():
    policy, _ = policy_of(SESSION_COOKIE_NAME="sid")
    assert "HttpOnly" in sent(policy.cookies, "sid")
    assert "HttpOnly" not in sent(policy.cookies, "sessionid")


def test_a_deleted_cookie_is_still_deleted():
    policy, _ = policy_of()
    response = HttpResponse()
    response.delete_cookie("sessionid", samesite="None")
    morsel = response.cookies["sessionid"]
    policy.cookies.apply(morsel, "sessionid", secure=True)
    assert morsel["max-age"] == 0
    assert morsel["samesite"] == "Lax"


def test_a_bare_morsel():
    jar = SimpleCookie("sessionid=x")
    policy_of()[0].cookies.apply(jar["sessionid"], "sessionid", secure=True)
    assert jar.output() == "Set-Cookie: sessionid=x; HttpOnly; SameSite=Lax; Secure"


@pytest.mark.parametrize(
    ("options", "secure", "attributes", "expected"),
    [
        pytest.param(
            {"dangerously_samesite_none": True},
            True,
            {"samesite": "None"},
            {"HttpOnly", "Path=/", "SameSite=None", "Secure"},
            id="None is let through",
        ),
        pytest.param(
            {"dangerously_samesite_none": True},
            True,
            {"samesite": "Lax"},
            SESSION,
            id="an exception asks for nothing itself",
        ),
        pytest.param(
            {"dangerously_readable": True}, True, {}, SESSION - {"HttpOnly"}, id="readable"
        ),
        pytest.param({"dangerously_insecure": True}, True, {}, SESSION - {"Secure"}, id="insecure"),
        pytest.param(
            {"samesite": "Strict"},
            True,
            {"samesite": "Lax"},
            {"HttpOnly", "Path=/", "SameSite=Strict", "Secure"},
            id="a higher floor",
        ),
        pytest.param({"samesite": "lax"}, True, {}, SESSION, id="without case"),
    ],
)
def test_options_of_one_cookie(options, secure, attributes, expected):
    policy, found = policy_of({"cookies": {"sessionid": options}})
    assert sent(policy.cookies, "sessionid", https=secure, **attributes) == expected
    assert list(found) == []


def test_further_cookies_get_a_floor():
    policy, found = policy_of(
        {"cookies": {"remember": {}, "theme": {"dangerously_readable": True}}}
    )
    assert sent(policy.cookies, "remember") == SESSION
    assert sent(policy.cookies, "theme") == SESSION - {"HttpOnly"}
    assert list(found) == []


def test_https_site_sends_secure_cookies_even_behind_a_proxy_that_hides_https():
    policy, _ = policy_of({"https": True, "cookies": {"theme": {"dangerously_insecure": True}}})
    assert "Secure" in sent(policy.cookies, "sessionid", https=False)
    assert "Secure" not in sent(policy.cookies, "theme", https=False)


@pytest.mark.parametrize(
    ("options", "code", "option"),
    [
        ({"samesite": "None"}, "TLS109", "dangerously_samesite_none"),
        ({"samesite": None}, "TLS109", "dangerously_samesite_none"),
        ({"samesite": False}, "TLS109", "dangerously_samesite_none"),
        ({"httponly": False}, "TLS109", "dangerously_readable"),
        ({"secure": False}, "TLS109", "dangerously_insecure"),
        ({"samesite": "Relaxed"}, "TLS002", "Lax"),
        ({"samesit": "Lax"}, "TLS001", "samesite"),
        ("Lax", "TLS002", "samesite"),
    ],
)
def test_lowering_needs_its_name(options, code, option):
    policy, found = policy_of({"cookies": {"sessionid": options}})
    assert [(f.code, f.severity) for f in found] == [(code, Severity.ERROR)]
    assert option in next(iter(found)).fix
    assert sent(policy.cookies, "sessionid") == SESSION


# -- __Host- ---------------------------------------------------------------------------------------


HOST_NAMES = {"SESSION_COOKIE_NAME": "__Host-sessionid", "CSRF_COOKIE_NAME": "__Host-csrftoken"}


def test_host_prefix():
    policy, found = policy_of({"cookies": {"host_prefix": True}}, **HOST_NAMES)
    assert list(found) == []
    assert (
        sent(policy.cookies, "__Host-sessionid", https=False, domain="a.example", path="/x")
        == SESSION
    )


@pytest.mark.parametrize(
    ("settings", "setting"),
    [
        ({"SESSION_COOKIE_NAME": "sessionid"}, "SESSION_COOKIE_NAME"),
        ({"CSRF_COOKIE_NAME": "csrftoken"}, "CSRF_COOKIE_NAME"),
        ({"SESSION_COOKIE_DOMAIN": ".a.example"}, "SESSION_COOKIE_DOMAIN"),
        ({"SESSION_COOKIE_PATH": "/app/"}, "SESSION_COOKIE_PATH"),
        ({"CSRF_COOKIE_DOMAIN": ".a.example"}, "CSRF_COOKIE_DOMAIN"),
        ({"CSRF_COOKIE_PATH": "/app/"}, "CSRF_COOKIE_PATH"),
    ],
)
def test_host_prefix_contradicted(settings, setting):
    _, found = policy_of({"cookies": {"host_prefix": True}}, **{**HOST_NAMES, **settings})
    errors = {(f.code, f.setting) for f in found.errors}
    assert errors == {("TLS301", setting)}


def test_a_prefix_that_django_contradicts_is_named_without_ringfence_asking():
    _, found = policy_of({}, SESSION_COOKIE_NAME="__Host-s", SESSION_COOKIE_DOMAIN="a.example")
    assert [(f.code, f.setting, f.severity) for f in found] == [
        ("TLS301", "SESSION_COOKIE_DOMAIN", Severity.DEPLOY_ERROR)
    ]


@pytest.mark.parametrize("name", ["__Secure-s", "__Host-s", "__host-s"])
def test_prefixed_cookies_are_secure_always(name):
    policy, _ = policy_of({}, SESSION_COOKIE_NAME=name)
    assert "Secure" in sent(policy.cookies, name, https=False)


# -- what the checks say ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "config", "expected"),
    [
        pytest.param({}, {}, [], id="defaults"),
        pytest.param(
            {"SESSION_COOKIE_SAMESITE": "None"}, {}, ["SESSION_COOKIE_SAMESITE"], id="samesite"
        ),
        pytest.param(
            {"SESSION_COOKIE_SAMESITE": None}, {}, ["SESSION_COOKIE_SAMESITE"], id="no samesite"
        ),
        pytest.param({"SESSION_COOKIE_SAMESITE": "strict"}, {}, [], id="strict"),
        pytest.param(
            {"SESSION_COOKIE_HTTPONLY": False}, {}, ["SESSION_COOKIE_HTTPONLY"], id="readable"
        ),
        pytest.param({"CSRF_COOKIE_HTTPONLY": False}, {}, [], id="csrf readable"),
        pytest.param(
            {"SESSION_COOKIE_SECURE": False}, {}, ["SESSION_COOKIE_SECURE"], id="insecure"
        ),
        pytest.param(
            {"SESSION_COOKIE_SAMESITE": "None"},
            {"cookies": {"sessionid": {"dangerously_samesite_none": True}}},
            [],
            id="an exception",
        ),
    ],
)
def test_raised_settings_are_named(settings, config, expected):
    policy, _ = policy_of({"https": False, **config}, **settings)
    found = [f for f in check(policy) if f.code == "TLS206"]
    assert [f.setting for f in found] == expected
    for finding in found:
        assert "dangerously_" in finding.fix
        mild = finding.setting.endswith("_SECURE")
        assert finding.severity is (Severity.INFO if mild else Severity.WARNING)


def test_the_fix_that_a_check_names_works():
    policy, _ = policy_of({"https": False}, SESSION_COOKIE_SAMESITE="None")
    (finding,) = check(policy)
    assert '{"sessionid": {"dangerously_samesite_none": True}}' in finding.fix


def test_rule_of_nothing_changes_nothing():
    rule = CookieRule(secure=False, httponly=False, samesite="None")
    assert sent(CookieFloor({"a": rule}), "a") == {"Path=/"}
