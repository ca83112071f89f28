"""Pages with tokens and nonces in caches, and when a cookie and ``Vary: Cookie`` are needed."""

from __future__ import annotations

import pickle
import re

import pytest
from django.core.cache import cache
from django.test import override_settings

from tests.core import site as pages
from tests.core.support import (
    FENCE,
    FOREIGN,
    OWN,
    client_of,
    nonce_in,
    policy_of,
    send,
    site,
    templates,
    token_in,
    vary_of,
)

GZIP = "django.middleware.gzip.GZipMiddleware"
SITE_WIDE = [
    FENCE,
    "django.middleware.cache.UpdateCacheMiddleware",
    "django.middleware.cache.FetchFromCacheMiddleware",
]
#: how the page is cached: the middlewares, the page, the name of its view
CACHES = {
    "cache_page": ([FENCE], "/cached/form/", "form"),
    "cache_page, a template response": (
        [FENCE],
        "/cached/template-response/",
        "cached_template_response",
    ),
    "site-wide": (SITE_WIDE, "/form/", "form"),
    "site-wide, gzip inside": ([*SITE_WIDE, GZIP], "/form/", "form"),
    "site-wide, gzip outside": ([FENCE, GZIP, *SITE_WIDE[1:]], "/form/", "form"),
}
NEW = {"sec-fetch-site": "none"}
SAME = {"sec-fetch-site": "same-origin", "origin": OWN}
ORIGIN_ONLY = {"origin": OWN}


def stored() -> str:
    """Return everything that is in the cache, packed and unpacked."""
    text = ""
    for value in cache._cache.values():
        found = pickle.loads(value)  # noqa: S301 - the test's own cache
        text += value.decode("latin-1")
        if hasattr(found, "content"):
            content = found.content
            if found.headers.get("Content-Encoding") == "gzip":
                import gzip

                content = gzip.decompress(content)
            text += content.decode("latin-1")
            assert not any(name.startswith("_ringfence_request") for name in vars(found))
        else:
            text += repr(found)
    return text


@pytest.mark.parametrize("name", CACHES)
def test_visitors_share_one_cached_form_and_all_can_post_it(mode, name) -> None:
    middleware, path, view = CACHES[name]
    with override_settings(**site(MIDDLEWARE=middleware)):
        modern, older, none = (client_of(mode) for _ in range(3))
        tokens = []
        page = send(modern, path, headers=NEW)
        tokens.append(token_in(page))
        # This browser's answer needs no cookie: the next request will say where it comes from.
        assert "csrftoken" not in page.cookies
        assert "Cookie" not in vary_of(page)
        again = send(client_of(mode), path, headers=NEW)
        tokens.append(token_in(again))
        assert pages.ran == [view]
        assert send(modern, "/plain/", method="POST", headers=SAME).status_code == 200
        pages.ran.remove("plain")

        # Old Safari: nothing with the GET, Origin with the POST.
        page = send(older, path)
        tokens.append(token_in(page))
        posted = send(older, "/plain/", method="POST", headers=ORIGIN_ONLY)
        assert posted.status_code == 200
        pages.ran.remove("plain")

        # No metadata at all: a cookie and a token of his own, which works.
        page = send(none, path)
        token = token_in(page)
        tokens.append(token)
        assert "csrftoken" in page.cookies
        posted = send(none, "/plain/", data={"csrfmiddlewaretoken": token})
        assert posted.status_code == 200
        pages.ran.remove("plain")
        refused = send(none, "/plain/", data={"csrfmiddlewaretoken": tokens[0]})
        assert refused.status_code == 403

        assert pages.ran.count(view) == 1, "one page for all of them"
        assert len(set(tokens)) == len(tokens)
        assert all(len(token) == 64 for token in tokens)
        for token in tokens:
            assert token not in stored()
        cookie = none.cookies["csrftoken"].value
        assert cookie not in stored()


