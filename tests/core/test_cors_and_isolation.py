"""Policies of views, paths and names through real handlers; resources that other sites ask for."""

from __future__ import annotations

import pytest
from django.test import override_settings

from ringfence.signals import check_request_enabled, request_refused
from tests.core import site as pages
from tests.core.site import APP
from tests.core.support import FENCE, FOREIGN, OWN, ask, policy_of, preflight, site, vary_of

GIVEN, METHODS = "Access-Control-Allow-Origin", "Access-Control-Allow-Methods"
SITE_WIDE = {"cors": {"origins": [APP], "credentials": True}}
ANY = {"cors": {"origins": "*"}}


def inner(get_response):
    """A middleware that must not see preflights: it asks everybody to sign in."""

    def middleware(request):
        pages.ran.append("inner")
        return get_response(request)

    return middleware


INNER = "tests.core.test_cors_and_isolation.inner"

#: RINGFENCE, path, headers of the request, Access-Control-Allow-Origin (None: not sent)
READS = {
    "@cors, its origin": ({}, "/api/", {"origin": APP}, APP),
    "@cors, another": ({}, "/api/", {"origin": FOREIGN}, None),
    "@cors, no origin": ({}, "/api/", {}, None),
    "@cors, async": ({}, "/api-async/", {"origin": APP}, APP),
    "@cors on a method": ({}, "/api-class/", {"origin": FOREIGN}, "*"),
    "@cors in place of the site's": (
        {"cors": {"origins": [FOREIGN]}},
        "/api/",
        {"origin": FOREIGN},
        None,
    ),
    "@cors beside any origin": (ANY, "/api/", {"origin": FOREIGN}, None),
    "a view without": ({}, "/plain/", {"origin": APP}, None),
    "the site's": (SITE_WIDE, "/plain/", {"origin": APP}, APP),
    "the site's, async": (SITE_WIDE, "/plain-async/", {"origin": APP}, APP),
    "the site's, another": (SITE_WIDE, "/plain/", {"origin": FOREIGN}, None),
    "the site's, null": (SITE_WIDE, "/plain/", {"origin": "null"}, None),
    "any origin": (ANY, "/plain/", {"origin": FOREIGN}, "*"),
    "own origin": (ANY, "/plain/", {"origin": OWN}, "*"),
    "a 404 of the site": (SITE_WIDE, "/missing/", {"origin": APP}, APP),
    "a 404, another origin": (SITE_WIDE, "/missing/", {"origin": FOREIGN}, None),
    "a view's 404": ({}, "/api-gone/", {"origin": APP}, APP),
    "a view's 404, the site's": (SITE_WIDE, "/gone/", {"origin": APP}, APP),
    "a 500": ({}, "/api-boom/", {"origin": APP}, APP),
    "a 500, the site's": (SITE_WIDE, "/boom/", {"origin": APP}, APP),
    "a 500, async": (SITE_WIDE, "/boom-async/", {"origin": APP}, APP),
    "a 500, another origin": ({}, "/api-boom/", {"origin": FOREIGN}, None),
    "off": ({"cors": False}, "/plain/", {"origin": APP}, None),
    "by name": (
        {"cors": {"views": {"partner-feed": {"origins": [APP]}}}},
        "/partner/feed/",
        {"origin": APP},
        APP,
    ),
    "by name, another view": (
        {"cors": {"views": {"partner-feed": {"origins": [APP]}}}},
        "/plain/",
        {"origin": APP},
        None,
    ),
    "by path": (
        {"cors": {"paths": {"/partner/": {"origins": [APP]}}}},
        "/partner/feed/",
        {"origin": APP},
        APP,
    ),
    "by path, a 404 below it": (
        {"cors": {"paths": {"/partner/": {"origins": [APP]}}}},
        "/partner/nothing/",
        {"origin": APP},
        APP,
    ),
    "by path, elsewhere": (
        {"cors": {"paths": {"/partner/": {"origins": [APP]}}}},
        "/plain/",
        {"origin": APP},
        None,
    ),
    "by name before the site's": (
        {"cors": {"origins": [FOREIGN], "views": {"plain": {"origins": [APP]}}}},
        "/plain/",
        {"origin": FOREIGN},
        None,
    ),
    "@cors before the name": (
        {"cors": {"views": {"api": {"origins": [FOREIGN]}}}},
        "/api/",
        {"origin": APP},
        APP,
    ),
    "a callable": ({}, "/dynamic/", {"origin": APP}, APP),
    "a callable says no": ({}, "/dynamic/", {"origin": FOREIGN}, None),
    "a coroutine": ({}, "/dynamic-async/", {"origin": APP}, APP),
    "a coroutine says no": ({}, "/dynamic-async/", {"origin": FOREIGN}, None),
    "the site's callable": (
        {"cors": {"origins": pages.by_callable}},
        "/plain/",
        {"origin": APP},
        APP,
    ),
    "the site's coroutine": (
        {"cors": {"origins": pages.by_coroutine}},
        "/plain/",
        {"origin": APP},
        APP,
    ),
    "the site's callable, a 404": (
        {"cors": {"origins": pages.by_callable}},
        "/missing/",
        {"origin": APP},
        APP,
    ),
    "a dotted path": (
        {"cors": {"origins": "tests.core.site.by_callable"}},
        "/plain/",
        {"origin": APP},
        APP,
    ),
    "a dotted path says no": (
        {"cors": {"origins": "tests.core.site.by_callable"}},
        "/plain/",
        {"origin": FOREIGN},
        None,
    ),
    "a bad host": (SITE_WIDE, "/plain/", {"origin": APP, "host": "evil.example"}, APP),
}


