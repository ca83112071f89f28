"""@csp, @csp_report_only and @csp_exempt on every kind of view."""

from __future__ import annotations

import asyncio
from inspect import iscoroutine, iscoroutinefunction

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import RequestFactory
from django.views import View

from ringfence.rings.csp.decorators import csp, csp_exempt, csp_report_only


def function(decorator):
    @decorator
    def view(request, word="ok"):
        """The view's own words."""
        return HttpResponse(word)

    return view


def coroutine(decorator):
    @decorator
    async def view(request, word="ok"):
        """The view's own words."""
        return HttpResponse(word)

    return view


def class_based(decorator):
    @decorator
    class Page(View):
        """The view's own words."""

        def get(self, request, word="ok"):
            return HttpResponse(word)

    return Page.as_view()


def async_class_based(decorator):
    @decorator
    class Page(View):
        """The view's own words."""

        async def get(self, request, word="ok"):
            return HttpResponse(word)

    return Page.as_view()


def inherited(decorator):
    @decorator
    class Base(View):
        """The view's own words."""

        def get(self, request, word="ok"):
            return HttpResponse(word)

    class Page(Base):
        """The view's own words."""

    return Page.as_view()


KINDS = [function, coroutine, class_based, async_class_based, inherited]


def respond(view, **kwargs):
    response = view(RequestFactory().get("/"), **kwargs)
    return asyncio.run(response) if iscoroutine(response) else response


def texts(policies):
    return [policy.compile().plain for policy in policies]


@pytest.mark.parametrize("kind", KINDS)
def test_a_policy_is_left_on_the_response(kind):
    response = respond(kind(csp({"img-src": "'self'"})), word="hello")
    assert response.content == b"hello"
    assert texts(response._ringfence_csp) == ["img-src 'self'"]
    assert not hasattr(response, "_ringfence_csp_ro")


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_only_policy_is_left_beside_it(kind):
    response = respond(kind(lambda view: csp("base")(csp_report_only(["self", "base"])(view))))
    assert len(response._ringfence_csp) == 1
    assert len(response._ringfence_csp_ro) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_an_exempt_view_has_none(kind):
    response = respond(kind(csp_exempt()))
    assert response._ringfence_csp == response._ringfence_csp_ro == ()


def test_false_takes_one_disposition_away():
    response = respond(function(csp(False)))
    assert response._ringfence_csp == ()
    assert not hasattr(response, "_ringfence_csp_ro")


@pytest.mark.parametrize("kind", [function, coroutine])
def test_the_view_keeps_its_name_and_its_kind(kind):
    view = kind(csp("strict"))
    assert view.__name__ == "view"
    assert view.__doc__ == "The view's own words."
    assert iscoroutinefunction(view) is (kind is coroutine)


BAD = [
    ("misspelt preset", "strikt", ["CSP002"]),
    ("every error", {"scrpt-src": "*", "img-src": ["self", "'nonce-a'"]},
     ["CSP001", "CSP102", "CSP105"]),
    ("a bare decorator", lambda request: None, ["CSP003"]),
    ("None", None, ["CSP003"]),
]  # fmt: skip


@pytest.mark.parametrize("decorator", [csp, csp_report_only])
@pytest.mark.parametrize(("policy", "codes"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_a_bad_policy_is_refused_where_it_stands(decorator, policy, codes):
    with pytest.raises(ImproperlyConfigured) as raised:
        decorator(policy)
    assert all(f"[{code}]" in str(raised.value) for code in codes)
    assert f"@{decorator.__name__}" in str(raised.value)
