"""``@cors`` on every kind of view, and where its policy is found again."""

from __future__ import annotations

import functools

import pytest
from asgiref.sync import iscoroutinefunction
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache
from ninja import NinjaAPI, Router
from rest_framework.decorators import action, api_view
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSet

from ringfence.rings.cors.decorators import cors, policy_of

A = "https://a.example"
here = cors(origins=[A])


def is_here(callback, method="GET") -> bool:
    policy = policy_of(callback, method)
    return policy is not None and policy.allows(A)


@here
def function(request):
    return HttpResponse()


@here
async def coroutine(request):
    return HttpResponse()


@never_cache
@here
def below_another(request):
    return HttpResponse()


@here
@never_cache
def above_another(request):
    return HttpResponse()


@here
class ClassBased(View):
    def get(self, request):
        return HttpResponse()


class Inherits(ClassBased):
    pass


@method_decorator(here, name="dispatch")
class ByDispatch(View):
    def get(self, request):
        return HttpResponse()


@here
class Api(APIView):
    def get(self, request):
        return Response()


@here
class Set(ViewSet):
    def list(self, request):
        return Response()


@api_view(["GET", "POST"])
@here
def api_function(request):
    return Response()


@here
@api_view(["GET"])
def api_function_above(request):
    return Response()


DECORATED = {
    "function": function,
    "coroutine": coroutine,
    "below another decorator": below_another,
    "above another decorator": above_another,
    "partial": functools.partial(function, extra=1),
    "class": ClassBased.as_view(),
    "subclass": Inherits.as_view(),
    "as_view()": here(View.as_view()),
    "method_decorator on dispatch": ByDispatch.as_view(),
    "DRF class": Api.as_view(),
    "DRF viewset": Set.as_view({"get": "list"}),
    "DRF function": api_function,
    "DRF function, decorated above": api_function_above,
}


@pytest.mark.parametrize("callback", DECORATED.values(), ids=DECORATED)
def test_found_on(callback):
    assert is_here(callback)


def plain(request):
    return HttpResponse()


def circle(request):
    return HttpResponse()


circle.__wrapped__ = circle


@pytest.mark.parametrize(
    "callback",
    [plain, View.as_view(), APIView.as_view(), functools.partial(plain), circle, None, 5, object()],
    ids=["function", "class", "DRF", "partial", "circle", "None", "number", "object"],
)
def test_not_found_on(callback):
    assert policy_of(callback, "GET") is None


def test_it_changes_nothing_about_the_view():
    def view(request):
        return HttpResponse()

    async def aview(request):
        return HttpResponse()

    assert here(view) is view
    assert here(aview) is aview
    assert not iscoroutinefunction(view)
    assert iscoroutinefunction(aview)


def test_methods_of_a_class():
    class Mixed(View):
        @here
        def get(self, request):
            return HttpResponse()

        def post(self, request):
            return HttpResponse()

    callback = Mixed.as_view()
    assert is_here(callback, "GET")
    assert policy_of(callback, "POST") is None
    assert policy_of(callback, "not a method") is None


def test_actions_of_a_viewset():
    class Actions(ViewSet):
        @here
        def list(self, request):
            return Response()

        @action(detail=False, methods=["post"])
        @here
        def publish(self, request):
            return Response()

        def create(self, request):
            return Response()

    assert is_here(Actions.as_view({"get": "list", "post": "create"}), "GET")
    assert policy_of(Actions.as_view({"get": "list", "post": "create"}), "POST") is None
    assert is_here(Actions.as_view({"post": "publish"}), "POST")


def ninja_callbacks():
    api = NinjaAPI(urls_namespace=f"cors-{id(object())}")
    router = Router()

    @api.get("/one")
    @here
    def one(request):
        return 1

    @api.post("/one")
    def one_post(request):
        return 1

    @router.get("/two")
    @here
    async def two(request):
        return 2

    @api.get("/three")
    def three(request):
        return 3

    api.add_router("/sub", router)
    return {str(pattern.pattern): pattern.callback for pattern in api.urls[0]}


def test_django_ninja():
    callbacks = ninja_callbacks()
    assert is_here(callbacks["one"], "GET")
    assert policy_of(callbacks["one"], "POST") is None
    assert policy_of(callbacks["one"], "PUT") is None
    assert is_here(callbacks["sub/two"], "GET")
    assert policy_of(callbacks["three"], "GET") is None


def test_every_error_is_raised_at_once_and_names_the_view():
    with pytest.raises(ImproperlyConfigured) as raised:

        @cors(origins=["null", "https://*.com"], credentials=True, max_ages=1)
        def refused(request):
            return HttpResponse()

    text = str(raised.value)
    assert "refused" in text
    assert __name__ in text
    for code in ("CORS001", "CORS103", "CORS105"):
        assert code in text
    assert "Write 'max_age'." in text


def test_warnings_are_no_errors():
    assert policy_of(cors(origins=[A], methods=["patch"])(plain_copy()), "GET") is not None


def plain_copy():
    def view(request):
        return HttpResponse()

    return view
