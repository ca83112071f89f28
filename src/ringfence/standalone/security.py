"""Django's SecurityMiddleware under ringfence's name, for moving in ring by ring.

It reads the settings and answers as Django's does, without a thread of its own under ASGI. Beside
:class:`~ringfence.middleware.RingfenceMiddleware` it leaves to the fence what the fence does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.middleware.security import SecurityMiddleware as DjangoSecurityMiddleware

from ringfence.standalone._native import NativeAsync, fence_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

__all__ = ["SecurityMiddleware"]

COOP = "Cross-Origin-Opener-Policy"


class SecurityMiddleware(NativeAsync, DjangoSecurityMiddleware, native=True):
    """In place of ``django.middleware.security.SecurityMiddleware``."""

    hooks = ("process_request", "process_response")
    cross_origin_opener_policy: str | None  # Django's __init__ reads it; its stubs lack it

    def process_request(self, request: HttpRequest) -> HttpResponsePermanentRedirect | None:
        """Redirect to https, as Django does."""
        fence = fence_of(request)
        if fence is not None and fence.is_on("transport"):
            return None
        return super().process_request(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Add the headers, as Django does."""
        fence = fence_of(request)
        if fence is None:
            return super().process_response(request, response)
        # COOP belongs to the isolation ring, the other headers to the transport ring; either may
        # be switched off.
        if not fence.is_on("transport"):
            had_coop = COOP in response.headers
            response = super().process_response(request, response)
            if fence.is_on("isolation") and not had_coop and COOP in response.headers:
                del response.headers[COOP]
        elif not fence.is_on("isolation") and self.cross_origin_opener_policy:
            response.headers.setdefault(COOP, self.cross_origin_opener_policy)
        return response
