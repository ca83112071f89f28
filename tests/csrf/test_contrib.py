"""The verdict where a site wrote no check itself, and the two promises about tokens."""

from __future__ import annotations

import pytest
from django.contrib.auth import get_user_model
from django.test import AsyncClient, Client, override_settings

from ringfence.signals import request_refused
from tests.csrf.table import FOREIGN, HOST, LEGACY, OWN
from tests.csrf.ways import SECRET, site_settings

SIGNED_IN = [
    "ringfence.middleware.RingfenceMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
WAYS = ("/plain/", "/protected/", "/protected-class/", "/rest/", "/ninja/")


@pytest.fixture
def site(request):
    with override_settings(**site_settings()):
        yield


def client_for(path_token: bool, **headers: str) -> Client:
    client = Client(enforce_csrf_checks=True, headers={"host": HOST, **headers})
    client.cookies["sessionid"] = "s"
    if path_token:
        client.cookies["csrftoken"] = SECRET
    return client


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "proof",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "cross-site", "origin": FOREIGN},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "origin": OWN},
        {"origin": FOREIGN},
        {"origin": "null"},
    ],
    ids=str,
)
def test_a_valid_token_does_not_help_where_the_browser_proved_a_foreign_origin(way, proof) -> None:
    client = client_for(True, referer=f"{OWN}/", **proof)
    header = client.post(way, secure=True, headers={"x-csrftoken": SECRET})
    field = client.post(way, {"csrfmiddlewaretoken": SECRET}, secure=True)
    assert (header.status_code, field.status_code) == (403, 403)


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "proof",
    [
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "same-origin", "origin": OWN},
        {"sec-fetch-site": "none"},
        {"origin": OWN},
    ],
    ids=str,
)
def test_no_token_is_needed_where_the_browser_proved_the_own_origin(way, proof) -> None:
    assert client_for(False, **proof).post(way, secure=True).status_code == 200


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("headers", "token", "expected"),
    [
        ({"referer": f"{OWN}/form/"}, SECRET, 200),
        ({"referer": f"{OWN}/form/"}, "x" * 32, 403),
        ({"referer": f"{OWN}/form/"}, "", 403),
        ({"referer": f"{FOREIGN}/form/"}, SECRET, 403),
        ({"referer": "http://[::1"}, SECRET, 403),
        ({}, SECRET, 403),
        ({"origin": LEGACY}, SECRET, 200),
        ({"origin": LEGACY, "sec-fetch-site": "cross-site"}, SECRET, 200),
        ({"origin": LEGACY, "sec-fetch-site": "cross-site"}, "x" * 32, 403),
    ],
    ids=str,
)
def test_the_token_check_is_djangos_own(way, headers, token, expected) -> None:
    """The Referer is checked beside the token over https, as it always was."""
    response = client_for(True, **headers).post(way, {"csrfmiddlewaretoken": token}, secure=True)
    assert response.status_code == expected


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize("way", WAYS)
def test_djangos_test_client_is_let_through_unless_it_asks(way) -> None:
    evil = {"host": HOST, "origin": FOREIGN, "sec-fetch-site": "cross-site"}
    for headers, enforce, expected in (
        (evil, False, 200),
        ({"host": HOST}, False, 200),
        (evil, True, 403),
    ):
        client = Client(enforce_csrf_checks=enforce, headers=headers)
        client.cookies["sessionid"] = "s"
        assert client.post(way, secure=True).status_code == expected


@pytest.mark.usefixtures("site")
async def test_djangos_async_test_client_is_let_through_unless_it_asks() -> None:
    evil = {"origin": FOREIGN, "sec-fetch-site": "cross-site"}
    assert (await AsyncClient(headers=evil).post("/plain-async/")).status_code == 200
    strict = AsyncClient(enforce_csrf_checks=True, headers=evil)
    assert (await strict.post("/plain-async/")).status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("headers", "token", "expected"),
    [
        ({"sec-fetch-site": "same-origin", "origin": OWN}, False, 302),
        ({"origin": OWN}, False, 302),
        ({"sec-fetch-site": "cross-site", "origin": FOREIGN}, True, 403),
        ({"origin": "null"}, True, 403),
        ({"referer": f"{OWN}/admin/login/"}, True, 302),
        ({"referer": f"{OWN}/admin/login/"}, False, 403),
    ],
    ids=str,
)
def test_admin_login(headers, token, expected) -> None:
    """``AdminSite.login`` is wrapped in ``csrf_protect`` by Django itself."""
    get_user_model().objects.create_superuser("admin", password="admin")
    settings = site_settings() | {"ROOT_URLCONF": "tests.urls", "MIDDLEWARE": SIGNED_IN}
    with override_settings(**settings):
        data = {"username": "admin", "password": "admin"}
        if token:
            data["csrfmiddlewaretoken"] = SECRET
        client = client_for(token, **headers)
        del client.cookies["sessionid"]
        response = client.post("/admin/login/?next=/admin/", data, secure=True)
    assert response.status_code == expected
    assert ("_auth_user_id" in client.session) is (expected == 302)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("headers", "token", "expected"),
    [
        ({"sec-fetch-site": "cross-site", "referer": f"{OWN}/"}, True, 200),
        ({"sec-fetch-site": "cross-site", "referer": f"{OWN}/"}, False, 403),
        ({"sec-fetch-site": "cross-site", "origin": FOREIGN}, True, 403),
        ({"sec-fetch-site": "same-origin", "origin": OWN}, True, 200),
    ],
    ids=str,
)
def test_report_only_leaves_the_decision_to_what_decided_before(
    way, headers, token, expected
) -> None:
    with override_settings(**site_settings(report_only=True)):
        client = client_for(token, **headers)
        response = client.post(way, secure=True, headers={"x-csrftoken": SECRET if token else ""})
    assert response.status_code == expected


@pytest.mark.parametrize("report_only", [True, False], ids=["report-only", "enforced"])
def test_report_only_tells_what_it_would_have_refused(report_only) -> None:
    told = []

    def listen(reason, request, report_only, **kwargs):
        told.append((type(reason).__name__, report_only))

    request_refused.connect(listen, sender="csrf")
    try:
        with override_settings(**site_settings(report_only=report_only)):
            client = client_for(True, referer=f"{OWN}/", **{"sec-fetch-site": "cross-site"})
            status = client.post(
                "/plain/", secure=True, headers={"x-csrftoken": SECRET}
            ).status_code
    finally:
        request_refused.disconnect(listen, sender="csrf")
    assert told == [("CrossSite", report_only)]
    assert status == (200 if report_only else 403)
