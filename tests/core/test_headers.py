"""What stands on a response: prepared headers, a view's own, the nonce, errors and streams."""

from __future__ import annotations

from types import ModuleType
from urllib.parse import urlencode

import pytest
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path

from ringfence.rings.csp.nonce import NonceError
from tests.core import site as pages
from tests.core.support import (
    BASE_POLICY,
    DJANGO_6,
    DJANGO_61,
    FENCE,
    STRICT_WITHOUT_NONCE,
    ask,
    nonce_in,
    policy_of,
    site,
    templates,
)

SELF = (
    "default-src 'self'; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'self'; form-action 'self'"
)
CSP, CSP_RO = "Content-Security-Policy", "Content-Security-Policy-Report-Only"
EVERYTHING = {
    "csp": {"enforce": "strict", "report_to": "https://reports.example/csp"},
    "transport": {
        "https": True,
        "redirect": False,
        "hsts": 31536000,
        "permissions_policy": {"camera": []},
        "permissions_policy_report_only": {"microphone": []},
    },
    "isolation": {"coep": "require-corp"},
}
ALL_HEADERS = [
    (CSP, "default-src 'none'"),
    (CSP_RO, "default-src 'none'"),
    ("Cross-Origin-Opener-Policy", "unsafe-none"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
    ("Cross-Origin-Embedder-Policy", "credentialless"),
    ("Origin-Agent-Cluster", "?0"),
    ("Permissions-Policy", "camera=*"),
    ("Permissions-Policy-Report-Only", "camera=*"),
    ("Referrer-Policy", "origin"),
    ("Strict-Transport-Security", "max-age=1"),
    ("X-Content-Type-Options", "custom"),
    ("X-Frame-Options", "ALLOW-FROM https://a.example"),
    ("Reporting-Endpoints", 'own="/r"'),
    ("Access-Control-Allow-Origin", "https://own.example"),
    ("Vary", "Accept"),
]


@pytest.mark.parametrize(("header", "value"), ALL_HEADERS, ids=[name for name, _ in ALL_HEADERS])
@pytest.mark.parametrize("spelling", [str, str.lower, str.upper], ids=["", "lower", "upper"])
def test_a_header_that_a_view_set_is_not_overwritten(mode, header, value, spelling) -> None:
    path = "/headers/" if mode == "sync" else "/headers-async/"
    with override_settings(**site(EVERYTHING | {"cors": {"origins": [pages.APP]}})):
        response = ask(
            mode,
            f"{path}?{urlencode({spelling(header): value})}",
            secure=True,
            headers={"Origin": pages.APP},
        )
    got = response.headers[header]
    assert got == (f"{value}, Origin" if header == "Vary" else value)
    assert [name.lower() for name in response.headers].count(header.lower()) == 1


def test_each_of_those_headers_is_sent_where_no_view_says_otherwise() -> None:
    with override_settings(**site(EVERYTHING | {"cors": {"origins": [pages.APP]}})):
        response = ask("sync", "/plain/", secure=True, headers={"Origin": pages.APP})
    sent = set(response.headers)
    assert {name for name, _ in ALL_HEADERS} - {CSP_RO} <= sent


# -- framing ---------------------------------------------------------------------------------

#: settings' X_FRAME_OPTIONS or None, RINGFENCE's csp, the page, frame-ancestors, X-Frame-Options
FRAMING = {
    "nothing said": (None, None, "plain/", "'self'", "SAMEORIGIN"),
    "deny": (None, None, "frame/deny/", "'none'", "DENY"),
    "sameorigin": (None, None, "frame/sameorigin/", "'self'", "SAMEORIGIN"),
    "exempt": (None, None, "frame/exempt/", None, None),
    "deny against the setting": ("SAMEORIGIN", None, "frame/deny/", "'none'", "DENY"),
    "sameorigin against the setting": ("DENY", None, "frame/sameorigin/", "'self'", "SAMEORIGIN"),
    "exempt against the setting": ("DENY", None, "frame/exempt/", None, None),
    "deny, preset strict": (None, "strict", "frame/deny/", "'none'", "DENY"),
    "exempt, preset strict": (None, "strict", "frame/exempt/", None, None),
    "explicit, one origin": (
        None,
        {"preset": "base", "frame-ancestors": ["https://a.example"]},
        "plain/",
        "https://a.example",
        None,
    ),
    "explicit, nobody": (
        None,
        {"preset": "base", "frame-ancestors": ["'none'"]},
        "plain/",
        "'none'",
        "DENY",
    ),
    "exempt, explicit": (
        None,
        {"preset": "base", "frame-ancestors": ["'none'"]},
        "frame/exempt/",
        "'none'",
        None,
    ),
    "self and another": (
        None,
        {"preset": "base", "frame-ancestors": ["'self'", "https://a.example"]},
        "plain/",
        "'self' https://a.example",
        None,
    ),
    "no policy": (None, False, "plain/", None, "DENY"),
    "no policy, sameorigin": (None, False, "frame/sameorigin/", None, "SAMEORIGIN"),
    "no policy, exempt": (None, False, "frame/exempt/", None, None),
}


def ancestors_in(response) -> str | None:
    for directive in policy_of(response).split(";"):
        name, _, value = directive.strip().partition(" ")
        if name == "frame-ancestors":
            return value
    return None


@pytest.mark.parametrize("name", FRAMING)
def test_both_framing_headers_say_the_same(mode, name) -> None:
    option, csp, path, ancestors, x_frame_options = FRAMING[name]
    settings = {} if option is None else {"X_FRAME_OPTIONS": option}
    if mode == "async":
        path = path.replace("/", "-async/") if path == "plain/" else path[:-1] + "-async/"
    with override_settings(**site({} if csp is None else {"csp": csp}, **settings)):
        response = ask(mode, f"/{path}")
    assert response.status_code == 200
    assert ancestors_in(response) == ancestors
    assert response.headers.get("X-Frame-Options") == x_frame_options


def test_a_decorator_cannot_contradict_an_explicit_policy(mode) -> None:
    """X-Frame-Options of a view stays as it was written; frame-ancestors wins in browsers."""
    config = {"csp": {"preset": "base", "frame-ancestors": ["https://a.example"]}}
    with override_settings(**site(config)):
        response = ask(mode, "/frame/deny/")
    assert ancestors_in(response) == "https://a.example"


def test_without_the_isolation_ring_no_x_frame_options(mode) -> None:
    with override_settings(**site({"isolation": False})):
        response = ask(mode, "/plain/")
    assert "X-Frame-Options" not in response.headers
    assert not [name for name in response.headers if name.startswith("Cross-Origin-")]


# -- policies of views -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "enforce", "report_only"),
    [
        (
            "/csp/reporting/",
            BASE_POLICY,
            SELF,
        ),
        ("/csp/unpoliced/", "", ""),
        ("/plain/", BASE_POLICY, ""),
    ],
)
def test_our_decorators(mode, path, enforce, report_only) -> None:
    with override_settings(**site()):
        response = ask(mode, path)
    assert policy_of(response) == enforce
    assert response.headers.get(CSP_RO, "") == report_only


