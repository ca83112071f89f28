"""Attacks that a review of the runtime found to work, before each was repaired."""

from __future__ import annotations

import copy
import logging
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.core.checks import ERROR, run_checks
from django.http import HttpResponse, StreamingHttpResponse
from django.middleware.csrf import get_token
from django.template import engines
from django.test import AsyncClient, Client, override_settings
from django.urls import path
from django.utils.html import escapejs
from django.utils.http import urlencode
from django.views import View
from django.views.decorators.cache import cache_page

from ringfence import conf
from ringfence.middleware import RingfenceMiddleware
from ringfence.rings.cors.decorators import cors
from ringfence.rings.csp.decorators import csp_exempt
from ringfence.signals import check_request_enabled, request_refused

FENCE = "ringfence.middleware.RingfenceMiddleware"
UPDATE = "django.middleware.cache.UpdateCacheMiddleware"
FETCH = "django.middleware.cache.FetchFromCacheMiddleware"
HERE = "tests.review.test_review"

CROSS_SITE_SCRIPT = {
    "sec-fetch-site": "cross-site",
    "sec-fetch-mode": "no-cors",
    "sec-fetch-dest": "script",
}


def fenced(ringfence: dict[str, Any] | None = None, **settings: Any) -> override_settings:
    return override_settings(
        **{"ROOT_URLCONF": HERE, "MIDDLEWARE": [FENCE], "RINGFENCE": ringfence or {}, **settings}
    )


def browser(**cookies: str) -> Client:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    for name, value in cookies.items():
        client.cookies[name] = value
    return client


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()
    yield
    cache.clear()


# -- the site ----------------------------------------------------------------------------------


def override_method(get_response):
    """What REST clients behind strict firewalls ask for: the method in a parameter."""

    def middleware(request):
        if "_method" in request.GET:
            request.method = request.GET["_method"].upper()
        return get_response(request)

    return middleware


def tenant_urls(get_response):
    """What multi-tenant packages do: another URLconf by the host."""

    def middleware(request):
        request.urlconf = Tenant
        return get_response(request)

    return middleware


class Stricter(RingfenceMiddleware):
    """A site's own subclass, which refuses more."""

    def process_view(self, request, callback, callback_args, callback_kwargs):
        if "blocked" in request.GET:
            return HttpResponse("blocked", status=403)
        return super().process_view(request, callback, callback_args, callback_kwargs)


def page(request):
    return HttpResponse("page")


async def page_async(request):
    return HttpResponse("page")


def own_policy(request):
    return HttpResponse("page", headers={"Content-Security-Policy": "default-src 'self'"})


def nonced(request):
    return HttpResponse(f"<script nonce={getattr(request, 'csp_nonce', '')}></script>")


@cache_page(60)
def cached_nonced(request):
    return nonced(request)


@cache_page(60)
def cached_own_policy(request):
    response = nonced(request)
    response["Content-Security-Policy"] = f"script-src 'nonce-{request.csp_nonce}'"
    return response


@cache_page(60)
def cached_escapejs(request):
    return HttpResponse(escapejs(f'<input value="{get_token(request)}">'))


@cache_page(60)
def cached_urlencoded(request):
    return HttpResponse(urlencode({"form": f'"{get_token(request)}"'}))


@cors(origins=["https://only.example"], credentials=True)
def private(request):
    return HttpResponse("secret")


class ByMethod(View):
    @cors(origins=["https://only.example"], credentials=True)
    def get(self, request):
        return HttpResponse("secret")


def streamed(request):
    def chunks():
        yield b"<!DOCTYPE html>"
        yield f"<script nonce={request.csp_nonce}></script>".encode()

    return StreamingHttpResponse(chunks())


def signed_in(request):
    response = HttpResponse("page")
    response.set_cookie("sessionid", "s", httponly=True, samesite="Lax")
    return response


def describe_meta(request):
    return HttpResponse(repr(request.META["CSRF_COOKIE"]))


def copy_meta(request):
    copy.deepcopy(request.META["CSRF_COOKIE"])
    return HttpResponse("copied")


def raw_cookie(request):
    return HttpResponse("page", headers={"Set-Cookie": "sessionid=x; Path=/"})


FRAGMENT = (
    "{% load cache %}{% cache 60 comments %}{{ comment|safe }}<i>{{ csrf_token }}</i>{% endcache %}"
)


def fragment(request):
    template = engines["django"].from_string(FRAGMENT)
    context = {"comment": request.GET.get("comment", "")}
    # As from a mail, a background job, an inclusion tag: one cache, no request.
    return HttpResponse(template.render(context, None if "bare" in request.GET else request))


