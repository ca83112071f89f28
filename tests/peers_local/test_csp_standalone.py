"""ContentSecurityPolicyMiddleware answers as Django's and as django-csp's, setting by setting."""

from __future__ import annotations

import asyncio
import threading
from inspect import iscoroutinefunction

import django
import pytest
from django.http import HttpResponse
from django.test import RequestFactory, override_settings
from django.utils.decorators import decorator_from_middleware

from ringfence.rings.csp.nonce import Nonce, NonceError
from ringfence.rings.csp.policy import HEADER, HEADER_REPORT_ONLY, NONCE
from ringfence.standalone.csp import ContentSecurityPolicyMiddleware, PolicyParts

OFF = {
    "SECURE_CSP": {},
    "SECURE_CSP_REPORT_ONLY": {},
    "CONTENT_SECURITY_POLICY": None,
    "CONTENT_SECURITY_POLICY_REPORT_ONLY": None,
}


def answer(settings, *, reads=False, path="/", middleware=None, status=200, headers=(), **marks):
    """Return the response of one request, and the request, under ``settings``."""

    def view(request):
        response = HttpResponse(str(request.csp_nonce) if reads else "", status=status)
        for name, value in headers:
            response.headers[name] = value
        for name, value in marks.items():
            setattr(response, name, value)
        return response

    request = RequestFactory().get(path)
    with override_settings(**{**OFF, **settings}):
        response = (middleware or ContentSecurityPolicyMiddleware)(view)(request)
    return response, request


DJANGO = {"SECURE_CSP": {"default-src": ["'self'"], "script-src": [NONCE]}}
DJANGO_CSP = {
    "CONTENT_SECURITY_POLICY": {
        "DIRECTIVES": {"script-src": [NONCE], "report-uri": "/r"},
        "EXCLUDE_URL_PREFIXES": ["/open"],
    }
}

ANSWERS = [
    ("nothing set", {}, {}, None, None),
    ("Django, nonce unread", DJANGO, {}, "default-src 'self'", None),
    ("Django, nonce read", DJANGO, {"reads": True}, "default-src 'self'; script-src {}", None),
    ("Django, report-only", {"SECURE_CSP_REPORT_ONLY": {"img-src": "*"}}, {}, None, "img-src *"),
    (
        "Django, a set, a flag and none",
        {"SECURE_CSP": {"img-src": {"b", "a"}, "sandbox": True, "font-src": None}},
        {},
        "img-src a b; sandbox",
        None,
    ),
    ("Django, overridden", DJANGO, {"_csp_config": {"img-src": ["a"]}}, "img-src a", None),
    ("Django, overridden with nothing", DJANGO, {"_csp_config": {}}, None, None),
    ("Django, the view's own", DJANGO, {"headers": [(HEADER, "img-src v")]}, "img-src v", None),
    ("Django, 404", DJANGO, {"status": 404}, "default-src 'self'", None),
    (
        "django-csp, nonce unread",
        DJANGO_CSP,
        {},
        "default-src 'self'; script-src; report-uri /r",
        None,
    ),
    (
        "django-csp, nonce read",
        DJANGO_CSP,
        {"reads": True},
        "default-src 'self'; script-src {}; report-uri /r",
        None,
    ),
    ("django-csp, excluded", DJANGO_CSP, {"path": "/open/a"}, None, None),
    ("django-csp, exempt", DJANGO_CSP, {"_csp_exempt": True}, None, None),
    ("django-csp, config", DJANGO_CSP, {"_csp_config": {"img-src": ["a", "a"]}}, "img-src a", None),
    (
        "django-csp, update",
        DJANGO_CSP,
        {"_csp_update": {"default-src": "a", "img-src": ["b"]}},
        "default-src 'self' a; script-src; img-src b; report-uri /r",
        None,
    ),
    (
        "django-csp, replace",
        DJANGO_CSP,
        {"_csp_replace": {"script-src": None, "report-uri": None}},
        "default-src 'self'",
        None,
    ),
    ("django-csp, the view's own", DJANGO_CSP, {"headers": [(HEADER, "x")]}, "x", None),
    (
        "django-csp, report-only",
        {"CONTENT_SECURITY_POLICY_REPORT_ONLY": {"DIRECTIVES": {"foo-src": "x"}}},
        {"_csp_update_ro": {"img-src": "a"}},
        None,
        "default-src 'self'; img-src a",
    ),
    (
        "django-csp, report-only exempt",
        {"CONTENT_SECURITY_POLICY_REPORT_ONLY": {"DIRECTIVES": {}}},
        {"_csp_exempt_ro": True},
        None,
        None,
    ),
    ("both for one header: Django's", {**DJANGO_CSP, **DJANGO}, {}, "default-src 'self'", None),
    (
        "each for a header of its own",
        {**DJANGO, "CONTENT_SECURITY_POLICY_REPORT_ONLY": {"DIRECTIVES": {"img-src": "a"}}},
        {},
        "default-src 'self'",
        "default-src 'self'; img-src a",
    ),
    ("no setting, a decorator", {}, {"_csp_config": {"img-src": ["a"]}}, "img-src a", None),
    ("no setting, django-csp's", {}, {"_csp_config_ro": {"img-src": ["a"]}}, None, "img-src a"),
]


