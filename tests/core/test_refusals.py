"""What a refused request is answered, who is told, and CSRF_USE_SESSIONS."""

from __future__ import annotations

import logging
from types import ModuleType

import pytest
from django.contrib.auth import SESSION_KEY, get_user_model
from django.http import HttpResponse
from django.template import Template
from django.test import override_settings
from django.test.signals import template_rendered
from django.urls import path

from ringfence.reason import Reason
from ringfence.rings.csrf.reasons import (
    CrossSite,
    InvalidFetchSite,
    MalformedOrigin,
    MissingOrigin,
    NullOrigin,
    OriginMismatch,
    SameSite,
    TokenRejected,
)
from ringfence.signals import request_refused
from tests.core import site as pages
from tests.core.support import (
    FENCE,
    FOREIGN,
    OWN,
    SESSIONS,
    ask,
    client_of,
    send,
    site,
    templates,
    token_in,
)

EVIL = {"sec-fetch-site": "cross-site", "origin": FOREIGN}
#: headers, RINGFENCE's csrf, the reason's class, what its hint says
REASONS = {
    "cross-site": (EVIL, {}, CrossSite),
    "same-site": ({"sec-fetch-site": "same-site"}, {}, SameSite),
    "an unknown site": ({"sec-fetch-site": "nowhere"}, {}, InvalidFetchSite),
    "another origin": ({"origin": FOREIGN}, {}, OriginMismatch),
    "null": ({"origin": "null"}, {}, NullOrigin),
    "no origin at all": ({"origin": "https://a b"}, {}, MalformedOrigin),
    "nothing, token": ({}, {}, TokenRejected),
    "nothing, deny": ({}, {"fallback": "deny"}, MissingOrigin),
}


@pytest.fixture
def told():
    """Return what the signal told: reason and report_only."""
    said: list[tuple[Reason, bool]] = []

    def listen(sender, reason, report_only, **kwargs):
        said.append((reason, report_only))

    request_refused.connect(listen)
    yield said
    request_refused.disconnect(listen)


def records(caplog, name="django.security.csrf"):
    return [record for record in caplog.records if record.name == name]


@pytest.mark.parametrize("name", REASONS)
def test_a_typed_reason_reaches_the_log_and_the_signal(mode, caplog, told, name) -> None:
    headers, csrf, kind = REASONS[name]
    with override_settings(**site({"csrf": csrf})):
        response = ask(mode, "/plain/", method="POST", headers=headers)
    assert response.status_code == 403
    assert pages.ran == []
    [record] = records(caplog)
    assert type(record.reason) is kind
    assert record.status_code == 403
    assert record.ring == "csrf"
    assert record.request.path == "/plain/"
    assert str(record.reason) in record.getMessage()
    assert record.reason.hint in record.getMessage()
    [(reason, report_only)] = told
    assert reason is record.reason
    assert not report_only
    # Django's handler logs every 403 of its own: not this one again.
    assert not records(caplog, "django.request")


#: headers and settings, and a word of the hint a developer gets
HINTS = {
    "https is hidden by a proxy": ({"origin": "https://testserver"}, "SECURE_PROXY_SSL_HEADER"),
    "another port": ({"origin": "http://testserver:8000"}, "port"),
    "an origin to trust": ({"origin": FOREIGN}, "trusted_origins"),
    "a sibling": (
        {"sec-fetch-site": "same-site", "origin": "http://a.testserver"},
        "trusted_origins",
    ),
}


@pytest.mark.parametrize("name", HINTS)
def test_the_hint_says_what_to_do(caplog, name) -> None:
    headers, word = HINTS[name]
    with override_settings(**site()):
        ask("sync", "/plain/", method="POST", headers=headers)
    [record] = records(caplog)
    assert word in record.reason.hint


@pytest.mark.parametrize("name", REASONS)
def test_strangers_see_no_reason(mode, name) -> None:
    headers, csrf, _ = REASONS[name]
    with override_settings(**site({"csrf": csrf})):
        bodies = {ask(mode, "/plain/", method="POST", headers=headers).text_ for _ in range(2)}
    [body] = bodies
    for word in ("evil", "Origin", "origin", "Sec-Fetch", "token", "cookie", "trusted", "Why"):
        assert word not in body
    assert "CSRF verification failed" in body