def test_our_strict_view_on_a_site_without_nonces(mode) -> None:
    with override_settings(**site()):
        response = ask(mode, "/csp/strict/")
    nonce = nonce_in(response)
    assert nonce is not None
    assert response.text_ == f"<script nonce={nonce}>"
    assert "'strict-dynamic'" in policy_of(response)


def urls_of(**views):
    """Return a URLconf of these views."""
    module = ModuleType("urls_of")
    module.urlpatterns = [path(f"{name}/", view) for name, view in views.items()]
    return module


def decorated(decorator):
    return urls_of(view=decorator(lambda request: HttpResponse(f"{request.csp_nonce}")))


def decorated_async(decorator):
    async def view(request):
        return HttpResponse(f"{request.csp_nonce}")

    return urls_of(view=decorator(view))


def with_view(mode, decorator, **settings):
    urlconf = (decorated if mode == "sync" else decorated_async)(decorator)
    with override_settings(**site(**settings) | {"ROOT_URLCONF": urlconf}):
        return ask(mode, "/view/")


@DJANGO_6
@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"default-src": ["'none'"]}, "default-src 'none'; frame-ancestors 'self'"),
        ({"script-src": ["<CSP_NONCE_SENTINEL>"]}, "script-src 'nonce-{}'; frame-ancestors 'self'"),
        ({"frame-ancestors": ["*"]}, "frame-ancestors *"),
        ({}, ""),
    ],
    ids=str,
)
def test_djangos_override(mode, config, expected) -> None:
    from django.utils.csp import CSP as DJANGO_CSP
    from django.views.decorators.csp import csp_override, csp_report_only_override

    config = {
        name: [DJANGO_CSP.NONCE if v == "<CSP_NONCE_SENTINEL>" else v for v in values]
        for name, values in config.items()
    }
    enforced = with_view(mode, csp_override(config))
    assert policy_of(enforced) == expected.format(enforced.text_)
    assert CSP_RO not in enforced.headers
    reported = with_view(mode, csp_report_only_override(config))
    assert policy_of(reported) == BASE_POLICY
    without_framing = expected.replace("; frame-ancestors 'self'", "").format(reported.text_)
    assert reported.headers.get(CSP_RO, "") == without_framing