@pytest.mark.parametrize(
    ("settings", "request_", "enforced", "reported"),
    [row[1:] for row in ANSWERS],
    ids=[row[0] for row in ANSWERS],
)
def test_answers(settings, request_, enforced, reported):
    response, _ = answer(settings, **request_)
    nonce = f"'nonce-{response.text if hasattr(response, 'text') else response.content.decode()}'"
    expected = enforced.replace("{}", nonce) if enforced else enforced
    assert response.headers.get(HEADER) == expected
    assert response.headers.get(HEADER_REPORT_ONLY) == reported


@pytest.mark.parametrize(("status", "sent"), [(200, True), (404, False), (500, False)])
def test_django_csp_leaves_debug_pages_alone(status, sent):
    response, request = answer({**DJANGO_CSP, "DEBUG": True}, status=status)
    assert (HEADER in response.headers) is sent
    # Where nothing was written, the nonce is still there to be read.
    assert (str(request.csp_nonce) != "") if not sent else True


def test_django_csp_forbids_reading_the_nonce_too_late():
    _, request = answer(DJANGO_CSP)
    assert not request.csp_nonce
    with pytest.raises(NonceError):
        str(request.csp_nonce)
    response, request = answer(DJANGO_CSP, reads=True)
    assert str(request.csp_nonce) == response.content.decode()


@pytest.mark.skipif(django.VERSION < (6, 0), reason="Django 6.0 brought SECURE_CSP")
def test_django_lets_the_nonce_be_read_too_late():
    _, request = answer(DJANGO)
    assert str(request.csp_nonce)


def test_the_nonce_is_one_value_under_both_names():
    _, request = answer(DJANGO, reads=True)
    assert request.csp_nonce is request._csp_nonce
    assert isinstance(request.csp_nonce, Nonce)


def test_a_subclass_changes_the_parts_in_place():
    class Reporting(ContentSecurityPolicyMiddleware):
        def get_policy_parts(self, request, response, report_only=False):
            parts = super().get_policy_parts(request, response, report_only)
            assert isinstance(parts, PolicyParts)
            parts.replace = {"report-uri": None}
            return parts

    response, _ = answer(DJANGO_CSP, middleware=Reporting)
    assert response.headers[HEADER] == "default-src 'self'; script-src"


def test_build_policy_is_deprecated_and_still_answers():
    middleware = ContentSecurityPolicyMiddleware(lambda request: HttpResponse())
    request, response = RequestFactory().get("/"), HttpResponse()
    both = {**DJANGO_CSP, "CONTENT_SECURITY_POLICY_REPORT_ONLY": {"DIRECTIVES": {"img-src": "a"}}}
    with override_settings(**{**OFF, **both}):
        with pytest.warns(DeprecationWarning, match="get_policy_parts"):
            enforced = middleware.build_policy(request, response)
        with pytest.warns(DeprecationWarning, match="get_policy_parts"):
            reported = middleware.build_policy_ro(request, response)
    assert enforced == "default-src 'self'; script-src; report-uri /r"
    assert reported == "default-src 'self'; img-src a"


def test_a_request_that_the_one_middleware_has_is_left_alone():
    middleware = ContentSecurityPolicyMiddleware(lambda request: HttpResponse())
    request = RequestFactory().get("/")
    request._ringfence = object()
    with override_settings(**{**OFF, **DJANGO}):
        response = middleware(request)
    assert HEADER not in response.headers
    assert not hasattr(request, "csp_nonce")


def test_under_asgi_everything_stays_in_the_thread():
    threads = []

    async def view(request):
        threads.append(threading.get_ident())
        return HttpResponse(str(request.csp_nonce))

    class Watched(ContentSecurityPolicyMiddleware):
        pass

    middleware = Watched(view)
    assert iscoroutinefunction(middleware.__acall__)

    async def run():
        before = threading.active_count()
        response = await middleware(RequestFactory().get("/"))
        return response, threading.active_count() - before

    with override_settings(**{**OFF, **DJANGO}):
        response, started = asyncio.run(run())
    assert response.headers[HEADER].endswith(f"script-src 'nonce-{response.content.decode()}'")
    assert threads == [threading.get_ident()]
    assert started == 0


def test_under_asgi_a_subclass_that_may_block_keeps_its_thread():
    threads = []

    class Blocking(ContentSecurityPolicyMiddleware):
        def process_response(self, request, response):
            threads.append(threading.get_ident())
            return super().process_response(request, response)

    async def view(request):
        return HttpResponse()

    with override_settings(**{**OFF, **DJANGO}):
        response = asyncio.run(Blocking(view)(RequestFactory().get("/")))
    assert response.headers[HEADER] == "default-src 'self'"
    assert threads != [threading.get_ident()]


def test_as_a_decorator_of_one_view():
    @decorator_from_middleware(ContentSecurityPolicyMiddleware)
    def view(request):
        return HttpResponse(str(request.csp_nonce))

    with override_settings(**{**OFF, **DJANGO}):
        response = view(RequestFactory().get("/"))
    assert f"'nonce-{response.content.decode()}'" in response.headers[HEADER]
