"""``explain-cors``: what is said, and that nothing typed reaches the terminal unescaped."""

from __future__ import annotations

import argparse
import io

import pytest
from django.http import HttpResponse
from django.test import override_settings
from django.urls import include, path

from ringfence.finding import Findings
from ringfence.rings.cors import command
from ringfence.rings.cors.decorators import cors
from ringfence.rings.cors.explain import explain
from ringfence.rings.cors.policy import from_corsheaders, parse
from ringfence.signals import check_request_enabled

A = "https://a.example"


@cors(origins=["https://decorated.example"])
def decorated(request):
    return HttpResponse()


def plain(request):
    return HttpResponse()


urlpatterns = [
    path("decorated/", decorated, name="decorated"),
    path("named/", plain, name="named"),
    path("api/", include(([path("list/", plain, name="list")], "api"))),
    path("other/", plain),
]

SITE = {
    "origins": [A, "https://*.wild.example", "https://port.example:8443"],
    "credentials": True,
    "views": {
        "named": {"origins": ["https://named.example"]},
        "decorated": {"origins": ["https://never.example"]},
    },
    "paths": {"/api/": {"origins": ["https://api.example"]}, "/named/": {"origins": "*"}},
}


def policy(config=SITE):
    findings = Findings()
    site = parse(config, findings)
    assert not findings.errors
    return site


def text(origin, method="GET", headers=None, config=SITE) -> str:
    return "\n".join(explain("the site's", policy(config).default, origin, method, headers))


SAYS = {
    "listed": (
        (A,),
        ["allowed: it is listed", f"Access-Control-Allow-Origin: {A}", "Vary: Origin"],
    ),
    "credentials": ((A,), ["Access-Control-Allow-Credentials: true", "SameSite=None"]),
    "no preflight for GET": ((A,), ["a browser sends none for GET"]),
    "preflight for PUT": (
        (A, "PUT"),
        ["asking for PUT): 204", "Access-Control-Allow-Methods: PUT"],
    ),
    "preflight for a header": ((A, "GET", "x-csrftoken"), ["Access-Control-Allow-Headers"]),
    "method refused": ((A, "PURGE"), ["403", "'PURGE' is not allowed", "never sent"]),
    "method in lower case": ((A, "patch"), ["compared by case"]),
    "header refused": ((A, "PUT", "x-other"), ["'x-other' is not allowed"]),
    "wildcard": (("https://x.wild.example",), ["a wildcard covers it"]),
    "wildcard's own domain": (("https://wild.example",), ["does not cover wild.example itself"]),
    "another scheme": (("http://a.example",), [f"{A} is listed; the scheme differs"]),
    "another port": (("https://port.example",), ["the port differs"]),
    "another scheme below a wildcard": (("http://x.wild.example",), ["but for the scheme"]),
    "foreign": (("https://evil.example",), ["not listed", "no Access-Control-Allow-Origin"]),
    "null": (("null",), ["not allowed", "sandboxed"]),
    "a path": (("https://a.example/x",), ["it has a path", "Write https://a.example instead"]),
}


@pytest.mark.parametrize(("arguments", "expected"), SAYS.values(), ids=SAYS)
def test_says(arguments, expected):
    said = text(*arguments)
    for part in expected:
        assert part in said, said


def test_any_origin():
    said = text(A, config={"origins": "*"})
    assert "Access-Control-Allow-Origin: *" in said
    assert "Vary: Origin" not in said
    assert "credentials are off" in said


def test_a_callable_is_named_and_not_called():
    def decide(request, origin):
        raise AssertionError

    said = text(A, config={"origins": decide})
    assert "decide" in said
    assert "not called here" in said


def test_a_legacy_prefix():
    site = from_corsheaders({"CORS_ALLOWED_ORIGIN_REGEXES": [r"^https://a\.example"]}, Findings())
    said = "\n".join(explain("x", site.default, "https://a.example.evil.com", "GET", None))
    assert "of CORS_ALLOWED_ORIGIN_REGEXES matches it" in said


def test_no_policy():
    assert "There is no CORS policy here" in "\n".join(explain("none", None, A, "GET", None))


SOURCES = {
    "decorator before all": ("/decorated/", "@cors on decorated", "https://decorated.example"),
    "name before path": ("/named/", "['views']['named']", "https://named.example"),
    "path before default": ("/api/list/", "['paths']['/api/']", "https://api.example"),
    "default": ("/other/", "the site's", A),
    "no view": ("/missing/", "the site's", A),
}


@pytest.mark.parametrize(("url", "source", "origin"), SOURCES.values(), ids=SOURCES)
@override_settings(ROOT_URLCONF=__name__)
def test_the_policy_that_counts(url, source, origin):
    said, found, resolved = command.find_policy(url, "GET", policy())
    assert source in said
    assert found.allows(origin)
    assert resolved is (url != "/missing/")


@override_settings(ROOT_URLCONF=__name__)
def test_urls_regex_leaves_a_path_out():
    site = from_corsheaders({"CORS_ALLOWED_ORIGINS": [A], "CORS_URLS_REGEX": "^/api/"}, Findings())
    said, found, _ = command.find_policy("/other/", "GET", site)
    assert found is None
    assert "CORS_URLS_REGEX" in said


def run(*arguments) -> tuple[int, str]:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    out = io.StringIO()
    code = command.handle(out, out, vars(parser.parse_args(arguments)))
    return code, out.getvalue()


@override_settings(ROOT_URLCONF=__name__, RINGFENCE={"cors": SITE})
def test_the_command():
    code, said = run("https://site.example/named/?x", "https://named.example", "PUT", "x-csrftoken")
    assert code == 0
    assert "RINGFENCE['cors']['views']['named']" in said
    assert "Access-Control-Allow-Headers: x-csrftoken" in said


@override_settings(ROOT_URLCONF=__name__, RINGFENCE={"cors": SITE})
def test_the_command_about_a_missing_page():
    code, said = run("/missing/", A)
    assert code == 0
    assert "No view answers /missing/" in said


@override_settings(ROOT_URLCONF=__name__, RINGFENCE={"cors": SITE})
def test_the_command_tells_of_receivers():
    def receiver(sender, request, **kwargs):
        raise AssertionError

    assert "Receivers" not in run("/other/", A)[1]
    check_request_enabled.connect(receiver)
    try:
        assert "Receivers of check_request_enabled may allow more" in run("/other/", A)[1]
    finally:
        check_request_enabled.disconnect(receiver)


HOSTILE = "\x1b]0;owned\x07\x9b31m\u202e\r\n"


@pytest.mark.parametrize("position", range(4))
@override_settings(ROOT_URLCONF=__name__, RINGFENCE={"cors": SITE})
def test_nothing_typed_reaches_the_terminal_unescaped(position):
    arguments = ["/other/", A, "GET", "x-csrftoken"]
    arguments[position] += HOSTILE
    _, said = run(*arguments)
    assert said
    assert all(char == "\n" or char.isprintable() for char in said), said
    assert run("//[", A)[0] == 1


@override_settings(ROOT_URLCONF=__name__, RINGFENCE={"cors": {"origins": "*", "credentials": True}})
def test_the_command_about_a_site_that_is_refused():
    code, said = run("/other/", A)
    assert code == 1
    assert "refused" in said
    assert "CORS101" in said