#: the decorator's name and arguments, the enforced policy with `{}` for the nonce
DJANGO_CSP_DECORATORS = {
    "csp": ("csp", ({"img-src": ["data:"]},), "img-src data:; frame-ancestors 'none'"),
    "csp_update": (
        "csp_update",
        ({"img-src": ["data:"]},),
        "default-src 'self'; frame-ancestors 'none'; img-src data:",
    ),
    "csp_replace": (
        "csp_replace",
        ({"default-src": ["'none'"]},),
        "default-src 'none'; frame-ancestors 'none'",
    ),
    "csp_exempt": ("csp_exempt", (), ""),
}


@pytest.mark.parametrize("name", DJANGO_CSP_DECORATORS)
def test_django_csps_decorators(name) -> None:
    import csp.decorators as theirs

    decorator, arguments, expected = DJANGO_CSP_DECORATORS[name]
    settings = {
        "CONTENT_SECURITY_POLICY": {"DIRECTIVES": {}},
        "CONTENT_SECURITY_POLICY_REPORT_ONLY": {"DIRECTIVES": {"img-src": ["'self'"]}},
    }
    other = "default-src 'self'; img-src 'self'"
    response = with_view("sync", getattr(theirs, decorator)(*arguments), **settings)
    assert policy_of(response) == expected
    assert response.headers[CSP_RO] == other
    response = with_view(
        "sync", getattr(theirs, decorator)(*arguments, REPORT_ONLY=True), **settings
    )
    assert policy_of(response) == "default-src 'self'; frame-ancestors 'none'"
    changed = {
        "csp": "img-src data:",
        "csp_update": f"{other} data:",
        "csp_replace": "default-src 'none'; img-src 'self'",
        "csp_exempt": "",
    }
    assert response.headers.get(CSP_RO, "") == changed[name]


# -- the nonce -------------------------------------------------------------------------------

PROCESSORS = [
    "ringfence.context_processors.csp",
    pytest.param("django.template.context_processors.csp", marks=DJANGO_6),
]


@pytest.mark.parametrize("processor", PROCESSORS)
def test_the_nonce_is_one_value_wherever_it_is_read(mode, processor) -> None:
    with override_settings(**site({"csp": "strict"}, TEMPLATES=templates(processor))):
        first, second = ask(mode, "/nonces/"), ask(mode, "/nonces/")
    values = set(first.text_.split("\n"))
    assert values == {nonce_in(first)}
    assert nonce_in(first) != nonce_in(second)
    assert len(nonce_in(first)) == 32


@DJANGO_61
def test_the_nonce_of_djangos_tag_and_media(mode) -> None:
    from django.forms import Form, Media, Script

    class Page(Form):
        media = Media(js=[Script("a.js")])

    def view(request):
        from django.shortcuts import render

        return render(request, "page.html", {"form": Page()})

    more = {"page.html": "{% csp_nonce_attr %}|{{ form.media }}|{% csp_nonce_attr form.media %}"}
    config = templates("django.template.context_processors.csp", **more)
    urlconf = urls_of(view=view)
    with override_settings(**site({"csp": "strict"}, TEMPLATES=config, ROOT_URLCONF=urlconf)):
        response = ask(mode, "/view/")
    nonce = nonce_in(response)
    assert nonce is not None, response.text_
    attribute, _, with_media = response.text_.split("|")
    assert f'nonce="{nonce}"' in attribute
    assert f'nonce="{nonce}"' in with_media


def test_a_nonce_that_nobody_read_is_in_no_header_and_empties_no_directive(mode) -> None:
    path = "/plain/" if mode == "sync" else "/plain-async/"
    with override_settings(**site({"csp": "strict"})):
        assert policy_of(ask(mode, path)) == STRICT_WITHOUT_NONCE


