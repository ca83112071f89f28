"""How one view departs from the site's isolation: sync, async, and class-based views.

A class is changed in place, as Django's ``method_decorator(..., name="dispatch")`` does it.
"""

from __future__ import annotations

import difflib
import functools
from collections.abc import Awaitable, Callable, Collection
from inspect import isawaitable
from typing import Any, TypeVar, cast

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.core.exceptions import ImproperlyConfigured
from django.http.response import HttpResponseBase

from ringfence.finding import quote
from ringfence.rings.isolation.policy import COEP_VALUES, COOP_VALUES, CORP_VALUES

__all__ = ["cross_site_allowed", "embedder_policy", "opener_policy", "resource_policy"]

#: The attribute by which the middleware knows a view that is open to other sites.
CROSS_SITE = "_ringfence_cross_site"

View = TypeVar("View", bound=Callable[..., Any])


def cross_site_allowed(view: View) -> View:
    """Let other sites use a view as a resource or frame it, with the visitor's session.

    Needed where the session cookie is ``SameSite=None`` and another site embeds the view. CORP,
    CORS and ``frame-ancestors`` still hold; see :func:`resource_policy`.

    :raises ImproperlyConfigured: for what is no view.
    """
    if not callable(view):
        raise ImproperlyConfigured(
            f"@cross_site_allowed got {quote(view)}, which is no view. Write it without brackets."
        )
    if not isinstance(view, type):
        view = cast("View", _wrapped(view, _nothing))
    setattr(view, CROSS_SITE, True)
    return view


def resource_policy(value: str) -> Callable[[View], View]:
    """Send ``Cross-Origin-Resource-Policy: value`` with a view (Fetch, section 3.7).

    :raises ImproperlyConfigured: for a value other than ``same-origin``, ``same-site`` and
        ``cross-origin``.
    """
    return _header("resource_policy", "Cross-Origin-Resource-Policy", value, CORP_VALUES)


def opener_policy(value: str) -> Callable[[View], View]:
    """Send ``Cross-Origin-Opener-Policy: value`` with a view (HTML, section 7.1.3).

    :raises ImproperlyConfigured: for a value that browsers do not know.
    """
    return _header("opener_policy", "Cross-Origin-Opener-Policy", value, COOP_VALUES)


def embedder_policy(value: str) -> Callable[[View], View]:
    """Send ``Cross-Origin-Embedder-Policy: value`` with a view (HTML, section 7.1.4).

    :raises ImproperlyConfigured: for a value that browsers do not know.
    """
    return _header("embedder_policy", "Cross-Origin-Embedder-Policy", value, COEP_VALUES)


def _nothing(_response: HttpResponseBase) -> None:
    """Leave the response as it is: the mark on the view says everything."""


def _header(
    decorator: str, name: str, value: object, known: Collection[str]
) -> Callable[[View], View]:
    if not isinstance(value, str) or value not in known:
        near = difflib.get_close_matches(value, known, n=1) if isinstance(value, str) else []
        fix = f'Did you mean "{near[0]}"?' if near else f"Known are {', '.join(sorted(known))}."
        raise ImproperlyConfigured(f"@{decorator} got {quote(value)}. {fix}")

    def add(response: HttpResponseBase) -> None:
        # What the view itself wrote holds.
        response.headers.setdefault(name, value)

    def decorate(view: View) -> View:
        if not isinstance(view, type):
            return cast("View", _wrapped(view, add))
        dispatch = getattr(view, "dispatch", None)
        if not callable(dispatch):
            raise ImproperlyConfigured(
                f"@{decorator} got {quote(view)}, which is no class-based view."
            )
        view.dispatch = _wrapped(dispatch, add)  # type: ignore[attr-defined]
        return cast("View", view)

    return decorate


def _wrapped(
    view: Callable[..., Any], then: Callable[[HttpResponseBase], None]
) -> Callable[..., Any]:
    @functools.wraps(view)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        response = view(*args, **kwargs)
        # A class-based view with async handlers has a plain dispatch() that returns a coroutine.
        if isawaitable(response):
            return _later(response, then)
        then(response)
        return response

    if iscoroutinefunction(view):
        markcoroutinefunction(wrapper)
    return wrapper


async def _later(
    response: Awaitable[HttpResponseBase], then: Callable[[HttpResponseBase], None]
) -> HttpResponseBase:
    answer = await response
    then(answer)
    return answer