def api_view(request):
    from rest_framework.authentication import SessionAuthentication
    from rest_framework.response import Response
    from rest_framework.views import APIView

    class Api(APIView):
        authentication_classes = (SessionAuthentication,)

        def post(self, request):
            return Response("done")

    return Api.as_view()(request)


api_view.csrf_exempt = True


class Tenant:
    urlpatterns = (path("page/", private),)


urlpatterns = [
    path("page/", page),
    path("async/", page_async),
    path("own-policy/", own_policy),
    path("exempt/", csp_exempt()(page)),
    path("nonced/", nonced),
    path("cached/nonced/", cached_nonced),
    path("cached/own-policy/", cached_own_policy),
    path("cached/escapejs/", cached_escapejs),
    path("cached/urlencoded/", cached_urlencoded),
    path("private/", private),
    path("by-method/", ByMethod.as_view()),
    path("meta/repr/", describe_meta),
    path("meta/copy/", copy_meta),
    path("raw-cookie/", raw_cookie),
    path("streamed/", streamed),
    path("signed-in/", signed_in),
    path("fragment/", fragment),
    path("api/", api_view),
]


# -- CSRF --------------------------------------------------------------------------------------


def test_a_method_that_is_overridden_within_the_fence_is_judged():
    with fenced(MIDDLEWARE=[FENCE, f"{HERE}.override_method"]):
        response = browser(sessionid="s").get(
            "/page/?_method=POST",
            headers={
                "sec-fetch-site": "cross-site",
                "sec-fetch-mode": "navigate",
                "sec-fetch-dest": "document",
            },
        )
    assert response.status_code == 403  # Django's CsrfViewMiddleware says so too


@pytest.mark.parametrize("origin", ["https://*.github.io", "https://*.co.uk"])
def test_a_trusted_public_suffix_is_named(origin):
    with fenced({"csrf": {"trusted_origins": [origin]}}):
        messages = run_checks(include_deployment_checks=True)
    assert any("CSRF" in m.id and "public suffix" in m.msg for m in messages)


def test_a_top_level_domain_with_a_trailing_dot_is_refused():
    with fenced({"csrf": {"trusted_origins": ["https://*.com."]}}):
        assert conf.current().errors


@pytest.mark.django_db
def test_strangers_see_no_reason_by_way_of_drf(django_user_model):
    user = django_user_model.objects.create_user("u")
    with fenced(
        MIDDLEWARE=[FENCE, *django_settings.MIDDLEWARE], ALLOWED_HOSTS=["internal.example"]
    ):
        client = browser()
        client.force_login(user)
        response = client.post(
            "/api/",
            headers={
                "origin": "https://evil.example",
                "host": "internal.example",
                "accept": "application/json",
            },
        )
    assert response.status_code == 403
    assert b"internal.example" not in response.content
    assert b"evil.example" not in response.content


# -- caches ------------------------------------------------------------------------------------


def test_a_cached_answer_keeps_its_views_cors_policy():
    site = {"cors": {"origins": ["https://partner.example"], "credentials": True}}
    headers = {"origin": "https://partner.example", "sec-fetch-site": "cross-site"}
    with fenced(site, MIDDLEWARE=[FENCE, UPDATE, FETCH]):
        first = browser().get("/private/", headers=headers)
        second = browser().get("/private/", headers=headers)
    assert "Access-Control-Allow-Origin" not in first.headers
    assert "Access-Control-Allow-Origin" not in second.headers


def test_a_cached_answer_is_isolated():
    with fenced(MIDDLEWARE=[FENCE, UPDATE, FETCH]):
        client = browser(sessionid="s")
        assert client.get("/page/", headers=CROSS_SITE_SCRIPT).status_code == 403
        client.get("/page/", headers={"sec-fetch-site": "same-origin"})
        assert client.get("/page/", headers=CROSS_SITE_SCRIPT).status_code == 403


@pytest.mark.parametrize(
    ("middleware", "url"),
    [
        pytest.param([UPDATE, FENCE, FETCH], "/nonced/", id="cache middleware outside the fence"),
        pytest.param([FENCE], "/cached/own-policy/", id="policy of the view's own"),
    ],
)
def test_no_nonce_is_served_twice_in_a_header(middleware, url):
    with fenced({"csp": "strict"}, MIDDLEWARE=middleware):
        policies = [browser().get(url).headers["Content-Security-Policy"] for _ in range(2)]
    assert policies[0] != policies[1]


def test_injected_markup_cannot_bring_its_own_placeholder():
    forged = "\x00ringfence:EVIL:\x00<script nonce=EVIL>steal()</script>"
    with fenced({"csp": "strict"}):
        browser().get("/fragment/", {"comment": forged, "bare": ""})
        response = browser().get("/fragment/")
    nonce = response.headers["Content-Security-Policy"].partition("'nonce-")[2].partition("'")[0]
    assert not nonce


