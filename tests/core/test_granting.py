"""What the templates' own text is granted, as the responses' headers say it."""

from __future__ import annotations

import logging
import re

import pytest
from django.test import override_settings

from ringfence.granting import _told
from ringfence.rings.escaping.provenance import hash_of
from tests.core import granted
from tests.core.support import ask, nonce_in, policy_of, site

HANDLER, STYLE, SCRIPT, DATA = map(
    hash_of, (granted.HANDLER, granted.STYLE, granted.SCRIPT, granted.DATA)
)
BOTH = {"csp": {"enforce": "strict", "report_only": {"default-src": ["'self'"]}}}
STYLED = {"csp": {"preset": "strict", "style-src": ["'self'"]}}


def get(mode, ringfence, *what, at="/page/", **settings):
    query = "&".join(f"with={word}" for word in what)
    with override_settings(**site(ringfence, ROOT_URLCONF="tests.core.granted", **settings)):
        return ask(mode, f"{at}?{query}")


def directive(response, name, header="Content-Security-Policy"):
    """Return the value of a directive, its nonce as N; None without the directive."""
    for part in response.headers.get(header, "").split("; "):
        found, _, value = part.partition(" ")
        if found == name:
            return re.sub(r"'nonce-[0-9a-f]{32}'", "N", value)
    return None


def tags(response):
    """Return how many tags of the page have a nonce; it must be the header's."""
    found = re.findall(r' nonce="([^"]*)"', response.text_)
    assert set(found) <= {nonce_in(response)}
    return len(found)