def test_only_a_nonce_that_nobody_read_allows_nothing(mode) -> None:
    """Django drops such a directive, and with it the restriction."""
    from ringfence.rings.csp.model import NONCE

    config = {"script-src": [NONCE], "object-src": ["'none'"], "base-uri": ["'none'"]}
    with override_settings(**site({"csp": config})):
        assert policy_of(ask(mode, "/plain/")).startswith("script-src 'none'; ")
        response = ask(mode, "/nonce/")
    assert policy_of(response).startswith(f"script-src 'nonce-{nonce_in(response)}'; ")
    assert f'nonce="{nonce_in(response)}"' in response.text_


def test_no_policy_on_304(mode) -> None:
    middleware = [FENCE, "django.middleware.http.ConditionalGetMiddleware"]
    with override_settings(**site({"csp": "strict"}, MIDDLEWARE=middleware)):
        first = ask(mode, "/plain/")
        again = ask(mode, "/plain/", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    assert policy_of(first)
    assert CSP not in again.headers
    assert CSP_RO not in again.headers
    assert again.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/stream/", "/stream-async/", "/stream-read-before/"])
@pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume:Warning")
def test_a_stream_reads_the_nonce_that_its_header_holds(mode, path) -> None:
    with override_settings(**site({"csp": "strict"})):
        response = ask(mode, path)
    nonce = nonce_in(response)
    assert nonce is not None
    assert nonce in response.text_


def test_a_stream_of_data_has_no_nonce(mode) -> None:
    with override_settings(**site({"csp": "strict"})):
        response = ask(mode, "/stream-data/")
    assert response.text_ == "a,b\n"
    assert policy_of(response) == STRICT_WITHOUT_NONCE


def test_a_nonce_first_read_after_the_response_is_an_error(mode) -> None:
    with override_settings(**site({"csp": "strict"})):
        ask(mode, "/kept-nonce/")
    with pytest.raises(NonceError, match=r"Read request\.csp_nonce"):
        str(pages.kept[0])


def test_a_nonce_read_in_time_can_be_read_afterwards(mode) -> None:
    with override_settings(**site({"csp": "strict"})):
        response = ask(mode, "/nonce/")
    assert f'nonce="{nonce_in(response)}"' in response.text_


# -- errors ----------------------------------------------------------------------------------

ERRORS = {
    "a missing page": ("/missing/", 404),
    "a view's 404": ("/gone/", 404),
    "an exception": ("/boom/", 500),
    "an async view's": ("/boom-async/", 500),
}


@pytest.mark.parametrize("name", ERRORS)
def test_errors_carry_the_headers(mode, name) -> None:
    path, status = ERRORS[name]
    with override_settings(**site({"csp": "strict"})):
        response = ask(mode, path)
    assert response.status_code == status
    assert policy_of(response) == STRICT_WITHOUT_NONCE
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("name", ERRORS)
def test_djangos_debug_pages_get_no_policy_and_all_else(mode, name) -> None:
    """They bring inline styles and scripts."""
    path, status = ERRORS[name]
    with override_settings(**site({"csp": "strict"}, DEBUG=True)):
        response = ask(mode, path)
        fine = ask(mode, "/plain/")
    assert response.status_code == status
    assert CSP not in response.headers
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert policy_of(fine) == STRICT_WITHOUT_NONCE


@pytest.mark.parametrize("path", ["/plain/", "/plain-async/", "/missing/"])
@pytest.mark.parametrize("host", ["evil.example", "a b", "testserver@evil.example"])
def test_a_bad_host_is_refused_on_every_page_with_headers(mode, path, host) -> None:
    with override_settings(**site()):
        response = ask(mode, path, headers={"host": host})
    assert response.status_code == 400
    assert pages.ran == []
    assert policy_of(response) == BASE_POLICY
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_any_host_where_it_is_meant(mode) -> None:
    with override_settings(**site({"transport": {"dangerously_any_host": True}})):
        assert ask(mode, "/plain/", headers={"host": "health.internal"}).status_code == 200


def test_without_the_transport_ring_hosts_are_judged_where_django_does(mode) -> None:
    with override_settings(**site({"transport": False})):
        response = ask(mode, "/plain/", headers={"host": "evil.example"})
    assert response.status_code == 200
    assert "X-Content-Type-Options" not in response.headers
    assert "Referrer-Policy" not in response.headers


# -- transport -------------------------------------------------------------------------------

HTTPS = {"transport": {"https": True, "hsts": 31536000}}


def test_hsts_only_over_https(mode) -> None:
    with override_settings(**site(HTTPS | {"transport": {"hsts": 60}})):
        plain, secure = ask(mode, "/plain/"), ask(mode, "/plain/", secure=True)
    assert "Strict-Transport-Security" not in plain.headers
    assert secure.headers["Strict-Transport-Security"] == "max-age=60"


@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
def test_http_is_redirected_before_anything_is_done(mode, method) -> None:
    with override_settings(**site(HTTPS)):
        response = ask(mode, "/plain/?next=/a%20b", method=method)
        there = ask(mode, "/plain/", method="GET", secure=True)
    assert response.status_code == 301
    assert response.headers["Location"] == "https://testserver/plain/?next=/a%20b"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Strict-Transport-Security" not in response.headers
    assert there.status_code == 200
    assert pages.ran == ["plain"]


def test_a_bad_host_is_not_redirected_to(mode) -> None:
    with override_settings(**site(HTTPS)):
        assert ask(mode, "/plain/", headers={"host": "evil.example"}).status_code == 400


SESSIONS_ON = {"MIDDLEWARE": [FENCE, "django.contrib.sessions.middleware.SessionMiddleware"]}


@pytest.mark.parametrize(
    ("ringfence", "settings", "secure", "flags"),
    [
        ({}, {}, True, (True, True, "Lax")),
        ({}, {}, False, ("", True, "Lax")),
        ({}, {"SESSION_COOKIE_SAMESITE": "Strict"}, True, (True, True, "Strict")),
        ({}, {"SESSION_COOKIE_HTTPONLY": False}, True, (True, True, "Lax")),
        ({}, {"SESSION_COOKIE_SAMESITE": None}, True, (True, True, "Lax")),
        ({}, {"SESSION_COOKIE_SAMESITE": "None"}, True, (True, True, "Lax")),
        ({"transport": False}, {}, True, ("", True, "Lax")),
        (
            {"transport": {"cookies": {"sessionid": {"dangerously_samesite_none": True}}}},
            {"SESSION_COOKIE_SAMESITE": "None"},
            True,
            (True, True, "None"),
        ),
    ],
    ids=str,
)
def test_the_floor_of_the_session_cookie(mode, ringfence, settings, secure, flags) -> None:
    with override_settings(**site(ringfence, **SESSIONS_ON, **settings)):
        response = ask(mode, "/session/", secure=secure)
    cookie = response.cookies["sessionid"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == flags


def test_the_floor_leaves_other_cookies_alone(mode) -> None:
    with override_settings(**site(**SESSIONS_ON)):
        response = ask(mode, "/session/", secure=True)
    theme = response.cookies["theme"]
    assert (theme["secure"], theme["httponly"], theme["samesite"]) == ("", "", "")


def test_the_csrf_cookie_is_secure_over_https_and_readable(mode) -> None:
    with override_settings(**site()):
        response = ask(mode, "/form/", secure=True)
    cookie = response.cookies["csrftoken"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, "", "Lax")


# -- the handlers themselves -----------------------------------------------------------------


def test_head_and_options_carry_the_headers(mode) -> None:
    with override_settings(**site()):
        for method in ("HEAD", "OPTIONS"):
            assert policy_of(ask(mode, "/plain/", method=method)) == BASE_POLICY


def test_a_response_that_is_sent_twice_is_not_changed_twice(rf) -> None:
    """A view may keep a response; what it wrote on it stays the view's."""
    response = HttpResponse("done")
    with override_settings(**site(ROOT_URLCONF=urls_of(view=lambda request: response))):
        handler = WSGIHandler()
        first = dict(handler.get_response(rf.get("/view/")).headers)
        assert dict(handler.get_response(rf.get("/view/")).headers) == first


async def test_the_handlers_of_both_kinds_agree(rf, async_rf) -> None:
    from asgiref.sync import sync_to_async

    with override_settings(**site()):
        one = await sync_to_async(WSGIHandler().get_response)(rf.get("/plain/"))
        other = await ASGIHandler().get_response_async(async_rf.get("/plain-async/"))
    assert dict(one.headers) == dict(other.headers)