@pytest.mark.parametrize("name", READS)
def test_who_may_read(mode, name) -> None:
    ringfence, path, headers, expected = READS[name]
    with override_settings(**site(ringfence)):
        response = ask(mode, path, headers=headers)
    assert response.headers.get(GIVEN) == expected
    credentials = response.headers.get("Access-Control-Allow-Credentials")
    assert credentials == ("true" if expected and ringfence is SITE_WIDE else None)


def test_a_callable_is_not_asked_about_what_is_no_origin(mode) -> None:
    with override_settings(**site()):
        for origin in ("https://a b", "https://app.example/", "x" * 5000, "", OWN):
            response = ask(mode, "/dynamic/", headers={"origin": origin})
            assert GIVEN not in response.headers
    assert "callable" not in pages.ran


#: RINGFENCE, path, headers, what the answer varies on
VARIES = {
    "a list": (SITE_WIDE, "/plain/", {"origin": APP}, {"Origin"}),
    "a list, another origin": (SITE_WIDE, "/plain/", {"origin": FOREIGN}, {"Origin"}),
    "a list, no origin": (SITE_WIDE, "/plain/", {}, {"Origin"}),
    "a list, 404": (SITE_WIDE, "/missing/", {}, {"Origin"}),
    "any origin": (ANY, "/plain/", {"origin": APP}, set()),
    "no policy": ({}, "/plain/", {"origin": APP}, set()),
    "@cors": ({}, "/api/", {}, {"Origin"}),
    "@cors, any origin": ({}, "/api-class/", {"origin": APP}, set()),
    "@cors, any origin, in a site with a list": (SITE_WIDE, "/api-class/", {"origin": APP}, set()),
    "what the view varies on": ({}, "/api-varying/", {"origin": APP}, {"Accept", "Origin"}),
    "what the view varies on, the site's": (
        SITE_WIDE,
        "/headers/?Vary=Accept",
        {"origin": APP},
        {"Accept", "Origin"},
    ),
    "what the view varies on, already": (
        SITE_WIDE,
        "/headers/?Vary=Origin",
        {"origin": APP},
        {"Origin"},
    ),
    "everything": (SITE_WIDE, "/headers/?Vary=*", {"origin": APP}, {"*"}),
    "by path": (
        {"cors": {"paths": {"/partner/": {"origins": [APP]}}}},
        "/partner/feed/",
        {},
        {"Origin"},
    ),
    "by path, elsewhere": (
        {"cors": {"paths": {"/partner/": {"origins": [APP]}}}},
        "/plain/",
        {},
        set(),
    ),
    "a callable": ({}, "/dynamic/", {}, {"Origin"}),
}


