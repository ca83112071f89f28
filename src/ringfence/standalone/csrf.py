"""Django's CSRF middleware under ringfence's name, for moving in ring by ring."""

from __future__ import annotations

from django.middleware.csrf import CsrfViewMiddleware as DjangoCsrfViewMiddleware

__all__ = ["CsrfViewMiddleware"]


class CsrfViewMiddleware(DjangoCsrfViewMiddleware):
    """In place of ``django.middleware.csrf.CsrfViewMiddleware``, whose answers it gives.

    Beside :class:`~ringfence.middleware.RingfenceMiddleware` the seam in
    :mod:`ringfence.seams.csrf` lets it reach the fence's verdict, and nothing is done twice: what
    was accepted is marked on the request, and a cookie that was sent is not sent again.
    """
