from __future__ import annotations

import asyncio

import pytest
from asgiref.sync import iscoroutinefunction
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.test import RequestFactory
from django.utils.decorators import method_decorator
from django.views import View

from ringfence.rings.isolation.decorators import (
    cross_site_allowed,
    embedder_policy,
    opener_policy,
    resource_policy,
)

HEADERS = [
    pytest.param(resource_policy, "cross-origin", "Cross-Origin-Resource-Policy", id="corp"),
    pytest.param(opener_policy, "unsafe-none", "Cross-Origin-Opener-Policy", id="coop"),
    pytest.param(embedder_policy, "require-corp", "Cross-Origin-Embedder-Policy", id="coep"),
]


def answer(view):
    response = view(RequestFactory().get("/"))
    return asyncio.run(response) if asyncio.iscoroutine(response) else response


def sync_view(request):
    """A docstring."""
    return HttpResponse("x")


async def async_view(request):
    return HttpResponse("x")


class SyncClass(View):
    def get(self, request):
        return HttpResponse("x")


class AsyncClass(View):
    async def get(self, request):
        return HttpResponse("x")


def subclass(cls):
    return type(cls.__name__, (cls,), {})


@pytest.mark.parametrize(("decorator", "value", "header"), HEADERS)
@pytest.mark.parametrize("view", [sync_view, async_view], ids=["sync", "async"])
def test_header_of_a_function(decorator, value, header, view):
    decorated = decorator(value)(view)
    assert iscoroutinefunction(decorated) is iscoroutinefunction(view)
    assert decorated.__name__ == view.__name__
    assert answer(decorated).headers[header] == value
    assert header not in answer(view).headers


@pytest.mark.parametrize(("decorator", "value", "header"), HEADERS)
@pytest.mark.parametrize("cls", [SyncClass, AsyncClass], ids=["sync", "async"])
def test_header_of_a_class(decorator, value, header, cls):
    decorated = decorator(value)(subclass(cls))
    assert answer(decorated.as_view()).headers[header] == value
    assert header not in answer(cls.as_view()).headers


@pytest.mark.parametrize(("decorator", "value", "header"), HEADERS)
def test_header_of_a_class_by_method_decorator(decorator, value, header):
    decorated = method_decorator(decorator(value), name="dispatch")(subclass(SyncClass))
    assert answer(decorated.as_view()).headers[header] == value


def test_what_the_view_wrote_holds():
    def view(request):
        return HttpResponse(headers={"Cross-Origin-Resource-Policy": "same-site"})

    response = answer(resource_policy("cross-origin")(view))
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-site"


def test_a_template_response_need_not_be_rendered_yet():
    def view(request):
        return TemplateResponse(request, "missing.html")

    response = answer(resource_policy("cross-origin")(view))
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize(
    ("decorate", "message"),
    [
        (lambda: resource_policy("crossorigin"), 'Did you mean "cross-origin"?'),
        (lambda: opener_policy("same-site"), "same-origin"),
        (lambda: embedder_policy(None), "Known are credentialless, require-corp, unsafe-none."),
        (lambda: resource_policy(sync_view), "@resource_policy got <function sync_view"),
        (lambda: resource_policy("cross-origin")(dict), "no class-based view"),
        (lambda: cross_site_allowed("view"), "Write it without brackets."),
    ],
)
def test_refused_when_decorating(decorate, message):
    with pytest.raises(ImproperlyConfigured) as caught:
        decorate()
    assert message in str(caught.value)


@pytest.mark.parametrize("view", [sync_view, async_view], ids=["sync", "async"])
def test_cross_site_allowed_marks_a_function(view):
    decorated = cross_site_allowed(view)
    assert decorated._ringfence_cross_site is True
    assert not hasattr(view, "_ringfence_cross_site")
    assert iscoroutinefunction(decorated) is iscoroutinefunction(view)
    assert answer(decorated).content == b"x"


@pytest.mark.parametrize("cls", [SyncClass, AsyncClass], ids=["sync", "async"])
def test_cross_site_allowed_marks_a_class(cls):
    view = cross_site_allowed(subclass(cls)).as_view()
    assert view.view_class._ringfence_cross_site is True
    assert answer(view).content == b"x"
    assert not hasattr(cls, "_ringfence_cross_site")


def test_cross_site_allowed_by_method_decorator():
    decorated = method_decorator(cross_site_allowed, name="dispatch")(subclass(SyncClass))
    assert decorated.as_view()._ringfence_cross_site is True


def test_decorators_stack():
    view = cross_site_allowed(resource_policy("cross-origin")(sync_view))
    assert view._ringfence_cross_site is True
    assert answer(view).headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    again = resource_policy("cross-origin")(cross_site_allowed(sync_view))
    assert again._ringfence_cross_site is True