HOSTILE = "https://<script>alert(1)</script>\"'&.example"


def test_developers_see_the_reason_escaped(mode) -> None:
    with override_settings(**site(DEBUG=True)):
        response = ask(mode, "/plain/", method="POST", headers={"origin": HOSTILE})
    assert response.status_code == 403
    assert "&lt;script&gt;" in response.text_
    assert "<script" not in response.text_
    assert "DEBUG" in response.text_
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")


def test_a_prepared_page_carries_no_others_reason(mode) -> None:
    """DEBUG may be switched on and off in one process: tests do."""
    headers = {"origin": FOREIGN}
    with override_settings(**site(DEBUG=True)):
        with_reason = ask(mode, "/plain/", method="POST", headers=headers)
    with override_settings(**site()):
        without = ask(mode, "/plain/", method="POST", headers=headers)
    assert "evil.example" in with_reason.text_
    assert "evil.example" not in without.text_


def test_the_page_speaks_the_language_of_the_site(mode) -> None:
    with override_settings(**site(LANGUAGE_CODE="de")):
        german = ask(mode, "/plain/", method="POST", headers=EVIL)
    with override_settings(**site()):
        english = ask(mode, "/plain/", method="POST", headers=EVIL)
    assert '<html lang="de">' in german.text_
    assert "Verboten" in german.text_
    assert '<html lang="en-us">' in english.text_


@pytest.mark.parametrize("debug", [False, True], ids=["", "debug"])
def test_a_rejected_post_renders_and_parses_no_template(mode, monkeypatch, debug) -> None:
    with override_settings(**site(DEBUG=debug)):
        client = client_of(mode)
        send(client, "/plain/", method="POST", headers=EVIL)
        parsed, rendered = [], []
        original = Template.__init__

        def counting(self, *args, **kwargs):
            parsed.append(args)
            original(self, *args, **kwargs)

        monkeypatch.setattr(Template, "__init__", counting)

        def listen(**kwargs):
            rendered.append(kwargs)

        template_rendered.connect(listen)
        try:
            response = send(client, "/plain/", method="POST", headers=EVIL)
        finally:
            template_rendered.disconnect(listen)
    assert response.status_code == 403
    assert (parsed, rendered) == ([], [])


def failure_view(request, reason=""):
    """A site's own page."""
    hint = getattr(reason, "hint", None)
    return HttpResponse(f"own: {type(reason).__name__}: {bool(hint)}", status=418)


def test_a_failure_view_of_the_sites_gets_the_typed_reason(mode) -> None:
    settings = site(CSRF_FAILURE_VIEW="tests.core.test_refusals.failure_view")
    with override_settings(**settings):
        response = ask(mode, "/plain/", method="POST", headers=EVIL)
        by_token = ask(mode, "/plain/", method="POST")
        inside = ask(mode, "/protected/", method="POST", headers=EVIL)
    assert (response.status_code, response.text_) == (418, "own: CrossSite: True")
    assert by_token.text_ == "own: TokenRejected: True"
    assert inside.text_ == "own: CrossSite: True"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_template_of_the_sites_is_rendered(mode) -> None:
    own = templates(**{"403_csrf.html": "own page: {{ title }}"})
    with override_settings(**site(TEMPLATES=own)):
        response = ask(mode, "/plain/", method="POST", headers=EVIL)
    assert response.status_code == 403
    assert response.text_.startswith("own page: ")


def test_a_receiver_that_raises_changes_nothing(mode, caplog) -> None:
    def broken(**kwargs):
        raise RuntimeError("broken receiver")

    request_refused.connect(broken)
    try:
        with override_settings(**site()):
            response = ask(mode, "/plain/", method="POST", headers=EVIL)
    finally:
        request_refused.disconnect(broken)
    assert response.status_code == 403
    assert any("receiver" in record.message for record in records(caplog, "ringfence"))