def test_a_placeholder_is_never_sent():
    with fenced():
        browser().get("/fragment/")
        response = browser().get("/fragment/", {"bare": ""})
    assert b"ringfence:" not in response.content


@pytest.mark.parametrize("url", ["/cached/escapejs/", "/cached/urlencoded/"])
def test_an_escaped_token_is_not_shared(url):
    with fenced():
        first = browser(csrftoken="a" * 32).get(url)
        second = browser().get(url)
    assert first.content != second.content


def test_a_page_cached_before_the_csp_ring_was_switched_off_is_served():
    with fenced({"csp": "strict"}):
        browser().get("/cached/nonced/")
    with fenced({"csp": False}):
        assert browser().get("/cached/nonced/").status_code == 200


def test_the_answer_for_everyone_is_the_same_for_everyone():
    with fenced({"cors": {"origins": "*"}}):
        response = browser().get("/page/")
    varies = "Origin" in response.headers.get("Vary", "")
    assert varies or response.headers.get("Access-Control-Allow-Origin") == "*"


# -- isolation and framing ---------------------------------------------------------------------


def test_a_public_cors_policy_does_not_open_a_session_to_other_sites():
    with fenced({"cors": {"origins": "*"}}):
        response = browser(sessionid="s").get(
            "/page/",
            headers={
                "origin": "https://evil.example",
                "sec-fetch-site": "cross-site",
                "sec-fetch-mode": "cors",
                "sec-fetch-dest": "empty",
            },
        )
    assert response.status_code == 403


@pytest.mark.parametrize("url", ["/exempt/", "/own-policy/"])
def test_a_page_without_frame_ancestors_keeps_x_frame_options(url):
    policy = {"preset": "base", "frame-ancestors": ["'self'", "https://partner.example"]}
    with fenced({"csp": policy}):
        response = browser().get(url)
    framing = response.headers.get("Content-Security-Policy", "")
    assert "frame-ancestors" in framing or "X-Frame-Options" in response.headers


@pytest.mark.parametrize("source", ["*", "https:"])
def test_a_site_that_anyone_may_frame_is_named(source):
    with fenced({"csp": {"preset": "base", "frame-ancestors": [source]}}):
        fence = conf.current()
        ids = {message.id for message in run_checks(include_deployment_checks=True)}
    assert fence.errors or "security.W002" in ids


# -- transport ---------------------------------------------------------------------------------


def test_any_host_is_still_redirected_to_https():
    with fenced({"transport": {"https": True, "dangerously_any_host": True}}):
        assert browser().get("/page/").status_code == 301


@pytest.mark.parametrize("value", ["True", 1])
def test_hsts_settings_that_are_true_hold(value):
    with fenced(
        SECURE_HSTS_SECONDS=31536000,
        SECURE_HSTS_INCLUDE_SUBDOMAINS=value,
        SECURE_HSTS_PRELOAD=value,
    ):
        header = browser().get("/page/", secure=True).headers["Strict-Transport-Security"]
    assert header == "max-age=31536000; includeSubDomains; preload"


@pytest.mark.parametrize("pattern", [".+", r"\w|-", "[^/]"])
def test_an_exemption_of_every_path_but_the_root_is_refused(pattern):
    with fenced({"transport": {"https": True, "redirect_exempt": [pattern]}}):
        assert any(error.code == "TLS107" for error in conf.current().errors)


def test_a_cookie_that_leaves_without_secure_is_named():
    with fenced(SECURE_SSL_REDIRECT=True, SECURE_REDIRECT_EXEMPT=["^signed-in/$"]):
        cookie = browser().get("/signed-in/").cookies["sessionid"]
        ids = {message.id for message in run_checks(include_deployment_checks=True)}
    assert cookie["secure"] or ids & {"security.W010", "security.W011", "security.W012"}


def test_a_redirect_that_never_happens_is_named():
    with fenced({"transport": {"https": True, "dangerously_any_host": True}}):
        redirected = browser().get("/page/").status_code == 301
        ids = {message.id for message in run_checks(include_deployment_checks=True)}
    assert redirected or "security.W008" in ids


# -- CORS --------------------------------------------------------------------------------------


async def ask_elsewhere(request, origin):
    return False


def through_a_helper(request, origin):
    return ask_elsewhere(request, origin)


