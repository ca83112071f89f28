"""Pages of real templates behind the fence: what the engine grants, and what a cache keeps."""

from __future__ import annotations

import re

import pytest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.test import override_settings
from django.urls import path

from ringfence.rings.escaping.provenance import hash_of
from tests.core.support import ask, nonce_in, policy_of, site

TEMPLATES = {
    "literal.html": '<button onclick="go()">x</button><script>go = 1</script>',
    "data.html": "<script>d = {{ value }}</script>",
    "file.html": "<script src=/a.js></script>",
    "handler.html": "<button onclick=\"go('{{ value }}')\">x</button>",
    "brought.html": "<p>{{ markup|safe }}</p>",
    "cached-literal.html": "{% load cache %}{% cache 600 a %}"
    '<b onclick="go()">x</b><script>go = 1</script>{% endcache %}',
    "cached-data.html": "{% load cache %}{% cache 600 b %}<script>d = {{ value }}</script>"
    "{% endcache %}",
    "read.html": '<script nonce="{{ request.csp_nonce }}">go = 1</script>',
}
GO, SCRIPT = hash_of("go()"), hash_of("go = 1")


def page(request: HttpRequest) -> HttpResponse:
    names = request.GET.getlist("of")
    values = {"value": 1, "markup": '<script>evil()</script><b onclick="evil()">'}
    return HttpResponse("".join(render(request, name, values).content.decode() for name in names))


def nested(request: HttpRequest) -> HttpResponse:
    """Render without the request, as a widget or a tag of a third party does."""
    values = {"value": 1}
    return HttpResponse("".join(render_to_string(n, values) for n in request.GET.getlist("of")))


urlpatterns = [path("page/", page), path("nested/", nested)]


def get(mode, *names, where="/page/", csp="strict"):
    settings = site(
        {"csp": csp},
        ROOT_URLCONF=__name__,
        TEMPLATES=[
            {
                "BACKEND": "ringfence.template.DjangoTemplates",
                "OPTIONS": {
                    "loaders": [("django.template.loaders.locmem.Loader", TEMPLATES)],
                    "context_processors": ["django.template.context_processors.request"],
                },
            }
        ],
    )
    with override_settings(**settings):
        return ask(mode, f"{where}?" + "&".join(f"of={name}.html" for name in names))


def seen(answer):
    """Return script-src, script-src-attr, and how many tags have the nonce of the policy."""
    found = {}
    for part in policy_of(answer).split("; "):
        name, _, value = part.partition(" ")
        found[name] = re.sub(r"'nonce-[0-9a-f]{32}'", "N", value)
    nonces = re.findall(r'nonce="([^"]*)"', answer.text_)
    assert set(nonces) <= {nonce_in(answer)}
    return found["script-src"], found.get("script-src-attr"), len(nonces)


HASHED = (f"'strict-dynamic' {SCRIPT}", f"'unsafe-hashes' {GO}", 0)
PAGES = {
    "literal": (["literal"], HASHED),
    "with data": (["data"], ("N 'strict-dynamic'", None, 1)),
    "a file": (["file"], ("N 'strict-dynamic'", None, 1)),
    "a handler with data": (["handler"], ("'strict-dynamic'", None, 0)),
    "what data brings": (["brought"], ("'strict-dynamic'", None, 0)),
    "what data brings beside a script": (
        ["brought", "data"],
        ("N 'strict-dynamic'", None, 1),
    ),
    "literal and data": (
        ["literal", "data"],
        ("N 'strict-dynamic'", f"'unsafe-hashes' {GO}", 2),
    ),
    "by hand": (["read"], ("N 'strict-dynamic'", None, 1)),
}


@pytest.mark.parametrize("name", PAGES)
def test_pages(mode, name):
    names, expected = PAGES[name]
    assert seen(get(mode, *names)) == expected


# There is no request in its context by which an author could read the nonce.
@pytest.mark.parametrize("name", sorted(set(PAGES) - {"by hand"}))
def test_pages_rendered_without_their_request(mode, name):
    names, expected = PAGES[name]
    assert seen(get(mode, *names, where="/nested/")) == expected


@pytest.mark.parametrize("where", ["/page/", "/nested/"])
def test_a_cached_fragment_that_is_literal(mode, where):
    answers = [get(mode, "cached-literal", where=where) for _ in range(3)]
    assert [seen(answer) for answer in answers] == [HASHED] * 3
    assert len({answer.content for answer in answers}) == 1


@pytest.mark.parametrize("where", ["/page/", "/nested/"])
def test_a_cached_fragment_with_data(mode, where):
    answers = [get(mode, "cached-data", where=where) for _ in range(3)]
    assert [seen(answer) for answer in answers] == [("N 'strict-dynamic'", None, 1)] * 3
    assert len({nonce_in(answer) for answer in answers}) == 3
    assert all("\0" not in answer.text_ for answer in answers)