def test_nothing_is_told_of_what_is_let_through(mode, caplog, told) -> None:
    with override_settings(**site()):
        ask(mode, "/plain/", method="POST", headers={"sec-fetch-site": "same-origin"})
        ask(mode, "/plain/", headers=EVIL)
        ask(mode, "/exempt/", method="POST", headers=EVIL)
    assert pages.ran == ["plain", "plain", "exempt"]
    assert not told
    assert not records(caplog)


def test_a_path_cannot_forge_log_lines(caplog) -> None:
    with override_settings(**site()):
        ask("sync", "/plain/", method="POST", headers=EVIL)
        urlconf = ModuleType("any")
        urlconf.urlpatterns = [path("<path:rest>", lambda request, rest: HttpResponse())]
        with override_settings(ROOT_URLCONF=urlconf):
            ask("sync", "/a%0d%0aERROR%20all%20is%20lost%1b[31m", method="POST", headers=EVIL)
    for record in records(caplog):
        message = record.getMessage()
        assert "\n" not in message
        assert message.isascii()
        assert "\x1b" not in message


@pytest.mark.parametrize("token", [True, False], ids=["token", "no-token"])
def test_report_only_tells_and_leaves_it_to_the_token(mode, caplog, told, token) -> None:
    caplog.set_level(logging.WARNING)
    secret = "k" * 32
    with override_settings(**site({"csrf": {"report_only": True}})):
        response = ask(
            mode,
            "/plain/",
            method="POST",
            headers={"sec-fetch-site": "cross-site"} | ({"x-csrftoken": secret} if token else {}),
            cookies={"csrftoken": secret},
        )
    assert response.status_code == (200 if token else 403)
    said = [(type(reason), report) for reason, report in told]
    assert said == [(CrossSite, True)] + ([] if token else [(TokenRejected, False)])
    first = records(caplog)[0]
    assert first.getMessage().startswith("Would be forbidden")
    assert isinstance(first.reason, CrossSite)


def test_report_only_reports_exempt_views_too(mode, told) -> None:
    with override_settings(**site({"csrf": {"report_only": True}})):
        assert ask(mode, "/exempt/", method="POST", headers=EVIL).status_code == 200
    assert [type(reason) for reason, _ in told] == [CrossSite]


# -- CSRF_USE_SESSIONS -----------------------------------------------------------------------

IN_SESSIONS = {"CSRF_USE_SESSIONS": True, "MIDDLEWARE": [FENCE, SESSIONS]}
SECRET_KEY = "_csrftoken"


def test_a_fresh_session_gets_a_token_that_works(mode) -> None:
    with override_settings(**site(**IN_SESSIONS)):
        client = client_of(mode)
        page = send(client, "/form/")
        assert "sessionid" in page.cookies
        assert "csrftoken" not in page.cookies
        assert len(client.session[SECRET_KEY]) == 32
        token = token_in(page)
        assert send(client, "/plain/", data={"csrfmiddlewaretoken": token}).status_code == 200
        assert send(client, "/plain/", data={"csrfmiddlewaretoken": token[::-1]}).status_code == 403
        assert send(client, "/plain/", data={"x": "1"}).status_code == 403
        header = {"x-csrftoken": token}
        assert send(client, "/plain/", method="POST", headers=header).status_code == 200


def test_another_sessions_token_does_not_work(mode) -> None:
    with override_settings(**site(**IN_SESSIONS)):
        one, other = client_of(mode), client_of(mode)
        token = token_in(send(one, "/form/"))
        send(other, "/form/")
        assert send(other, "/plain/", data={"csrfmiddlewaretoken": token}).status_code == 403


def test_a_stranger_without_a_session_has_no_token(mode) -> None:
    with override_settings(**site(**IN_SESSIONS)):
        secret = "k" * 32
        response = ask(
            mode,
            "/plain/",
            data={"csrfmiddlewaretoken": secret},
            cookies={"csrftoken": secret},
        )
    assert response.status_code == 403


