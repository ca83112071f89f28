"""Help, news, and small pages whose scripts do the work."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING
from urllib.parse import unquote

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

if TYPE_CHECKING:
    from collections.abc import Callable

    View = Callable[..., HttpResponse]

#: What the news agency's job leaves for the pages that show it.
NEWS = "headlines"


def opened_by_others(view: View) -> View:
    """Let pages of others keep a handle of the window that they open the view in."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Cross-Origin-Opener-Policy"] = "unsafe-none"
        return response

    return wrapped


def index(request: HttpRequest) -> HttpResponse:
    """Show what there is."""
    return render(request, "pages/index.html")


def about_topic(request: HttpRequest, topic: str) -> HttpResponse:
    """Say that there is no help on a topic."""
    return render(request, "pages/no_help.html", {"topic": topic}, status=404)


def guide(request: HttpRequest, topic: str) -> HttpResponse:
    """Say that there is no guide to a topic."""
    return render(request, "pages/no_guide.html", {"topic": topic}, status=404)


def came_from(request: HttpRequest) -> HttpResponse:
    """Say where the visitor came from."""
    came = unquote(request.headers.get("Referer", ""))
    return render(request, "pages/came_from.html", {"came": came})


def arrived(request: HttpRequest) -> HttpResponse:
    """Say where the visitor came from."""
    came = unquote(request.headers.get("Referer", ""))
    return render(request, "pages/arrived.html", {"came": came})


def news(template: str) -> View:
    """Return a view of what the news agency sent."""

    def view(request: HttpRequest) -> HttpResponse:
        return render(request, template, {"headline": cache.get(NEWS, "Nothing new.")})

    return view


def script(template: str) -> View:
    """Return a view of a page whose script does the work."""

    def view(request: HttpRequest) -> HttpResponse:
        return render(request, template)

    return view


@opened_by_others
@login_required
def connect(request: HttpRequest) -> HttpResponse:
    """Tell the page that opened the window who is there."""
    return render(request, "pages/connect.html", {"profile": request.user.profile})


@login_required
def attach(request: HttpRequest) -> HttpResponse:
    """Tell the market's page that opened the window who is there."""
    return render(request, "pages/attach.html", {"profile": request.user.profile})
