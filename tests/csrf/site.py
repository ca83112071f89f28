"""The site whose views the rows are sent to: one path for each way in."""

from __future__ import annotations

from types import SimpleNamespace

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from ninja import NinjaAPI
from ninja.security import APIKeyCookie
from rest_framework.authentication import SessionAuthentication
from rest_framework.response import Response
from rest_framework.views import APIView

METHODS = [
    *("GET", "HEAD", "OPTIONS", "TRACE", "POST", "PUT", "PATCH", "DELETE", "PURGE", "PROPFIND")
]


LOWER_METHODS = tuple(method.lower() for method in METHODS)


def signed_in(get_response):
    """Sign everybody in: DRF judges only requests that have a user."""

    def middleware(request):
        request.user = SimpleNamespace(is_active=True, is_authenticated=True, pk=1)
        return get_response(request)

    return middleware


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


async def plain_async(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


@csrf_exempt
def exempt(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done")


@csrf_exempt
def protected_inside(request: HttpRequest) -> HttpResponse:
    return csrf_protect(plain)(request)


@csrf_exempt
async def protected_inside_async(request: HttpRequest) -> HttpResponse:
    return await csrf_protect(plain_async)(request)


@method_decorator(csrf_exempt, name="dispatch")
class ProtectedClass(View):
    http_method_names = LOWER_METHODS

    @method_decorator(csrf_protect)
    def answer(self, request):
        return HttpResponse("done")

    get = head = options = trace = post = put = patch = delete = purge = propfind = answer


class Rest(APIView):
    http_method_names = LOWER_METHODS
    authentication_classes = (SessionAuthentication,)

    def answer(self, request):
        return Response("done", content_type="application/json")

    get = head = options = trace = post = put = patch = delete = purge = propfind = answer


class Cookie(APIKeyCookie):
    param_name = "sessionid"

    def authenticate(self, request, key):
        return key


api = NinjaAPI(urls_namespace="csrf-table", auth=Cookie(), openapi_url=None)


@api.api_operation(METHODS, "/")
def ninja_operation(request):
    return "done"


urlpatterns = [
    path("plain/", plain),
    path("plain-async/", plain_async),
    path("exempt/", exempt),
    path("protected/", protected_inside),
    path("protected-async/", protected_inside_async),
    path("protected-class/", ProtectedClass.as_view()),
    path("rest/", Rest.as_view()),
    path("ninja/", api.urls),
]