@pytest.mark.parametrize("name", VARIES)
def test_vary_names_the_origin_only_where_it_is_looked_at(mode, name) -> None:
    ringfence, path, headers, expected = VARIES[name]
    with override_settings(**site(ringfence)):
        assert vary_of(ask(mode, path, headers=headers)) == expected


@pytest.mark.parametrize("path", ["/plain/", "/api-class/"])
def test_a_stored_answer_to_a_navigation_can_be_read_by_everybody_too(mode, path) -> None:
    """Fetch, "CORS protocol and HTTP caches": what varies on nothing always says ``*``."""
    with override_settings(**site(ANY)):
        response = ask(mode, path)
    assert response.headers.get(GIVEN) == "*" or "Origin" in vary_of(response)


# -- preflights ------------------------------------------------------------------------------

#: RINGFENCE, path, headers, status, allowed origin, allowed methods
PREFLIGHTS = {
    "@cors": ({}, "/api/", preflight("PUT"), 204, APP, "PUT"),
    "@cors, async": ({}, "/api-async/", preflight("PUT"), 204, APP, "PUT"),
    "@cors, another origin": ({}, "/api/", preflight("PUT", origin=FOREIGN), 403, None, None),
    "@cors, another method": ({}, "/api/", preflight("DELETE"), 403, None, None),
    "a method of a class": ({}, "/api-class/", preflight("PUT"), 200, None, None),
    "the site's": (SITE_WIDE, "/plain/", preflight("PUT"), 204, APP, "PUT"),
    "the site's, async": (SITE_WIDE, "/plain-async/", preflight("PUT"), 204, APP, "PUT"),
    "a missing page": (SITE_WIDE, "/missing/", preflight("PUT"), 404, APP, None),
    "a missing page, another origin": (
        SITE_WIDE,
        "/missing/",
        preflight("PUT", origin=FOREIGN),
        404,
        None,
        None,
    ),
    "no policy": ({}, "/plain/", preflight("PUT"), 200, None, None),
    "OPTIONS without a method": (SITE_WIDE, "/plain/", {"origin": APP}, 200, APP, None),
    "OPTIONS without an origin": (
        SITE_WIDE,
        "/plain/",
        {"access-control-request-method": "PUT"},
        200,
        None,
        None,
    ),
    "a callable": ({}, "/dynamic/", preflight("GET"), 204, APP, "GET"),
    "a callable says no": ({}, "/dynamic/", preflight("PUT", origin=FOREIGN), 403, None, None),
    "a coroutine": ({}, "/dynamic-async/", preflight("PUT"), 204, APP, "PUT"),
    "by name": (
        {"cors": {"views": {"partner-feed": {"origins": [APP]}}}},
        "/partner/feed/",
        preflight("PUT"),
        204,
        APP,
        "PUT",
    ),
}


@pytest.mark.parametrize("name", PREFLIGHTS)
def test_a_preflight_is_answered_before_what_stands_within(mode, name) -> None:
    ringfence, path, headers, status, origin, methods = PREFLIGHTS[name]
    with override_settings(**site(ringfence, MIDDLEWARE=[FENCE, INNER])):
        response = ask(mode, path, method="OPTIONS", headers=headers)
    assert response.status_code == status
    assert response.headers.get(GIVEN) == origin
    if methods is None:
        assert METHODS not in response.headers
    else:
        assert methods in response.headers[METHODS].split(", ")
    answered = status in (204, 403)
    assert ("inner" in pages.ran) is not answered
    if answered:
        assert not {"api", "api_async", "plain", "plain_async"} & set(pages.ran)
        assert response.text_ == ""
        assert response.headers["Content-Length"] == "0"
        assert "Content-Type" not in response.headers
        assert policy_of(response)