@pytest.mark.parametrize("name", CACHES)
def test_a_visitor_without_metadata_does_not_make_the_page_uncacheable(mode, name) -> None:
    """Whoever comes first: the page is stored, without his token and his cookie."""
    middleware, path, view = CACHES[name]
    with override_settings(**site(MIDDLEWARE=middleware)):
        first = client_of(mode)
        page = send(first, path)
        token = token_in(page)
        other = send(client_of(mode), path, headers=NEW)
        assert pages.ran == [view]
        assert token_in(other) != token
        assert "csrftoken" not in other.cookies
        posted = send(first, "/plain/", data={"csrfmiddlewaretoken": token})
        assert posted.status_code == 200
        assert first.cookies["csrftoken"].value not in stored()
        assert token not in stored()


@pytest.mark.parametrize("path", ["/cached/nonce/", "/cached/both/"])
@pytest.mark.parametrize("gzip", [False, True], ids=["plain", "gzip"])
def test_a_nonce_is_never_stored_and_each_answer_has_its_own(mode, path, gzip) -> None:
    middleware = [FENCE, GZIP] if gzip else [FENCE]
    with override_settings(**site({"csp": "strict"}, MIDDLEWARE=middleware)):
        answers = [send(client_of(mode), path, headers=NEW) for _ in range(3)]
    assert len(pages.ran) == 1
    nonces = [nonce_in(answer) for answer in answers]
    assert len(set(nonces)) == 3
    assert None not in nonces
    for answer, nonce in zip(answers, nonces, strict=True):
        assert f'nonce="{nonce}"' in answer.text_
        assert nonce not in stored()
    assert len({len(answer.text_) for answer in answers}) == 1


def test_the_stored_page_has_no_policy_of_its_own(mode) -> None:
    """The fence stands outside: what was stored carries none of its headers."""
    with override_settings(**site({"csp": "strict"})):
        send(client_of(mode), "/cached/nonce/", headers=NEW)
        assert "strict-dynamic" not in stored()
    with override_settings(**site({"csp": {"preset": "base", "frame-ancestors": ["'none'"]}})):
        later = send(client_of(mode), "/cached/nonce/", headers=NEW)
    assert "frame-ancestors 'none'" in policy_of(later)


def test_pages_without_nonce_and_token_are_stored_as_they_are(mode) -> None:
    with override_settings(**site()):
        first, second = (send(client_of(mode), "/cached/plain/") for _ in range(2))
    assert first.content == second.content == ("A" * 64 + " plain é").encode()
    assert pages.ran == ["cached_plain"]


def test_binary_pages_come_out_as_they_went_in(mode) -> None:
    with override_settings(**site()):
        first, second = (send(client_of(mode), "/cached/binary/") for _ in range(2))
    assert first.content == second.content == bytes(range(256))


def test_a_site_without_the_fence_caches_as_django_does(mode) -> None:
    middleware = ["django.middleware.csrf.CsrfViewMiddleware"]
    with override_settings(**site(MIDDLEWARE=middleware)):
        client = client_of(mode)
        first = send(client, "/cached/form/", headers=NEW)
        assert token_in(first)
        assert "csrftoken" in first.cookies


def test_a_placeholder_of_one_entry_fills_nothing_in_another(mode) -> None:
    """Placeholders are never sent, and new for each entry."""
    with override_settings(**site({"csp": "strict"})):
        answer = send(client_of(mode), "/cached/both/", headers=NEW)
        kept = [pickle.loads(v) for v in cache._cache.values()]  # noqa: S301 - our own cache
        again = send(client_of(mode), "/cached/both/", headers=NEW)
    [placeholders] = [r._ringfence_placeholders for r in kept if hasattr(r, "content")]
    assert len(placeholders[0]) == 32
    assert len(placeholders[1]) == 64
    for page in (answer, again):
        assert not any(placeholder in page.text_ for placeholder in placeholders)


# -- fragments -------------------------------------------------------------------------------

FRAGMENT = re.compile(r"inner \[([^\]]*)\] .*value=\"(\w{64})\"")


@pytest.mark.parametrize(
    "processor", ["ringfence.context_processors.csp"], ids=["ringfence.context_processors.csp"]
)
def test_a_fragment_is_rendered_once_and_filled_for_each(mode, processor) -> None:
    with override_settings(**site({"csp": "strict"}, TEMPLATES=templates(processor))):
        answers = [send(client_of(mode), "/fragment/") for _ in range(3)]
        found = [FRAGMENT.search(answer.text_) for answer in answers]
        assert all(found), [answer.text_ for answer in answers]
        assert pages.ran == ["fragment"]
        assert [match[1] for match in found] == [nonce_in(answer) for answer in answers]
        assert len({match[1] for match in found}) == 3
        assert len({match[2] for match in found}) == 3
        for match in found:
            assert match[1] not in stored()
            assert match[2] not in stored()
        for answer in answers:
            assert "\x00" not in answer.text_


