"""What the core's tests share: a site's settings, and one way to ask it, sync or async."""

from __future__ import annotations

import re
from typing import Any

import django
import pytest
from asgiref.sync import async_to_sync
from django.test import AsyncClient, Client

from tests.core.site import APP

FENCE = "ringfence.middleware.RingfenceMiddleware"
SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"
BASE_POLICY = "object-src 'none'; base-uri 'self'; frame-ancestors 'self'"
STRICT_WITHOUT_NONCE = (
    "script-src 'strict-dynamic'; object-src 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; form-action 'self'"
)
OWN, FOREIGN = "http://testserver", "https://evil.example"
DJANGO_6 = pytest.mark.skipif(django.VERSION < (6,), reason="Django 6 brought it")
DJANGO_61 = pytest.mark.skipif(django.VERSION < (6, 1), reason="Django 6.1 brought it")

TEMPLATES = {
    "form.html": "<form method=post>{% csrf_token %}</form>",
    "bare.html": "{{ csp_nonce }}",
    "nonce.html": '<script nonce="{{ csp_nonce }}"></script>',
    "both.html": '<script nonce="{{ csp_nonce }}"></script><form>{% csrf_token %}</form>',
    "media.html": "{% csp_nonce_attr %}",
    "fragment.html": "{% load cache %}{% cache 600 both %}{{ inner }} "
    "[{{ csp_nonce }}] {% csrf_token %}{% endcache %}",
    "marker.html": "{% load cache %}{% cache 600 marker %}{{ text }}{% endcache %}",
}


def templates(*processors: str, **more: str) -> list[dict[str, Any]]:
    """Return TEMPLATES with templates in memory, these and ``more``."""
    return [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {
                "loaders": [("django.template.loaders.locmem.Loader", TEMPLATES | more)],
                "context_processors": [
                    "django.template.context_processors.request",
                    *(processors or ("ringfence.context_processors.csp",)),
                ],
            },
        }
    ]


def site(ringfence: dict[str, Any] | None = None, **settings: Any) -> dict[str, Any]:
    """Return the settings of a site with the fence alone; sessions need no database."""
    return {
        "ROOT_URLCONF": "tests.core.site",
        "MIDDLEWARE": [FENCE],
        "SESSION_ENGINE": "django.contrib.sessions.backends.signed_cookies",
        "TEMPLATES": templates(),
        "RINGFENCE": {} if ringfence is None else ringfence,
        **settings,
    }


class HostedAsyncClient(AsyncClient):
    """An async client whose Host can be chosen, as the other one's can."""

    def _base_scope(self, **request: Any) -> dict[str, Any]:
        scope = super()._base_scope(**request)
        hosts = [pair for pair in scope["headers"] if pair[0] == b"host"]
        rest = [pair for pair in scope["headers"] if pair[0] != b"host"]
        return {**scope, "headers": [*rest, *hosts[-1:]]}


def ask(mode: str, path: str, **options: Any) -> Any:
    """Send one request through Django's WSGI or ASGI handler. The answer's text is ``.text_``."""
    client = client_of(mode, **options.pop("client", {}))
    return send(client, path, **options)


def client_of(mode: str, **options: Any) -> Any:
    """Return a client that judges as a real server would, and raises nothing."""
    options = {"enforce_csrf_checks": True, "raise_request_exception": False} | options
    return Client(**options) if mode == "sync" else HostedAsyncClient(**options)


def send(client: Any, path: str, *, method: str = "GET", **options: Any) -> Any:
    """Send one request and read the whole answer."""
    headers = {"host": "testserver"} | options.pop("headers", {})
    cookies = options.pop("cookies", {})
    data = options.pop("data", None)
    for name, value in cookies.items():
        client.cookies[name] = value
    if data is None:
        options |= {"data": b"", "content_type": options.get("content_type", "text/plain")}
        call = client.generic
        arguments: tuple[Any, ...] = (method, path)
    else:
        call, arguments = client.post, (path,)
        options["data"] = data
    if isinstance(client, AsyncClient):
        response = async_to_sync(_send_async)(call, *arguments, headers=headers, **options)
    else:
        response = call(*arguments, headers=headers, **options)
        if response.streaming:
            response.text_ = async_to_sync(_text_of)(response)
    if not response.streaming:
        response.text_ = response.content.decode("utf-8", "replace")
    return response


async def _send_async(call: Any, *arguments: Any, **options: Any) -> Any:
    response = await call(*arguments, **options)
    if response.streaming:
        response.text_ = await _text_of(response)
    return response


async def _text_of(response: Any) -> str:
    if response.is_async:
        return b"".join([part async for part in response]).decode()
    return b"".join(response.streaming_content).decode()


def policy_of(response: Any) -> str:
    """Return the enforced policy, "" for none."""
    return response.headers.get("Content-Security-Policy", "")


def nonce_in(response: Any) -> str | None:
    """Return the one nonce of the enforced policy, None without one."""
    found = re.findall(r"'nonce-([^']+)'", policy_of(response))
    assert len(set(found)) <= 1
    return found[0] if found else None


def token_in(response: Any) -> str:
    """Return the token of the page's form."""
    found = re.search(r'name="csrfmiddlewaretoken" value="([A-Za-z0-9]*)"', response.text_)
    assert found, response.text_
    return found[1]


def vary_of(response: Any) -> set[str]:
    """Return what the answer varies on."""
    value = response.headers.get("Vary", "")
    return {item.strip() for item in value.split(",") if item.strip()}


def preflight(method: str = "PUT", headers: str = "", origin: str = APP) -> dict[str, str]:
    """Return the headers of a preflight."""
    asked = {"origin": origin, "access-control-request-method": method}
    return asked | ({"access-control-request-headers": headers} if headers else {})