@pytest.mark.parametrize(
    ("path", "accept", "status"),
    [
        ("/de/api/", "", 204),
        ("/en-us/api/", "", 204),
        ("/de/api/", "de", 204),
        ("/fr/nothing/", "", 404),
    ],
)
def test_a_preflight_for_a_translated_address(mode, path, accept, status) -> None:
    """Only LocaleMiddleware, within the fence, knows which language the address is in."""
    settings = site(
        ROOT_URLCONF="tests.core.translated",
        MIDDLEWARE=[FENCE, "django.middleware.locale.LocaleMiddleware"],
        USE_I18N=True,
        LANGUAGE_CODE="en-us",
    )
    headers = preflight("PUT") | ({"accept-language": accept} if accept else {})
    with override_settings(**settings):
        response = ask(mode, path, method="OPTIONS", headers=headers)
        assert response.status_code == status
        assert response.headers.get(GIVEN) == (APP if status == 204 else None)
        assert "api" not in pages.ran


def test_an_actual_request_to_a_translated_address(mode) -> None:
    settings = site(
        ROOT_URLCONF="tests.core.translated",
        MIDDLEWARE=[FENCE, "django.middleware.locale.LocaleMiddleware"],
    )
    with override_settings(**settings):
        response = ask(mode, "/de/api/", headers={"origin": APP})
    assert (response.status_code, response.headers.get(GIVEN)) == (200, APP)


# -- the signal ------------------------------------------------------------------------------


def their_signal():
    from corsheaders.signals import check_request_enabled as theirs

    return theirs


@pytest.mark.parametrize("signal", ["ours", "theirs"])
@pytest.mark.parametrize("ringfence", [{}, SITE_WIDE, {"cors": False}], ids=["", "list", "off"])
def test_receivers_may_allow_an_origin(mode, signal, ringfence) -> None:
    asked = []

    def allow_one(sender, request, **kwargs):
        asked.append(request.path)
        return request.headers.get("Origin") == "https://signalled.example"

    sender = check_request_enabled if signal == "ours" else their_signal()
    off = ringfence == {"cors": False}
    sender.connect(allow_one)
    try:
        with override_settings(**site(ringfence)):
            answers = [
                ask(mode, "/plain/", headers={"origin": origin})
                for origin in ("https://signalled.example", FOREIGN)
            ]
            flown = ask(
                mode,
                "/plain/",
                method="OPTIONS",
                headers=preflight("PUT", origin="https://signalled.example"),
            )
    finally:
        sender.disconnect(allow_one)
    allowed = None if off else "https://signalled.example"
    assert [answer.headers.get(GIVEN) for answer in answers] == [allowed, None]
    assert bool(asked) is not off
    assert flown.headers.get(GIVEN) == allowed
    assert vary_of(answers[1]) == (set() if off else {"Origin"})


def test_nobody_is_asked_where_nobody_listens(mode) -> None:
    with override_settings(**site()):
        response = ask(mode, "/plain/", headers={"origin": APP})
    assert vary_of(response) == set()


# -- isolation -------------------------------------------------------------------------------

SESSION = {"sessionid": "s"}


def fetched(site="cross-site", mode="no-cors", dest="image", **more):
    return {"sec-fetch-site": site, "sec-fetch-mode": mode, "sec-fetch-dest": dest, **more}


