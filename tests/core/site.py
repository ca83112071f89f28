"""The pages of the core's tests. `ran` says which views ran, in their order."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.contrib.auth import get_user
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.middleware.csrf import get_token, rotate_token
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import cache_page
from django.views.decorators.clickjacking import (
    xframe_options_deny,
    xframe_options_exempt,
    xframe_options_sameorigin,
)
from django.views.decorators.csrf import csrf_exempt, csrf_protect, ensure_csrf_cookie

from ringfence.rings.cors.decorators import cors
from ringfence.rings.csp.decorators import csp, csp_exempt, csp_report_only
from ringfence.rings.isolation.decorators import cross_site_allowed, resource_policy

APP = "https://app.example"
ran: list[str] = []


def plain(request: HttpRequest) -> HttpResponse:
    ran.append("plain")
    return HttpResponse("done")


async def plain_async(request: HttpRequest) -> HttpResponse:
    ran.append("plain_async")
    return HttpResponse("done")


def headers(request: HttpRequest) -> HttpResponse:
    """Answer with the headers that the query names."""
    return HttpResponse("done", headers=request.GET.dict())


async def headers_async(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done", headers=request.GET.dict())


def form(request: HttpRequest) -> HttpResponse:
    ran.append("form")
    return render(request, "form.html")


async def form_async(request: HttpRequest) -> HttpResponse:
    ran.append("form_async")
    return render(request, "form.html")


def nonce(request: HttpRequest) -> HttpResponse:
    return render(request, "nonce.html")


async def nonce_async(request: HttpRequest) -> HttpResponse:
    return render(request, "nonce.html")


def nonces(request: HttpRequest) -> HttpResponse:
    """Answer with the nonce by every way of reading it, one a line."""
    values = [request.csp_nonce, request._csp_nonce, render(request, "bare.html").content.decode()]
    return HttpResponse("\n".join(map(str, values)))


def media(request: HttpRequest) -> HttpResponse:
    return render(request, "media.html")


def kept_nonce(request: HttpRequest) -> HttpResponse:
    """Keep the nonce unread until the test reads it."""
    kept.append(request.csp_nonce)
    return HttpResponse("done")


kept: list[object] = []


def stream(request: HttpRequest) -> StreamingHttpResponse:
    def parts():
        yield "<script nonce="
        yield str(request.csp_nonce)
        yield ">"

    return StreamingHttpResponse(parts())


async def stream_async(request: HttpRequest) -> StreamingHttpResponse:
    async def parts():
        yield "<script nonce="
        yield str(request.csp_nonce)
        yield ">"

    return StreamingHttpResponse(parts())


def stream_data(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(iter(["a,b\n"]), content_type="text/csv")


def stream_read_before(request: HttpRequest) -> StreamingHttpResponse:
    value = str(request.csp_nonce)
    return StreamingHttpResponse(iter(["{", value, "}"]), content_type="application/json")


def boom(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("boom")


async def boom_async(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("boom")


def gone(request: HttpRequest) -> HttpResponse:
    raise Http404


def session(request: HttpRequest) -> HttpResponse:
    request.session["cart"] = "full"
    response = HttpResponse("done")
    response.set_cookie("theme", "dark")
    return response


@ensure_csrf_cookie
def ensured(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


def token(request: HttpRequest) -> HttpResponse:
    return HttpResponse(get_token(request))


def rotate(request: HttpRequest) -> HttpResponse:
    rotate_token(request)
    return HttpResponse("done")


@csrf_exempt
def exempt(request: HttpRequest) -> HttpResponse:
    ran.append("exempt")
    return HttpResponse("done")


@csrf_exempt
@csrf_protect
def protected(request: HttpRequest) -> HttpResponse:
    ran.append("protected")
    return HttpResponse("done")


def whoami(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(get_user(request)))


@csp("strict")
def strict(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"<script nonce={request.csp_nonce}>")


@csp_report_only("self")
def reporting(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


@csp_exempt()
def unpoliced(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


@cross_site_allowed
@resource_policy("cross-origin")
def embeddable(request: HttpRequest) -> HttpResponse:
    ran.append("embeddable")
    return HttpResponse("done")


@cors(origins=[APP], methods=["GET", "POST", "PUT"])
def api(request: HttpRequest) -> HttpResponse:
    ran.append("api")
    return HttpResponse("{}", content_type="application/json")


@cors(origins=[APP], methods=["GET", "PUT"])
async def api_async(request: HttpRequest) -> HttpResponse:
    ran.append("api_async")
    return HttpResponse("{}", content_type="application/json")


@method_decorator(cors(origins="*"), name="get")
class Api(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("{}")

    def put(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("{}")


@cors(origins=[APP], credentials=True)
def api_session(request: HttpRequest) -> HttpResponse:
    ran.append("api_session")
    return HttpResponse("{}", content_type="application/json")


@cors(origins=[APP])
def api_boom(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("boom")


@cors(origins=[APP])
def api_gone(request: HttpRequest) -> HttpResponse:
    raise Http404


@cross_site_allowed
@cors(origins=[APP])
def api_varying(request: HttpRequest) -> HttpResponse:
    return HttpResponse("{}", headers={"Vary": "Accept"})


def by_callable(request: HttpRequest, origin: str) -> bool:
    ran.append("callable")
    return origin == APP


async def by_coroutine(request: HttpRequest, origin: str) -> bool:
    ran.append("coroutine")
    return origin == APP


@cors(origins=by_callable)
def dynamic(request: HttpRequest) -> HttpResponse:
    return HttpResponse("{}")


@cors(origins=by_coroutine)
async def dynamic_async(request: HttpRequest) -> HttpResponse:
    return HttpResponse("{}")


cached_form = cache_page(600)(form)


@cache_page(600)
def cached_template_response(request: HttpRequest) -> HttpResponse:
    ran.append("cached_template_response")
    return TemplateResponse(request, "form.html")


@cache_page(600)
def cached_nonce(request: HttpRequest) -> HttpResponse:
    ran.append("cached_nonce")
    return render(request, "nonce.html")


@cache_page(600)
def cached_both(request: HttpRequest) -> HttpResponse:
    ran.append("cached_both")
    return render(request, "both.html")


@cache_page(600)
def cached_plain(request: HttpRequest) -> HttpResponse:
    ran.append("cached_plain")
    return HttpResponse("A" * 64 + " plain " + "é")


@cache_page(600)
def cached_binary(request: HttpRequest) -> HttpResponse:
    ran.append("cached_binary")
    get_token(request)
    return HttpResponse(bytes(range(256)), content_type="application/octet-stream")


def fragment(request: HttpRequest) -> HttpResponse:
    return render(request, "fragment.html", {"inner": Inner()})


class Inner:
    """Counts how often the inside of the fragment is rendered."""

    def __str__(self) -> str:
        ran.append("fragment")
        return "inner"


def marker_fragment(request: HttpRequest) -> HttpResponse:
    return render(request, "marker.html", {"text": "\x00ringfence:abc:def\x00tail"})


urlpatterns = [
    path("plain/", plain, name="plain"),
    path("plain-async/", plain_async, name="plain-async"),
    path("headers/", headers),
    path("headers-async/", headers_async),
    path("form/", form, name="form"),
    path("form-async/", form_async),
    path("nonce/", nonce),
    path("nonce-async/", nonce_async),
    path("nonces/", nonces),
    path("media/", media),
    path("kept-nonce/", kept_nonce),
    path("stream/", stream),
    path("stream-async/", stream_async),
    path("stream-data/", stream_data),
    path("stream-read-before/", stream_read_before),
    path("boom/", boom),
    path("boom-async/", boom_async),
    path("gone/", gone),
    path("session/", session),
    path("ensured/", ensured),
    path("token/", token),
    path("rotate/", rotate),
    path("exempt/", exempt),
    path("protected/", protected),
    path("whoami/", whoami),
    path("frame/deny/", xframe_options_deny(plain)),
    path("frame/sameorigin/", xframe_options_sameorigin(plain)),
    path("frame/exempt/", xframe_options_exempt(plain)),
    path("frame/deny-async/", xframe_options_deny(plain_async)),
    path("frame/sameorigin-async/", xframe_options_sameorigin(plain_async)),
    path("frame/exempt-async/", xframe_options_exempt(plain_async)),
    path("csp/strict/", strict),
    path("csp/reporting/", reporting),
    path("csp/unpoliced/", unpoliced),
    path("embeddable/", embeddable),
    path("api/", api, name="api"),
    path("api-async/", api_async),
    path("api-class/", Api.as_view()),
    path("api-session/", api_session),
    path("api-boom/", api_boom),
    path("api-gone/", api_gone),
    path("api-varying/", api_varying),
    path("dynamic/", dynamic),
    path("dynamic-async/", dynamic_async),
    path("partner/feed/", plain, name="partner-feed"),
    path("cached/form/", cached_form),
    path("cached/template-response/", cached_template_response),
    path("cached/nonce/", cached_nonce),
    path("cached/both/", cached_both),
    path("cached/plain/", cached_plain),
    path("cached/binary/", cached_binary),
    path("fragment/", fragment),
    path("marker-fragment/", marker_fragment),
]
I18N = i18n_patterns(path("api/", api, name="translated-api"))
