"""The seam by which ``CSRF_USE_SESSIONS`` works though the fence stands outside the sessions.

Django's CSRF middleware stands inside the session middleware, where it reads the secret from the
session and writes it back. The fence stands first in MIDDLEWARE: before it there is no session
yet, and after it the session has been saved. So reading and writing happen where the session
begins and ends: in ``SessionMiddleware.process_request`` and ``process_response``.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware

from ringfence.seams.csrf import TokenCheck

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

__all__ = ["install"]


def install() -> None:
    """Put the seam into Django's session middleware, once."""
    if getattr(SessionMiddleware.process_request, "ringfence_seam", False):
        return
    check = TokenCheck(_no_response)
    SessionMiddleware.process_request = _reading(  # type: ignore[method-assign]
        SessionMiddleware.process_request, check
    )
    SessionMiddleware.process_response = _writing(  # type: ignore[method-assign]
        SessionMiddleware.process_response, check
    )


def _no_response(request: HttpRequest) -> HttpResponseBase:
    raise AssertionError("the check is asked for its verdict only")  # pragma: no cover


def _concerns(request: HttpRequest) -> bool:
    state = getattr(request, "_ringfence", None)
    return bool(settings.CSRF_USE_SESSIONS and state is not None and state.csrf_on)


def _reading(original: Callable[..., Any], check: TokenCheck) -> Callable[..., Any]:
    @functools.wraps(original)
    def process_request(self: SessionMiddleware, request: HttpRequest) -> Any:
        answer = original(self, request)
        if _concerns(request):
            check.process_request(request)
        return answer

    process_request.ringfence_seam = True  # type: ignore[attr-defined]  # how install() knows
    return process_request


def _writing(original: Callable[..., Any], check: TokenCheck) -> Callable[..., Any]:
    @functools.wraps(original)
    def process_response(
        self: SessionMiddleware, request: HttpRequest, response: HttpResponseBase
    ) -> Any:
        if _concerns(request) and hasattr(request, "session"):
            check.process_response(request, response)
        return original(self, request, response)

    return process_response
