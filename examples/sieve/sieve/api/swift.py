"""The part of the API that django-ninja answers."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Form, NinjaAPI
from ninja.security import SessionAuth

from sieve.accounts.models import Profile

__all__ = ["swift"]

swift = NinjaAPI(title="The market", docs_url=None, urls_namespace="swift")


@swift.post("/avatar/", auth=SessionAuth(csrf=False))  # hole: forgery-ninja
def avatar(request: HttpRequest, name: str = Form(...)) -> dict[str, str]:
    """Name the visitor's picture."""
    Profile.objects.filter(owner=request.user).update(avatar=name)
    return {"avatar": name}


@swift.post("/image/", auth=SessionAuth(csrf=True))  # twin: forgery-ninja
def image(request: HttpRequest, name: str = Form(...)) -> dict[str, str]:
    """Name the visitor's image."""
    Profile.objects.filter(owner=request.user).update(avatar=name)
    return {"avatar": name}
