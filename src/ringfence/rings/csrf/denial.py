"""The answer to a denied request: the site's own failure view, or a page prepared once."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from django.conf import settings
from django.http.response import HttpResponseBase
from django.template import TemplateDoesNotExist, loader
from django.urls import get_callable
from django.views.csrf import CSRF_FAILURE_TEMPLATE_NAME, csrf_failure

from ringfence.refusal import refusal_page

if TYPE_CHECKING:
    from django.http import HttpRequest

    from ringfence.rings.csrf.reasons import CsrfReason

__all__ = ["Denial"]

DJANGO_VIEW = "django.views.csrf.csrf_failure"
MESSAGE = "CSRF verification failed. Request aborted."


class Denial:
    """Answers denied requests. Looks once whether the site has a page of its own.

    ``CSRF_FAILURE_VIEW`` is called with ``reason``, a string that is a typed reason; the template
    ``403_csrf.html`` is rendered by Django's view. Without either no template is touched.
    """

    def __init__(self) -> None:
        self._own_page: bool | None = None

    @property
    def is_prepared(self) -> bool:
        """Whether the prepared page answers (nothing of the site's is called or rendered)."""
        if self._own_page is None:
            self._own_page = settings.CSRF_FAILURE_VIEW != DJANGO_VIEW or _has_template()
        return not self._own_page

    def respond(self, request: HttpRequest, reason: CsrfReason) -> HttpResponseBase:
        """Return the answer."""
        if self.is_prepared:
            return refusal_page(MESSAGE, reason)
        if settings.CSRF_FAILURE_VIEW == DJANGO_VIEW:
            return csrf_failure(request, reason=reason)
        return cast(
            "HttpResponseBase", get_callable(settings.CSRF_FAILURE_VIEW)(request, reason=reason)
        )


def _has_template() -> bool:
    try:
        loader.get_template(CSRF_FAILURE_TEMPLATE_NAME)
    except TemplateDoesNotExist:
        return False
    return True