#: RINGFENCE, what is on the page; script-src, script-src-attr, tags with a nonce
PAGES = {
    "nothing": ({"csp": "strict"}, [], ("'strict-dynamic'", None, 0)),
    "a literal script": (
        {"csp": "strict"},
        ["script"],
        (f"'strict-dynamic' {SCRIPT}", None, 0),
    ),
    "a script with data": ({"csp": "strict"}, ["data"], ("N 'strict-dynamic'", None, 1)),
    "both": ({"csp": "strict"}, ["script", "data"], ("N 'strict-dynamic'", None, 2)),
    "a file": ({"csp": "strict"}, ["/a.js"], ("N 'strict-dynamic'", None, 1)),
    "a file and a script": (
        {"csp": "strict"},
        ["/a.js", "script"],
        ("N 'strict-dynamic'", None, 2),
    ),
    "a handler": (
        {"csp": "strict"},
        ["handler"],
        ("'strict-dynamic'", f"'unsafe-hashes' {HANDLER}", 0),
    ),
    "a handler and a script": (
        {"csp": "strict"},
        ["handler", "script"],
        (f"'strict-dynamic' {SCRIPT}", f"'unsafe-hashes' {HANDLER}", 0),
    ),
    "a handler and data": (
        {"csp": "strict"},
        ["handler", "data"],
        ("N 'strict-dynamic'", f"'unsafe-hashes' {HANDLER}", 1),
    ),
    "a style is not restricted": (
        {"csp": "strict"},
        ["style", "styled", "script"],
        (f"'strict-dynamic' {SCRIPT}", None, 0),
    ),
    "the author reads the nonce": (
        {"csp": "strict"},
        ["read", "script"],
        ("N 'strict-dynamic'", None, 1),
    ),
    "the author reads it later": (
        {"csp": "strict"},
        ["script", "read"],
        ("N 'strict-dynamic'", None, 1),
    ),
    "never by hash": (
        {"csp": "strict", "escaping": {"hashes": "never"}},
        ["script"],
        ("N 'strict-dynamic'", None, 1),
    ),
    "always by hash": (
        {"csp": "strict", "escaping": {"hashes": "always"}},
        ["script", "data"],
        (f"'strict-dynamic' {SCRIPT} {DATA}", None, 0),
    ),
    "no budget": (
        {"csp": "strict", "escaping": {"hash_budget": 53}},
        ["script"],
        ("N 'strict-dynamic'", None, 1),
    ),
    "no handlers": (
        {"csp": "strict", "escaping": {"handlers": "none"}},
        ["handler"],
        ("'strict-dynamic'", None, 0),
    ),
    "no provenance": (
        {"csp": "strict", "escaping": {"provenance": False}},
        ["handler", "script"],
        ("'strict-dynamic'", None, 0),
    ),
    "the ring is off": (
        {"csp": "strict", "escaping": False},
        ["handler", "script"],
        ("'strict-dynamic'", None, 0),
    ),
    "a policy that restricts no scripts": (
        {"csp": "base"},
        ["handler", "script", "data", "/a.js"],
        (None, None, 0),
    ),
    "no csp": ({"csp": False}, ["handler", "script", "data"], (None, None, 0)),
    "everything inline is allowed": (
        {"csp": {"script-src": ["'self'", "'unsafe-inline'"]}},
        ["handler", "script", "data", "/a.js"],
        ("'self' 'unsafe-inline'", None, 0),
    ),
    "a host, and a file of it": (
        {"csp": {"script-src": ["'self'"]}},
        ["/a.js", "script"],
        (f"'self' {SCRIPT}", None, 0),
    ),
    "a policy without a nonce": (
        {"csp": {"script-src": ["'self'"]}},
        ["/a.js", "data"],
        ("'self' N", None, 2),
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_pages(mode, name):
    ringfence, what, expected = PAGES[name]
    answer = get(mode, ringfence, *what)
    assert answer.status_code == 200
    found = (
        directive(answer, "script-src"),
        directive(answer, "script-src-attr"),
        tags(answer),
    )
    assert found == expected


def test_both_headers_get_it(mode):
    answer = get(mode, BOTH, "script", "handler", "styled")
    report_only = "Content-Security-Policy-Report-Only"
    assert directive(answer, "script-src") == f"'strict-dynamic' {SCRIPT}"
    assert directive(answer, "script-src-attr") == f"'unsafe-hashes' {HANDLER}"
    assert directive(answer, "style-src-attr") is None
    assert directive(answer, "default-src", report_only) == "'self'"
    assert directive(answer, "script-src-elem", report_only) == f"'self' {SCRIPT}"
    assert directive(answer, "script-src-attr", report_only) == f"'unsafe-hashes' {HANDLER}"
    assert directive(answer, "style-src-attr", report_only) == f"'unsafe-hashes' {STYLE}"


def test_styles(mode):
    answer = get(mode, STYLED, "style", "styled")
    assert directive(answer, "style-src") == f"'self' {STYLE}"
    assert directive(answer, "style-src-attr") == f"'unsafe-hashes' {STYLE}"
    assert directive(answer, "script-src-attr") is None


#: where, what is on the page; script-src(-elem), script-src-attr, tags with a nonce
DEPARTING = {
    "a view's policy": (
        "/self/",
        ["script", "handler"],
        (f"'self' {SCRIPT}", f"'unsafe-hashes' {HANDLER}", 0),
    ),
    "a view's policy, with data": ("/self/", ["data"], ("'self' N", None, 1)),
    "a view without": ("/exempt/", ["script", "data", "handler"], (None, None, 0)),
}


@pytest.mark.parametrize("name", DEPARTING)
def test_a_view_that_departs(mode, name):
    path, what, expected = DEPARTING[name]
    answer = get(mode, {"csp": "strict"}, *what, at=path)
    found = (
        directive(answer, "script-src-elem"),
        directive(answer, "script-src-attr"),
        tags(answer),
    )
    assert found == expected


def test_a_views_own_header_is_left_alone(mode):
    answer = get(mode, {"csp": "strict"}, "script", "handler", at="/own/")
    assert policy_of(answer) == "script-src 'none'"


def test_the_page_is_the_same_for_everyone(mode):
    pages = [get(mode, {"csp": "strict"}, "script", "handler") for _ in range(2)]
    assert pages[0].content == pages[1].content
    assert policy_of(pages[0]) == policy_of(pages[1])


@pytest.mark.parametrize("what", [["script"], ["data"]], ids=["by hash", "by nonce"])
def test_the_length_stays_right(mode, what):
    with override_settings(**site({"csp": "strict"}, ROOT_URLCONF="tests.core.granted")):
        answer = ask(mode, f"/page/?with={what[0]}&length=1")
    assert answer.headers["Content-Length"] == str(len(answer.content))


def test_what_is_compressed_keeps_its_nonce(mode):
    settings = site({"csp": "strict"}, ROOT_URLCONF="tests.core.granted")
    with override_settings(**settings):
        zipped = ask(
            mode,
            "/zipped/?" + "&".join(["with=script"] * 9),
            headers={"accept-encoding": "gzip"},
        )
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert nonce_in(zipped)


def test_a_budget_that_does_not_suffice_is_told_once(mode, caplog):
    _told.clear()
    ringfence = {"csp": "strict", "escaping": {"hash_budget": 200}}
    with caplog.at_level(logging.WARNING, "ringfence"):
        answers = [get(mode, ringfence, "ten handlers", "script") for _ in range(2)]
    for answer in answers:
        kept = " ".join(hash_of(f"go({number})") for number in range(3))
        assert directive(answer, "script-src-attr") == f"'unsafe-hashes' {kept}"
        assert directive(answer, "script-src") == "N 'strict-dynamic'"
        assert tags(answer) == 1
    told = [record.getMessage() for record in caplog.records if record.name == "ringfence"]
    assert len(told) == 1
    assert "leaves out 7" in told[0]
    assert "hash_budget" in told[0]


@pytest.mark.parametrize("path", ["/stream/", "/stream-async/"])
def test_a_streaming_page_knows_its_request_and_its_nonce(mode, path):
    answer = get(mode, {"csp": "strict"}, "data", at=path)
    assert answer.text_.startswith("current ")
    assert tags(answer) == 1


#: what is on the page; tags with a nonce
CACHED = {
    "literal": (["script", "handler"], 0),
    "data": (["data", "handler"], 1),
    "read by the author": (["read", "script", "handler"], 1),
}


@pytest.mark.parametrize("name", CACHED)
def test_a_cached_page_has_its_grants(mode, name):
    what, count = CACHED[name]
    answers = [get(mode, {"csp": "strict"}, *what, at="/cached/") for _ in range(3)]
    for answer in answers:
        assert directive(answer, "script-src-attr") == f"'unsafe-hashes' {HANDLER}"
        assert tags(answer) == count
        if not count:
            assert directive(answer, "script-src") == f"'strict-dynamic' {SCRIPT}"
        if "read" in what:
            assert f'<meta content="{nonce_in(answer)}">' in answer.text_
    nonces = [nonce_in(answer) for answer in answers]
    assert len(set(nonces)) == (3 if count else 1)