def test_the_token_of_a_cached_fragment_works(mode) -> None:
    with override_settings(**site()):
        send(client_of(mode), "/fragment/")
        client = client_of(mode)
        page = send(client, "/fragment/")
        assert pages.ran == ["fragment"]
        token = token_in(page)
        assert send(client, "/plain/", data={"csrfmiddlewaretoken": token}).status_code == 200
        wrong = token[::-1]
        assert send(client, "/plain/", data={"csrfmiddlewaretoken": wrong}).status_code == 403


def test_a_fragment_that_begins_like_a_marker_is_shown_as_it_is(mode) -> None:
    with override_settings(**site()):
        answers = [send(client_of(mode), "/marker-fragment/") for _ in range(2)]
    assert [answer.text_ for answer in answers] == ["\x00ringfence:abc:def\x00tail"] * 2


# -- tokens ----------------------------------------------------------------------------------

NEVER = {"csrf": {"tokens": "never", "fallback": "deny"}}


def test_no_tokens_where_the_site_wants_none(mode) -> None:
    with override_settings(**site(NEVER)):
        client = client_of(mode)
        page = send(client, "/form/")
        assert page.text_ == "<form method=post></form>"
        assert not page.cookies
        assert vary_of(page) == set()
        assert send(client, "/plain/", method="POST", headers=SAME).status_code == 200
        assert send(client, "/plain/", method="POST", headers=ORIGIN_ONLY).status_code == 200
        assert send(client, "/plain/", method="POST").status_code == 403
        foreign = {"origin": FOREIGN}
        assert send(client, "/plain/", method="POST", headers=foreign).status_code == 403


def test_no_token_in_jinja2_either(mode) -> None:
    from django.template import engines

    jinja = [{"BACKEND": "django.template.backends.jinja2.Jinja2", "NAME": "jinja"}]
    from tests.core.test_headers import urls_of

    def view(request):
        from django.http import HttpResponse

        template = engines["jinja"].from_string("[{{ csrf_input }}]")
        return HttpResponse(template.render({}, request))

    for ringfence, expected in ((NEVER, 'value="">]'), ({}, '">]')):
        settings = site(ringfence, TEMPLATES=jinja, ROOT_URLCONF=urls_of(view=view))
        with override_settings(**settings):
            page = send(client_of(mode), "/view/")
        assert page.text_.endswith(expected)
        assert ('value=""' in page.text_) is (ringfence is NEVER)
        assert ("csrftoken" in page.cookies) is (ringfence is not NEVER)


