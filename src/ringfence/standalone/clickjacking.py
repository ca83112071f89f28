"""Django's XFrameOptionsMiddleware under ringfence's name, for moving in ring by ring.

It answers as Django's does, without a thread of its own under ASGI. Beside
:class:`~ringfence.middleware.RingfenceMiddleware` it leaves the header to the isolation ring.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.middleware.clickjacking import XFrameOptionsMiddleware as DjangoXFrameOptionsMiddleware

from ringfence.standalone._native import NativeAsync, fence_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

__all__ = ["XFrameOptionsMiddleware"]


class XFrameOptionsMiddleware(NativeAsync, DjangoXFrameOptionsMiddleware, native=True):
    """In place of ``django.middleware.clickjacking.XFrameOptionsMiddleware``."""

    hooks = ("process_response", "get_xframe_options_value")

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Add the header, as Django does.

        A subclass that chooses the value itself keeps its say beside the fence, which takes it
        for the view's own.
        """
        fence = fence_of(request)
        if (
            fence is not None
            and fence.is_on("isolation")
            and not self.overrides("get_xframe_options_value")
        ):
            return response
        return super().process_response(request, response)