def test_the_browsers_word_needs_no_session(mode) -> None:
    with override_settings(**site(**IN_SESSIONS)):
        client = client_of(mode)
        same = {"sec-fetch-site": "same-origin"}
        assert send(client, "/plain/", method="POST", headers=same).status_code == 200
        assert send(client, "/plain/", method="POST", headers=EVIL).status_code == 403
        assert "sessionid" not in client.cookies


def test_a_page_without_a_token_starts_no_session(mode) -> None:
    with override_settings(**site(**IN_SESSIONS)):
        assert not send(client_of(mode), "/plain/").cookies


def test_rotation_is_kept_in_the_session(mode) -> None:
    with override_settings(**site(**IN_SESSIONS)):
        client = client_of(mode)
        send(client, "/form/")
        before = client.session[SECRET_KEY]
        send(client, "/rotate/")
        assert client.session[SECRET_KEY] not in ("", before)


def test_without_the_session_middleware_the_loss_is_told(mode, caplog) -> None:
    with override_settings(**site(CSRF_USE_SESSIONS=True, MIDDLEWARE=[FENCE])):
        response = ask(mode, "/form/")
    assert not response.cookies
    assert any("outside the session middleware" in r.message for r in records(caplog))


@pytest.mark.django_db
@pytest.mark.parametrize("use_sessions", [False, True], ids=["cookie", "session"])
def test_login_rotates_the_token(use_sessions) -> None:
    get_user_model().objects.create_superuser("admin", password="admin")
    middleware = [
        FENCE,
        SESSIONS,
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ]
    from django.conf import settings

    kept = {"TEMPLATES": settings.TEMPLATES, "ROOT_URLCONF": "tests.urls"}
    with override_settings(**site(CSRF_USE_SESSIONS=use_sessions, MIDDLEWARE=middleware, **kept)):
        client = client_of("sync")

        def secret():
            return client.session[SECRET_KEY] if use_sessions else client.cookies["csrftoken"].value

        login = "/admin/login/?next=/admin/"
        page = send(client, login)
        before = secret()
        data = {"username": "admin", "password": "admin"}
        assert send(client, login, data=data).status_code == 403
        wrong = data | {"csrfmiddlewaretoken": token_in(page)[::-1]}
        assert send(client, login, data=wrong).status_code == 403
        good = data | {"csrfmiddlewaretoken": token_in(page)}
        assert send(client, login, data=good).status_code == 302
        assert SESSION_KEY in client.session
        assert secret() != before
        # The page from before the login is out of date, as in Django.
        assert send(client, login, data=good).status_code == 403
        fresh = token_in(send(client, "/admin/password_change/"))
        field = {"csrfmiddlewaretoken": fresh}
        assert send(client, "/admin/logout/", data=field).status_code == 200


def missing(request, exception=None):
    from django.shortcuts import render

    return render(request, "form.html", status=404)


@pytest.mark.parametrize("use_sessions", [False, True], ids=["cookie", "session"])
def test_an_error_page_may_hold_a_form(mode, use_sessions) -> None:
    urlconf = ModuleType("with_errors")
    urlconf.urlpatterns = [path("plain/", pages.plain)]
    urlconf.handler404 = missing
    settings = site(CSRF_USE_SESSIONS=use_sessions, MIDDLEWARE=[FENCE, SESSIONS])
    with override_settings(**settings | {"ROOT_URLCONF": urlconf}):
        client = client_of(mode)
        page = send(client, "/nowhere/")
        assert page.status_code == 404
        field = {"csrfmiddlewaretoken": token_in(page)}
        assert send(client, "/plain/", data=field).status_code == 200


def test_own_origin_over_https(mode) -> None:
    with override_settings(**site()):
        for secure, origin, status in (
            (True, "https://testserver", 200),
            (True, OWN, 403),
            (False, OWN, 200),
            (False, "https://testserver", 403),
        ):
            headers = {"origin": origin}
            response = ask(mode, "/plain/", method="POST", headers=headers, secure=secure)
            assert response.status_code == status