AUTO, ALWAYS = {}, {"csrf": {"tokens": "always"}}
LEGACY = {"CSRF_TRUSTED_ORIGINS": ["https://legacy.example"]}
HELD = {"csrftoken": "k" * 32}
#: name: RINGFENCE, settings, the page, headers, cookies, whether a cookie is set, Vary
COOKIE = {
    "auto, fetch metadata": (AUTO, {}, "/form/", NEW, {}, False, {"Sec-Fetch-Site"}),
    "auto, from another site": (
        AUTO,
        {},
        "/form/",
        {
            "sec-fetch-site": "cross-site",
            "sec-fetch-mode": "navigate",
            "sec-fetch-dest": "document",
        },
        {},
        False,
        {"Sec-Fetch-Site"},
    ),
    "auto, nonsense": (
        AUTO,
        {},
        "/form/",
        {"sec-fetch-site": "nonsense"},
        {},
        True,
        {"Sec-Fetch-Site", "Cookie"},
    ),
    "auto, no metadata": (AUTO, {}, "/form/", {}, {}, True, {"Sec-Fetch-Site", "Cookie"}),
    "auto, a cookie is held": (AUTO, {}, "/form/", NEW, HELD, True, {"Sec-Fetch-Site", "Cookie"}),
    "auto, token-trusted origins": (
        AUTO,
        LEGACY,
        "/form/",
        NEW,
        {},
        True,
        {"Sec-Fetch-Site", "Cookie"},
    ),
    "auto, report only": (
        {"csrf": {"report_only": True}},
        {},
        "/form/",
        NEW,
        {},
        True,
        {"Sec-Fetch-Site", "Cookie"},
    ),
    "auto, no token on the page": (AUTO, {}, "/plain/", {}, {}, False, set()),
    "auto, no token, a cookie is held": (AUTO, {}, "/plain/", {}, HELD, False, set()),
    "always, fetch metadata": (ALWAYS, {}, "/form/", NEW, {}, True, {"Cookie"}),
    "always, no metadata": (ALWAYS, {}, "/form/", {}, {}, True, {"Cookie"}),
    "always, no token on the page": (ALWAYS, {}, "/plain/", {}, {}, False, set()),
    "never": (NEVER, {}, "/form/", {}, {}, False, set()),
    "the ring is off": ({"csrf": False}, {}, "/form/", {}, {}, False, set()),
    "ensure_csrf_cookie": (AUTO, {}, "/ensured/", {}, {}, True, {"Cookie"}),
    "ensure_csrf_cookie, fetch metadata": (AUTO, {}, "/ensured/", NEW, {}, True, {"Cookie"}),
}


@pytest.mark.parametrize("name", COOKIE)
def test_when_a_cookie_and_vary_are_sent(mode, name) -> None:
    ringfence, settings, path, headers, cookies, is_set, vary = COOKIE[name]
    with override_settings(**site(ringfence, **settings)):
        response = send(client_of(mode), path, headers=headers, cookies=cookies)
    assert response.status_code == 200
    assert ("csrftoken" in response.cookies) is is_set
    assert vary_of(response) == vary


def test_a_cookie_that_is_held_keeps_its_secret(mode) -> None:
    with override_settings(**site()):
        response = send(client_of(mode), "/form/", headers=NEW, cookies=HELD)
        assert response.cookies["csrftoken"].value == HELD["csrftoken"]


@pytest.mark.parametrize("value", ["", "short", "k" * 31 + "!", "k" * 65, "é" * 8], ids=ascii)
def test_a_malformed_cookie_is_replaced(mode, value) -> None:
    with override_settings(**site()):
        client = client_of(mode)
        page = send(client, "/form/", headers={"cookie": f"csrftoken={ascii(value)[1:-1]}"})
        assert page.status_code == 200
        assert len(page.cookies["csrftoken"].value) == 32
        posted = send(client, "/plain/", data={"csrfmiddlewaretoken": token_in(page)})
        assert posted.status_code == 200


def test_rotation_changes_the_secret(mode) -> None:
    with override_settings(**site()):
        client = client_of(mode)
        send(client, "/form/")
        before = client.cookies["csrftoken"].value
        send(client, "/rotate/")
        assert client.cookies["csrftoken"].value != before


def test_the_token_of_a_page_works_until_it_is_another_visitors(mode) -> None:
    with override_settings(**site()):
        one, other = client_of(mode), client_of(mode)
        token = token_in(send(one, "/form/"))
        send(other, "/form/")
        field = {"csrfmiddlewaretoken": token}
        assert send(one, "/plain/", data=field).status_code == 200
        assert send(other, "/plain/", data=field).status_code == 403


@pytest.mark.parametrize("path", ["/cached/both/", "/fragment/"])
def test_what_was_stored_outlives_the_rings_that_it_was_made_for(mode, path) -> None:
    """A cache is kept over a deployment that switches a ring off."""
    with override_settings(**site({"csp": "strict"})):
        first = send(client_of(mode), path)
    with override_settings(**site({"csp": False, "csrf": False})):
        later = send(client_of(mode), path)
    assert later.status_code == 200
    assert len(pages.ran) == 1
    # What nobody asks for any more is filled with what is good for nothing, and never twice.
    shown = set(re.findall(r"[A-Za-z0-9_-]{22,}", later.text_)) - {"csrfmiddlewaretoken"}
    assert shown
    assert not any(value in first.text_ for value in shown)
