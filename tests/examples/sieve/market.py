"""The market in this process: its visitors, and what of it has changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.serializers import serialize
from django.http import HttpResponse
from django.test import Client
from sieve.seed import PASSWORD

HOST = "victim.localhost"
OWN = f"https://{HOST}"
ATTACKER = "https://attacker.test"
#: What only the pages of the user show: his bank account.
SECRET = "XX01 1234 5678 0001"

#: Who each visitor is, of the neighbours that the seed makes.
NAMES = {"user": "ada", "other": "ben", "staff": "staff", "superuser": "root"}


@dataclass(frozen=True, slots=True)
class Seen:
    """What a probe saw: whether the page did its work, and each sign of the hole."""

    works: bool
    signs: dict[str, bool] = field(default_factory=dict)


class Visitor:
    """Somebody with a browser's cookies. Django's check of tokens is on."""

    def __init__(self, kind: str, host: str = HOST) -> None:
        self.host = host
        self.client = Client(enforce_csrf_checks=True, headers={"Host": host})
        if kind != "anonymous":
            name = NAMES[kind]
            assert self.post("/accounts/sign-in/", {"username": name, "password": PASSWORD})
            assert self.client.session.session_key

    def get(self, path: str, query: Any = None, **headers: str) -> HttpResponse:
        """Ask for a page, as a browser does for its user."""
        return self.client.get(path, query, secure=True, headers=headers)

    def post(self, path: str, data: Any, kind: str | None = None, **headers: str) -> HttpResponse:
        """Send what a page of the market's own sends: with the token."""
        self.client.get("/accounts/street/", secure=True, follow=True)
        headers = {
            "X-CSRFToken": self.client.cookies["csrftoken"].value,
            "Referer": f"https://{self.host}/",
            **headers,
        }
        extra = {} if kind is None else {"content_type": kind}
        return self.client.post(path, data, secure=True, headers=headers, **extra)

    def forge(self, path: str, data: Any, kind: str | None = None) -> HttpResponse:
        """Send what the attacker's page has sent: with no token, and with its origin."""
        extra = {} if kind is None else {"content_type": kind}
        return self.client.post(path, data, secure=True, headers={"Origin": ATTACKER}, **extra)


def state() -> str:
    """Return all that the market keeps: its rows, and who is logged in."""
    models = [m for m in apps.get_models() if m.__module__.startswith("sieve.")]
    rows = [serialize("json", model.objects.order_by("pk")) for model in models]
    return "\n".join([*rows, *Session.objects.order_by("pk").values_list("pk", flat=True)])
