"""Settings to answers: what a site says already holds, and RINGFENCE holds against it."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import RequestFactory, override_settings

from ringfence import conf
from ringfence.middleware import RingfenceMiddleware
from tests.core import site as pages
from tests.core.site import APP
from tests.core.support import BASE_POLICY, FOREIGN, ask, policy_of, preflight, site

CSP, CSP_RO = "Content-Security-Policy", "Content-Security-Policy-Report-Only"
SELF_AND_BASE = "default-src 'self'; frame-ancestors 'none'"
CONFIG = {"default-src": ["'self'"], "img-src": ["'self'", "data:"]}
OPEN = {"Origin": APP}
GIVEN = "Access-Control-Allow-Origin"
HTTPS = {"secure": True}


def hsts(**more):
    return {"SECURE_HSTS_SECONDS": 60, **more}


#: name: settings, how to ask, header, its value (None: not sent), its value without the settings
HONOURED = {
    "SECURE_REFERRER_POLICY": (
        {"SECURE_REFERRER_POLICY": "no-referrer"},
        {},
        ("Referrer-Policy", "no-referrer", "same-origin"),
    ),
    "SECURE_REFERRER_POLICY, a list": (
        {"SECURE_REFERRER_POLICY": ["no-referrer", "same-origin"]},
        {},
        ("Referrer-Policy", "no-referrer,same-origin", "same-origin"),
    ),
    "SECURE_REFERRER_POLICY, none": (
        {"SECURE_REFERRER_POLICY": None},
        {},
        ("Referrer-Policy", None, "same-origin"),
    ),
    "SECURE_CONTENT_TYPE_NOSNIFF": (
        {"SECURE_CONTENT_TYPE_NOSNIFF": False},
        {},
        ("X-Content-Type-Options", None, "nosniff"),
    ),
    "SECURE_CROSS_ORIGIN_OPENER_POLICY": (
        {"SECURE_CROSS_ORIGIN_OPENER_POLICY": "same-origin-allow-popups"},
        {},
        ("Cross-Origin-Opener-Policy", "same-origin-allow-popups", "same-origin"),
    ),
    "SECURE_CROSS_ORIGIN_OPENER_POLICY, none": (
        {"SECURE_CROSS_ORIGIN_OPENER_POLICY": None},
        {},
        ("Cross-Origin-Opener-Policy", None, "same-origin"),
    ),
    "SECURE_HSTS_SECONDS": (
        hsts(),
        HTTPS,
        ("Strict-Transport-Security", "max-age=60", None),
    ),
    "SECURE_HSTS_SECONDS over http": (hsts(), {}, ("Strict-Transport-Security", None, None)),
    "SECURE_HSTS_INCLUDE_SUBDOMAINS": (
        hsts(SECURE_HSTS_INCLUDE_SUBDOMAINS=True),
        HTTPS,
        ("Strict-Transport-Security", "max-age=60; includeSubDomains", None),
    ),
    "SECURE_HSTS_PRELOAD": (
        hsts(SECURE_HSTS_INCLUDE_SUBDOMAINS=True, SECURE_HSTS_PRELOAD=True),
        HTTPS,
        ("Strict-Transport-Security", "max-age=60; includeSubDomains; preload", None),
    ),
    "SECURE_PROXY_SSL_HEADER": (
        hsts(SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https")),
        {"headers": {"x-forwarded-proto": "https"}},
        ("Strict-Transport-Security", "max-age=60", None),
    ),
    "a proxy header that nobody named": (
        hsts(),
        {"headers": {"x-forwarded-proto": "https"}},
        ("Strict-Transport-Security", None, None),
    ),
    "SECURE_SSL_REDIRECT": (
        {"SECURE_SSL_REDIRECT": True},
        {},
        ("Location", "https://testserver/plain/?a=1", None),
    ),
    "SECURE_SSL_REDIRECT over https": (
        {"SECURE_SSL_REDIRECT": True},
        HTTPS,
        ("Location", None, None),
    ),
    "SECURE_SSL_HOST": (
        {"SECURE_SSL_REDIRECT": True, "SECURE_SSL_HOST": "secure.example.com"},
        {},
        ("Location", "https://secure.example.com/plain/?a=1", None),
    ),
    "SECURE_REDIRECT_EXEMPT": (
        {"SECURE_SSL_REDIRECT": True, "SECURE_REDIRECT_EXEMPT": [r"^plain/$"]},
        {},
        ("Location", None, None),
    ),
    "X_FRAME_OPTIONS": ({"X_FRAME_OPTIONS": "DENY"}, {}, ("X-Frame-Options", "DENY", "SAMEORIGIN")),
    "X_FRAME_OPTIONS in the policy": (
        {"X_FRAME_OPTIONS": "DENY"},
        {},
        (CSP, BASE_POLICY.replace("ancestors 'self'", "ancestors 'none'"), BASE_POLICY),
    ),
    "X_FRAME_OPTIONS in lower case": (
        {"X_FRAME_OPTIONS": "sameorigin"},
        {},
        ("X-Frame-Options", "SAMEORIGIN", "SAMEORIGIN"),
    ),
    "X_FRAME_OPTIONS that browsers ignore": (
        {"X_FRAME_OPTIONS": "ALLOW-FROM https://a.example"},
        {},
        (CSP, "object-src 'none'; base-uri 'self'", BASE_POLICY),
    ),
    "SECURE_CSP": (
        {"SECURE_CSP": {**CONFIG, "frame-ancestors": ["'none'"]}},
        {},
        (CSP, "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'", BASE_POLICY),
    ),
    "SECURE_CSP and X_FRAME_OPTIONS": (
        {"SECURE_CSP": {"default-src": ["'self'"]}, "X_FRAME_OPTIONS": "SAMEORIGIN"},
        {},
        (CSP, "default-src 'self'; frame-ancestors 'self'", BASE_POLICY),
    ),
    "SECURE_CSP's frame-ancestors say what X-Frame-Options says": (
        {"SECURE_CSP": {"frame-ancestors": ["'none'"]}},
        {},
        ("X-Frame-Options", "DENY", "SAMEORIGIN"),
    ),
    "SECURE_CSP's frame-ancestors beyond X-Frame-Options": (
        {"SECURE_CSP": {"frame-ancestors": ["https://a.example"]}},
        {},
        ("X-Frame-Options", None, "SAMEORIGIN"),
    ),
    "SECURE_CSP_REPORT_ONLY": (
        {"SECURE_CSP_REPORT_ONLY": {**CONFIG, "report-uri": "/r"}},
        {},
        (CSP_RO, "default-src 'self'; img-src 'self' data:; report-uri /r", None),
    ),
    "SECURE_CSP_REPORT_ONLY leaves the base": (
        {"SECURE_CSP_REPORT_ONLY": {**CONFIG, "report-uri": "/r"}},
        {},
        (CSP, BASE_POLICY, BASE_POLICY),
    ),
    "CONTENT_SECURITY_POLICY": (
        {"CONTENT_SECURITY_POLICY": {"DIRECTIVES": {"img-src": ["data:"]}}},
        {},
        (CSP, "default-src 'self'; img-src data:; frame-ancestors 'none'", BASE_POLICY),
    ),
    "CONTENT_SECURITY_POLICY_REPORT_ONLY": (
        {"CONTENT_SECURITY_POLICY_REPORT_ONLY": {"DIRECTIVES": {"report-uri": "/r"}}},
        {},
        (CSP_RO, "default-src 'self'; report-uri /r", None),
    ),
    "EXCLUDE_URL_PREFIXES": (
        {"CONTENT_SECURITY_POLICY": {"EXCLUDE_URL_PREFIXES": ["/plain"], "DIRECTIVES": {}}},
        {},
        (CSP, None, BASE_POLICY),
    ),
    "EXCLUDE_URL_PREFIXES elsewhere": (
        {"CONTENT_SECURITY_POLICY": {"EXCLUDE_URL_PREFIXES": ["/other"], "DIRECTIVES": {}}},
        {},
        (CSP, SELF_AND_BASE, BASE_POLICY),
    ),
    "REPORT_PERCENTAGE": (
        {"CONTENT_SECURITY_POLICY": {"REPORT_PERCENTAGE": 0, "DIRECTIVES": {"report-uri": "/r"}}},
        {},
        (CSP, SELF_AND_BASE, BASE_POLICY),
    ),
    "PERMISSIONS_POLICY": (
        {"PERMISSIONS_POLICY": {"camera": [], "fullscreen": "self"}},
        {},
        ("Permissions-Policy", "camera=(), fullscreen=(self)", None),
    ),
    "CORS_ALLOWED_ORIGINS": (
        {"CORS_ALLOWED_ORIGINS": [APP]},
        {"headers": OPEN},
        (GIVEN, APP, None),
    ),
    "CORS_ALLOWED_ORIGINS, another": (
        {"CORS_ALLOWED_ORIGINS": [APP]},
        {"headers": {"Origin": FOREIGN}},
        (GIVEN, None, None),
    ),
    "CORS_ALLOW_ALL_ORIGINS": (
        {"CORS_ALLOW_ALL_ORIGINS": True},
        {"headers": {"Origin": FOREIGN}},
        (GIVEN, "*", None),
    ),
    "CORS_ALLOW_ALL_ORIGINS with credentials": (
        {"CORS_ALLOW_ALL_ORIGINS": True, "CORS_ALLOW_CREDENTIALS": True},
        {"headers": {"Origin": FOREIGN}},
        (GIVEN, FOREIGN, None),
    ),
    "CORS_ALLOWED_ORIGIN_REGEXES": (
        {"CORS_ALLOWED_ORIGIN_REGEXES": [r"^https://\w+\.example$"]},
        {"headers": OPEN},
        (GIVEN, APP, None),
    ),
    "CORS_ALLOW_CREDENTIALS": (
        {"CORS_ALLOWED_ORIGINS": [APP], "CORS_ALLOW_CREDENTIALS": True},
        {"headers": OPEN},
        ("Access-Control-Allow-Credentials", "true", None),
    ),
    "CORS_EXPOSE_HEADERS": (
        {"CORS_ALLOWED_ORIGINS": [APP], "CORS_EXPOSE_HEADERS": ["X-Total"]},
        {"headers": OPEN},
        ("Access-Control-Expose-Headers", "X-Total", None),
    ),
    "CORS_URLS_REGEX": (
        {"CORS_ALLOWED_ORIGINS": [APP], "CORS_URLS_REGEX": r"^/api/"},
        {"headers": OPEN},
        (GIVEN, None, None),
    ),
    "CORS_ORIGIN_WHITELIST": (
        {"CORS_ORIGIN_WHITELIST": [APP]},
        {"headers": OPEN},
        (GIVEN, APP, None),
    ),
    "CORS_ALLOW_METHODS": (
        {"CORS_ALLOWED_ORIGINS": [APP], "CORS_ALLOW_METHODS": ["PURGE"]},
        {"method": "OPTIONS", "headers": preflight("PURGE")},
        ("Access-Control-Allow-Methods", "PURGE", None),
    ),
    "CORS_ALLOW_HEADERS": (
        {"CORS_ALLOWED_ORIGINS": [APP], "CORS_ALLOW_HEADERS": ["X-One"]},
        {"method": "OPTIONS", "headers": preflight("PUT", "x-one")},
        ("Access-Control-Allow-Headers", "x-one", None),
    ),
    "CORS_PREFLIGHT_MAX_AGE": (
        {"CORS_ALLOWED_ORIGINS": [APP], "CORS_PREFLIGHT_MAX_AGE": 61},
        {"method": "OPTIONS", "headers": preflight()},
        ("Access-Control-Max-Age", "61", None),
    ),
}


@pytest.mark.parametrize("name", HONOURED)
def test_a_setting_is_honoured_where_ringfence_is_silent(mode, name) -> None:
    settings, how, (header, expected, otherwise) = HONOURED[name]
    with override_settings(**site()):
        assert ask(mode, "/plain/?a=1", **how).headers.get(header) == otherwise
        with override_settings(**settings):
            assert ask(mode, "/plain/?a=1", **how).headers.get(header) == expected


def test_nothing_said_is_the_base_preset(mode) -> None:
    with override_settings(**site()):
        response = ask(mode, "/plain/")
    assert response.status_code == 200
    assert dict(response.headers) == {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": "object-src 'none'; base-uri 'self'; frame-ancestors 'self'",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Origin-Agent-Cluster": "?1",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "SAMEORIGIN",
    }


#: name: whether the settings trust the origin, whether a token is sent, the status
TRUST = {
    "trusted by Django, with a token": (["https://app.example"], True, 200),
    "trusted by Django, without": (["https://app.example"], False, 403),
    "a wildcard": (["https://*.example"], True, 200),
    "nobody trusts it": ([], True, 403),
}


@pytest.mark.parametrize("name", TRUST)
def test_djangos_trusted_origins_need_the_token(mode, name) -> None:
    trusted, token, status = TRUST[name]
    secret = "k" * 32
    with override_settings(**site(CSRF_TRUSTED_ORIGINS=trusted)):
        response = ask(
            mode,
            "/plain/",
            data={"csrfmiddlewaretoken": secret if token else ""},
            headers={"Origin": APP},
            cookies={"csrftoken": secret},
        )
    assert response.status_code == status


@pytest.mark.parametrize(
    ("settings", "cookie", "attributes"),
    [
        ({}, "csrftoken", {"samesite": "Lax", "httponly": "", "domain": "", "path": "/"}),
        ({"CSRF_COOKIE_NAME": "xsrf"}, "xsrf", {"samesite": "Lax"}),
        ({"CSRF_COOKIE_HTTPONLY": True}, "csrftoken", {"httponly": True}),
        ({"CSRF_COOKIE_SAMESITE": "Strict"}, "csrftoken", {"samesite": "Strict"}),
        ({"CSRF_COOKIE_DOMAIN": "testserver"}, "csrftoken", {"domain": "testserver"}),
        ({"CSRF_COOKIE_PATH": "/form/"}, "csrftoken", {"path": "/form/"}),
        ({"CSRF_COOKIE_AGE": 60}, "csrftoken", {"max-age": 60}),
    ],
    ids=str,
)
def test_the_csrf_cookies_settings_are_honoured(mode, settings, cookie, attributes) -> None:
    with override_settings(**site(**settings)):
        response = ask(mode, "/form/")
    assert list(response.cookies) == [cookie]
    assert {name: response.cookies[cookie][name] for name in attributes} == attributes


@pytest.mark.parametrize(
    ("settings", "header", "status"),
    [
        ({}, "x-csrftoken", 200),
        ({"CSRF_HEADER_NAME": "HTTP_X_XSRF"}, "x-xsrf", 200),
        ({"CSRF_HEADER_NAME": "HTTP_X_XSRF"}, "x-csrftoken", 403),
    ],
    ids=str,
)
def test_the_csrf_headers_name_is_honoured(mode, settings, header, status) -> None:
    with override_settings(**site(**settings)):
        response = ask(
            mode,
            "/plain/",
            method="POST",
            headers={header: "k" * 32},
            cookies={"csrftoken": "k" * 32},
        )
    assert response.status_code == status


#: name: RINGFENCE, settings, header, its value, the code of the check
OVERRULED = {
    "csp against SECURE_CSP": (
        {"csp": {"default-src": ["'self'"], "object-src": ["'none'"], "base-uri": ["'self'"]}},
        {"SECURE_CSP": {"img-src": ["'self'"]}},
        (CSP, "default-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'none'"),
        "CSP302",
    ),
    "csp against CONTENT_SECURITY_POLICY": (
        {"csp": "base"},
        {"CONTENT_SECURITY_POLICY": {"DIRECTIVES": {}}},
        (CSP, BASE_POLICY),
        "CSP302",
    ),
    "Django's against django-csp's": (
        {},
        {
            "SECURE_CSP": {"default-src": ["'none'"], "frame-ancestors": ["'none'"]},
            "CONTENT_SECURITY_POLICY": {"DIRECTIVES": {}},
        },
        (CSP, "default-src 'none'; frame-ancestors 'none'"),
        "CSP302",
    ),
    "cors against CORS_ALLOWED_ORIGINS": (
        {"cors": {"origins": ["https://other.example"]}},
        {"CORS_ALLOWED_ORIGINS": [APP]},
        (GIVEN, None),
        "CORS301",
    ),
    "referrer_policy": (
        {"transport": {"referrer_policy": "origin"}},
        {"SECURE_REFERRER_POLICY": "no-referrer"},
        ("Referrer-Policy", "origin"),
        "TLS302",
    ),
    "permissions_policy": (
        {"transport": {"permissions_policy": {"camera": []}}},
        {"PERMISSIONS_POLICY": {"camera": "*"}},
        ("Permissions-Policy", "camera=()"),
        "TLS302",
    ),
    "coop": (
        {"isolation": {"coop": "same-origin"}},
        {"SECURE_CROSS_ORIGIN_OPENER_POLICY": "unsafe-none"},
        ("Cross-Origin-Opener-Policy", "same-origin"),
        "ISO304",
    ),
    "frame-ancestors against X_FRAME_OPTIONS": (
        {"csp": {"preset": "base", "frame-ancestors": ["https://a.example"]}},
        {"X_FRAME_OPTIONS": "DENY"},
        ("X-Frame-Options", None),
        "ISO303",
    ),
}


@pytest.mark.parametrize("name", OVERRULED)
def test_ringfence_wins_and_a_check_says_so(mode, name) -> None:
    ringfence, settings, (header, expected), code = OVERRULED[name]
    with override_settings(**site(ringfence, **settings)):
        response = ask(mode, "/plain/", headers={"Origin": APP})
        assert response.headers.get(header) == expected
        named = [item for item in conf.current().findings if item.code == code]
        assert named, conf.current().findings
        assert {message.id for message in run_checks()} >= {f"ringfence.{code}"}
    with override_settings(**site(ringfence)):
        if ringfence:
            assert code not in [item.code for item in conf.current().findings]


WRONG = {
    "csrf": {"fallback": "tocken", "trusted_origins": ["https://a.example/path"]},
    "cors": {"origins": "*", "credentials": True},
    "csp": {"default-src": ["self"]},
    "isolation": {"coop": "same-orgin"},
    "transport": {"referrer_policy": "nope"},
    "crsf": False,
}
#: setting, quoted value, what its reason or fix says, code
SAID = [
    ("RINGFENCE['crsf']", "False", "Did you mean 'csrf'?", "RING001"),
    ("RINGFENCE['csrf']['fallback']", "'tocken'", "token", "CSRF002"),
    ("RINGFENCE['csrf']['trusted_origins']", "'https://a.example/path'", "path", "CSRF101"),
    ("RINGFENCE['cors']['credentials']", "True", "List the origins", "CORS101"),
    ("RINGFENCE['csp']['default-src']", "'self'", "\"'self'\"", "CSP102"),
    ("RINGFENCE['isolation']['coop']", "'same-orgin'", "same-origin", "ISO101"),
    ("RINGFENCE['transport']['referrer_policy']", "'nope'", "", "TLS102"),
]


def refused() -> str:
    with pytest.raises(ImproperlyConfigured) as caught:
        RingfenceMiddleware(lambda request: None)
    return str(caught.value)


def test_every_error_is_raised_at_once_with_setting_value_reason_and_fix() -> None:
    with override_settings(**site(WRONG)):
        lines = refused().splitlines()
    assert lines[0].startswith("ringfence refuses this configuration (")
    for setting, value, says, code in SAID:
        line = next((line for line in lines if line.endswith(f"[{code}]")), "")
        assert line.startswith(f"- {setting}"), (code, lines)
        assert value in line
        assert says in line
    assert f"({len(lines) - 1} errors)" in lines[0]


@pytest.mark.parametrize("stack", ["sync", "async"])
def test_no_handler_can_be_made_with_a_refused_configuration(stack) -> None:
    from django.core.handlers.asgi import ASGIHandler

    with (
        override_settings(**site({"csrf": {"fallback": "nope"}})),
        pytest.raises(ImproperlyConfigured, match="CSRF002"),
    ):
        WSGIHandler() if stack == "sync" else ASGIHandler()


@pytest.mark.parametrize("value", [None, "strict", 3, ["csp"], object()], ids=repr)
def test_what_is_no_dict_is_refused(value) -> None:
    with override_settings(**site()), override_settings(RINGFENCE=value):
        if value is None:
            assert "RING002" in refused()
        else:
            assert re.search(r"RINGFENCE = .*RING002", refused())


@pytest.mark.parametrize("ring", ["csrf", "cors", "csp", "isolation", "transport"])
@pytest.mark.parametrize(
    "value", [3, "nope", [3], object(), b"x"], ids=["3", "str", "list", "object", "bytes"]
)
def test_no_value_of_any_ring_raises_anything_else(ring, value) -> None:
    with override_settings(**site({ring: value})):
        assert f"RINGFENCE['{ring}']" in refused()


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ({"crsf": {}}, "'csrf'"),
        ({"transprot": "https"}, "'transport'"),
        ({"csrf": {"trusted_origin": []}}, "'trusted_origins'"),
        ({"isolation": {"corps": "same-site"}}, "'corp'"),
        ({"transport": {"redirects": True}}, "'redirect'"),
        ({"cors": {"orgins": [APP]}}, "'origins'"),
        ({"csp": {"scirpt-src": ["'self'"]}}, "script-src"),
    ],
    ids=str,
)
def test_a_misspelt_key_suggests_the_right_one(misspelt, meant) -> None:
    with override_settings(**site(misspelt)):
        assert meant in refused()


@pytest.mark.parametrize("ring", ["csrf", "cors", "csp", "isolation", "transport"])
def test_a_ring_that_is_switched_off_is_named_and_served(mode, ring) -> None:
    with override_settings(**site({ring: False})):
        fence = conf.require()
        assert not fence.is_on(ring)
        assert [f.setting for f in fence.findings if f.code == "RING003"] == [
            f"RINGFENCE[{ring!r}]"
        ]
        assert ask(mode, "/plain/").status_code == 200


REFUSED = {"csp": {"default-src": ["self"]}}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("showmigrations", ["--list"]),
        ("makemigrations", ["--check", "--dry-run"]),
        ("inspectdb", []),
        ("diffsettings", []),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_management_commands_run_with_a_refused_configuration(command, arguments) -> None:
    with override_settings(**site(REFUSED)):
        call_command(command, *arguments, stdout=StringIO())


def test_the_check_command_reports_a_refused_configuration() -> None:
    with override_settings(**site(REFUSED)), pytest.raises(SystemCheckError) as caught:
        call_command("check", stdout=StringIO(), stderr=StringIO())
    assert "ringfence.CSP102" in str(caught.value)


def test_the_check_command_is_content_with_a_good_one() -> None:
    said = StringIO()
    with override_settings(**site({"csp": "strict", "transport": "https"})):
        call_command("check", "--tag", "security", stdout=said, stderr=said)
    assert "TLS202" in said.getvalue()  # the ramp wants a first day: a warning, no error
    assert "CSP" not in said.getvalue()


def test_overridden_settings_compile_another_fence() -> None:
    with override_settings(**site()):
        before = conf.current()
        assert conf.current() is before
        with override_settings(RINGFENCE={"csp": "strict"}):
            assert conf.current() is not before
            assert conf.current().csp.uses_nonce
        assert not conf.current().csp.uses_nonce


def test_a_living_middleware_follows_the_settings(rf: RequestFactory) -> None:
    with override_settings(**site()):
        handler = WSGIHandler()
        assert policy_of(handler.get_response(rf.get("/plain/"))) == BASE_POLICY
        with override_settings(SECURE_CSP={"frame-ancestors": ["'none'"]}):
            answer = handler.get_response(rf.get("/plain/"))
            assert policy_of(answer) == "frame-ancestors 'none'"
        assert policy_of(handler.get_response(rf.get("/plain/"))) == BASE_POLICY


def test_a_living_middleware_fails_closed(rf: RequestFactory) -> None:
    with override_settings(**site()):
        handler = WSGIHandler()
        with override_settings(RINGFENCE=REFUSED):
            pages.ran.clear()
            response = handler.get_response(rf.get("/plain/"))
        assert (response.status_code, pages.ran) == (500, [])
        assert handler.get_response(rf.get("/plain/")).status_code == 200


async def test_a_living_middleware_fails_closed_async(async_rf) -> None:
    from django.core.handlers.asgi import ASGIHandler

    with override_settings(**site()):
        handler = ASGIHandler()
        with override_settings(RINGFENCE=REFUSED):
            response = await handler.get_response_async(async_rf.get("/plain-async/"))
        assert (response.status_code, pages.ran) == (500, [])
        again = await handler.get_response_async(async_rf.get("/plain-async/"))
        assert again.status_code == 200


#: settings of other packages whose dangerous value is kept, and the code that names it
KEPT = {
    "any origin with credentials": (
        {"CORS_ALLOW_ALL_ORIGINS": True, "CORS_ALLOW_CREDENTIALS": True},
        {"cors": {"origins": "*", "credentials": True}},
        "CORS101",
    ),
    "the origin null": (
        {"CORS_ALLOWED_ORIGINS": ["null"]},
        {"cors": {"origins": ["null"]}},
        "CORS102",
    ),
    "self without quotes": (
        {"SECURE_CSP": {"default-src": ["self"]}},
        {"csp": {"default-src": ["self"]}},
        "CSP102",
    ),
    "an opener policy that nobody knows": (
        {"SECURE_CROSS_ORIGIN_OPENER_POLICY": "sames-origin"},
        {"isolation": {"coop": "sames-origin"}},
        "ISO101",
    ),
    "a referrer policy that nobody knows": (
        {"SECURE_REFERRER_POLICY": "nowhere"},
        {"transport": {"referrer_policy": "nowhere"}},
        "TLS102",
    ),
}


@pytest.mark.parametrize("name", KEPT)
def test_a_dangerous_value_is_refused_in_ringfence_and_kept_elsewhere(name) -> None:
    theirs, ours, code = KEPT[name]
    with override_settings(**site(ours)):
        assert f"[{code}]" in refused()
    with override_settings(**site(**theirs)):
        conf.require()
        plain = {m.id: m.level for m in run_checks()}
        deployed = [
            m.level
            for m in run_checks(include_deployment_checks=True)
            if m.id == f"ringfence.{code}"
        ]
    assert plain[f"ringfence.{code}"] == 30
    assert 40 in deployed