class AsyncOrigins:
    async def __call__(self, request, origin):
        return False


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    "origins",
    [
        pytest.param(AsyncOrigins(), id="an object with an async __call__"),
        pytest.param(through_a_helper, id="a sync wrapper"),
    ],
)
def test_an_answer_that_was_not_awaited_allows_nobody(origins):
    with fenced({"cors": {"origins": origins, "credentials": True}}):
        response = browser().get("/page/", headers={"origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in response.headers


def test_a_callable_does_not_let_null_in_with_credentials():
    with fenced({"cors": {"origins": lambda request, origin: True, "credentials": True}}):
        response = browser().get("/page/", headers={"origin": "null"})
    assert "Access-Control-Allow-Origin" not in response.headers


def test_a_receiver_does_not_open_a_path_that_is_closed():
    def receiver(sender, request, **kwargs):
        return True

    site = {
        "cors": {
            "origins": ["https://partner.example"],
            "credentials": True,
            "paths": {"/page/": False},
        }
    }
    check_request_enabled.connect(receiver)
    try:
        with fenced(site):
            response = browser().get("/page/", headers={"origin": "https://evil.example"})
    finally:
        check_request_enabled.disconnect(receiver)
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize(
    "regex",
    [
        r"^https://(?:[a-z]+x?[a-z]+){4}\.example\.com$",
        r"^https://(?:[a-z]+){4}(?:[a-z]+){4}\.example\.com$",
        r"^https://(?:(?:[a-z]+)?){4}\.example\.com$",
    ],
)
def test_a_regex_that_takes_the_fourth_power_is_named(regex):
    # 60 to 240 letters and no match keep each of these busy for seconds.
    with fenced({"cors": {"origin_regexes": [regex]}}):
        assert "CORS111" in {finding.code for finding in conf.current().findings}


def test_a_public_suffix_in_corsheaders_settings_fails_deployment():
    with fenced(CORS_ALLOWED_ORIGIN_REGEXES=[r"^https://[a-z0-9-]+\.github\.io$"]):
        levels = [
            message.level
            for message in run_checks(include_deployment_checks=True)
            if message.id == "ringfence.CORS120"
        ]
    assert max(levels) >= ERROR


def test_head_has_the_policy_of_get():
    site = {"cors": {"origins": ["https://partner.example"], "credentials": True}}
    with fenced(site):
        response = browser().head("/by-method/", headers={"origin": "https://partner.example"})
    assert "Access-Control-Allow-Origin" not in response.headers


# -- errors ------------------------------------------------------------------------------------


def unavailable(request, origin):
    raise RuntimeError("the database is away")


def test_a_streamed_page_may_read_its_nonce_under_the_default_policy():
    with fenced():
        body = b"".join(browser().get("/streamed/").streaming_content)
    assert body.endswith(b"</script>")


def test_a_callable_that_raises_leaves_a_protected_answer():
    with fenced({"cors": {"origins": unavailable}}):
        response = browser().get("/page/", headers={"origin": "https://app.example"})
    assert "X-Frame-Options" in response.headers
    assert "Content-Security-Policy" in response.headers


@pytest.mark.parametrize(
    ("ringfence", "expected"),
    [
        pytest.param({}, 403, id="refused"),
        pytest.param({"isolation": {"resources": "report"}}, 200, id="only reported"),
    ],
)
async def test_an_async_receiver_hears_of_a_refusal(ringfence, expected):
    heard = []

    async def receiver(sender, **kwargs):
        heard.append(sender)

    request_refused.connect(receiver)
    try:
        with fenced(ringfence):
            client = AsyncClient(enforce_csrf_checks=True, raise_request_exception=False)
            client.cookies["sessionid"] = "s"
            response = await client.get("/async/", headers=CROSS_SITE_SCRIPT)
    finally:
        request_refused.disconnect(receiver)
    assert response.status_code == expected
    assert heard == ["isolation"]


async def test_a_subclass_keeps_its_hook_in_an_event_loop():
    with fenced(MIDDLEWARE=[f"{HERE}.Stricter"]):
        response = await AsyncClient().get("/async/", {"blocked": ""})
    assert response.status_code == 403


def test_a_referer_cannot_steer_the_terminal_that_shows_the_log(caplog):
    with fenced(), caplog.at_level(logging.WARNING, logger="django.security.csrf"):
        browser().post(
            "/page/", secure=True, headers={"referer": "https://evil.example/\x1b[2J\x9b\x85"}
        )
    assert caplog.messages
    assert all(message.isascii() and message.isprintable() for message in caplog.messages)


@pytest.mark.parametrize("url", ["/meta/repr/", "/meta/copy/"])
def test_the_lazy_secret_survives_being_looked_at(url):
    with fenced():
        assert browser(csrftoken="a" * 32).get(url).status_code == 200