#: RINGFENCE, path, method, headers, cookies, status
RESOURCES = {
    "an image, with the session": ({}, "/plain/", "GET", fetched(), SESSION, 403),
    "an image, async": ({}, "/plain-async/", "GET", fetched(), SESSION, 403),
    "an image, a stranger": ({}, "/plain/", "GET", fetched(), {}, 200),
    "an image, another cookie": ({}, "/plain/", "GET", fetched(), {"xsessionid": "s"}, 200),
    "a script": ({}, "/plain/", "GET", fetched(dest="script"), SESSION, 403),
    "a frame": ({}, "/plain/", "GET", fetched(mode="navigate", dest="iframe"), SESSION, 403),
    "a link": ({}, "/plain/", "GET", fetched(mode="navigate", dest="document"), SESSION, 200),
    "an object": ({}, "/plain/", "GET", fetched(mode="navigate", dest="object"), SESSION, 403),
    "same site": ({}, "/plain/", "GET", fetched("same-site"), SESSION, 200),
    "same site, refused": (
        {"isolation": {"same_site": True}},
        "/plain/",
        "GET",
        fetched("same-site"),
        SESSION,
        403,
    ),
    "same origin": ({}, "/plain/", "GET", fetched("same-origin"), SESSION, 200),
    "typed in": ({}, "/plain/", "GET", fetched("none", "navigate", "document"), SESSION, 200),
    "nonsense": ({}, "/plain/", "GET", fetched("nowhere"), SESSION, 403),
    "an open view": ({}, "/embeddable/", "GET", fetched(), SESSION, 200),
    "an open view's frame": (
        {},
        "/embeddable/",
        "GET",
        fetched(mode="navigate", dest="iframe"),
        SESSION,
        200,
    ),
    # What a script may not read when it sends the cookie was not meant for the session.
    "@cors without credentials": (
        {},
        "/api/",
        "GET",
        fetched(mode="cors", dest="empty", origin=APP),
        SESSION,
        403,
    ),
    "@cors without credentials, a stranger": (
        {},
        "/api/",
        "GET",
        fetched(mode="cors", dest="empty", origin=APP),
        {},
        200,
    ),
    "@cors with credentials": (
        {},
        "/api-session/",
        "GET",
        fetched(mode="cors", dest="empty", origin=APP),
        SESSION,
        200,
    ),
    "@cors, another origin": (
        {},
        "/api/",
        "GET",
        fetched(mode="cors", dest="empty", origin=FOREIGN),
        SESSION,
        403,
    ),
    "the site's CORS": (
        SITE_WIDE,
        "/plain/",
        "GET",
        fetched(mode="cors", dest="empty", origin=APP),
        SESSION,
        200,
    ),
    "off": ({"isolation": {"resources": "off"}}, "/plain/", "GET", fetched(), SESSION, 200),
    "the ring is off": ({"isolation": False}, "/plain/", "GET", fetched(), SESSION, 200),
    "report": ({"isolation": {"resources": "report"}}, "/plain/", "GET", fetched(), SESSION, 200),
    "a missing page": ({}, "/missing/", "GET", fetched(), SESSION, 404),
    "another session cookie": ({}, "/plain/", "GET", fetched(), {"sid": "s"}, 200),
}


@pytest.mark.parametrize("name", RESOURCES)
def test_resources_that_another_site_asks_for(mode, name) -> None:
    ringfence, path, method, headers, cookies, status = RESOURCES[name]
    with override_settings(**site(ringfence)):
        response = ask(mode, path, method=method, headers=headers, cookies=cookies)
    assert response.status_code == status
    assert bool(pages.ran) is (status == 200)


def test_the_session_cookies_name_is_the_settings() -> None:
    with override_settings(**site(SESSION_COOKIE_NAME="sid")):
        assert ask("sync", "/plain/", headers=fetched(), cookies={"sid": "s"}).status_code == 403
        assert ask("sync", "/plain/", headers=fetched(), cookies=SESSION).status_code == 200


def test_the_refusal_varies_on_what_was_looked_at_and_is_not_stored(mode) -> None:
    with override_settings(**site()):
        response = ask(mode, "/plain/", headers=fetched(), cookies=SESSION)
    assert vary_of(response) >= {"Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest", "Cookie"}
    assert response.headers["Cache-Control"] == "no-store"
    assert "cross-site" not in response.text_


@pytest.mark.parametrize("report", [True, False], ids=["report", "enforce"])
def test_refusals_and_reports_are_told(mode, caplog, report) -> None:
    told = []

    def listen(sender, reason, report_only, **kwargs):
        told.append((sender, type(reason).__name__, report_only))

    request_refused.connect(listen)
    try:
        with override_settings(**site({"isolation": {"resources": "report"}} if report else {})):
            ask(mode, "/plain/", headers=fetched(), cookies=SESSION)
    finally:
        request_refused.disconnect(listen)
    assert told == [("isolation", "CrossSiteResource", report)]
    [record] = [r for r in caplog.records if r.name == "ringfence.isolation"]
    assert record.getMessage().startswith("Would be" if report else "Forbidden")


def test_the_headers_that_decorators_set(mode) -> None:
    with override_settings(**site()):
        response = ask(mode, "/embeddable/")
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response.headers["Cross-Origin-Opener-Policy"] == "same-origin"
