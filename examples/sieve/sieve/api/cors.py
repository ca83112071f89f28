"""Which pages of others may read the API with the visitor's cookies.

Each rule is one that somebody has found good enough. The careful ones compare the whole origin with
a list, as strings: a browser sends it in one spelling only.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.cache import patch_vary_headers

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    View = Callable[..., HttpResponse]
    Rule = Callable[[str, str], bool]

__all__ = ["granted", "grants"]


def grants(rule: Rule) -> Callable[[View], View]:
    """Let the origins that ``rule(origin, host)`` accepts read the view's answers."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            response = view(request, *args, **kwargs)
            return granted(request, response, rule)

        return wrapped

    return decorate


def granted(request: HttpRequest, response: HttpResponse, rule: Rule) -> HttpResponse:
    """Return the response with the headers of CORS, if the rule accepts the origin."""
    origin = request.headers.get("Origin", "")
    patch_vary_headers(response, ["Origin"])
    if origin and rule(origin, request.get_host().partition(":")[0]):
        response["Access-Control-Allow-Origin"] = origin
        response["Access-Control-Allow-Credentials"] = "true"
    return response


def _host(origin: str) -> str:
    return urlsplit(origin).hostname or ""


def anybody(_origin: str, _host: str) -> bool:
    """Accept every origin."""
    return True  # hole: read-reflected


def partners(origin: str, _host: str) -> bool:
    """Accept the partners."""
    return origin in settings.MARKET_PARTNERS  # twin: read-reflected


def or_null(origin: str, _host: str) -> bool:
    """Accept the partners, and pages opened from a disk while developing."""
    return origin == "null" or origin in settings.MARKET_PARTNERS  # hole: read-null


def not_null(origin: str, _host: str) -> bool:
    """Accept the partners."""
    return origin != "null" and origin in settings.MARKET_PARTNERS  # twin: read-null


def by_name(origin: str, host: str) -> bool:
    """Accept the market's host, whatever stands before it."""
    return _host(origin) == host  # hole: read-http


def by_origin(origin: str, host: str) -> bool:
    """Accept the market's host over https, on the port that https has."""
    return origin == f"https://{host}"  # twin: read-http


def by_suffix(origin: str, host: str) -> bool:
    """Accept hosts that end like the market's."""
    return origin.startswith("https:") and _host(origin).endswith(host)  # hole: read-suffix


def by_label(origin: str, host: str) -> bool:
    """Accept the market's wholesale."""
    return origin == f"https://wholesale.{host}"  # twin: read-suffix


def by_prefix(origin: str, host: str) -> bool:
    """Accept origins that begin like the market's."""
    return origin.startswith(f"https://{host}")  # hole: read-prefix


def by_all(origin: str, host: str) -> bool:
    """Accept the market's own origin and that of its staff."""
    return origin in {f"https://{host}", f"https://staff.{host}"}  # twin: read-prefix


def siblings(origin: str, host: str) -> bool:
    """Accept every host below the market's: the stalls' own pages live there, too."""
    return origin.startswith("https:") and _host(origin).endswith(f".{host}")  # hole: read-sibling


def one_sibling(origin: str, host: str) -> bool:
    """Accept the market's accounting."""
    return origin == f"https://accounts.{host}"  # twin: read-sibling
