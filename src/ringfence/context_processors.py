"""Template context: the nonce under the name that Django 6 gives it, for Django 5.2 too."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import HttpRequest

__all__ = ["csp"]


def csp(request: HttpRequest) -> dict[str, object]:
    """Add ``csp_nonce``: the response's nonce, None where no CSP ring is on."""
    return {"csp_nonce": getattr(request, "csp_nonce", None)}
