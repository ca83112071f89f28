"""What a refused request is answered with: a page for the visitor, a record for the developer."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse
from django.utils.html import escape
from django.utils.translation import get_language, gettext

from ringfence.signals import request_refused

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from ringfence.reason import Reason

__all__ = ["announce", "refusal_page"]

logger = logging.getLogger("ringfence")

#: The page has no script, style, image or form, so it runs under the strictest policy there is.
PAGE_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="robots" content="noindex, nofollow">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>403 {title}</title>
</head>
<body>
<h1>{title} <small>(403)</small></h1>
<p>{message}</p>
{details}</body>
</html>
"""

_pages: dict[tuple[str, str], bytes] = {}


def refusal_page(message: str, reason: Reason) -> HttpResponse:
    """Return a 403 answer that says ``message``, a message id of Django's catalogue.

    Strangers see no reason. With DEBUG the reason and its hint stand below the message.
    The page is put together once for each language and message.
    """
    language = get_language() or settings.LANGUAGE_CODE
    if settings.DEBUG:
        body = _render(message, language, reason)
    else:
        key = (language, message)
        prepared = _pages.get(key)
        if prepared is None:
            prepared = _pages[key] = _render(message, language, None)
        body = prepared
    response = HttpResponse(body, status=403, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = PAGE_POLICY
    response.headers["Cache-Control"] = "no-store"
    return response


def _render(message: str, language: str, reason: Reason | None) -> bytes:
    details = ""
    if reason is not None:
        details = (
            f"<h2>Why</h2>\n<p>{escape(reason)}</p>\n"
            f"<p>{escape(reason.hint)}</p>\n"
            "<p>This part is shown because DEBUG is True.</p>\n"
        )
    return _PAGE.format(
        language=escape(language),
        title=escape(gettext("Forbidden")),
        message=escape(gettext(message)),
        details=details,
    ).encode()


def _escaped(text: str) -> str:
    return text.encode("unicode_escape").decode("ascii")


def announce(
    ring: str,
    request: HttpRequest,
    reason: Reason,
    *,
    response: HttpResponseBase | None,
    log: logging.Logger,
    refused: bool | None = None,
) -> None:
    """Write the log record and send the signal for a refusal.

    ``response`` is the answer; None where there is none yet, and then ``refused`` says whether
    there will be (by default the refusal was only reported).

    The path is the stranger's, and so may parts of the reason be: both are escaped to ASCII
    before they reach a log line.
    """
    refused = response is not None if refused is None else refused
    log.warning(
        "Forbidden (%s): %s" if refused else "Would be forbidden (%s): %s",
        _escaped(f"{reason} {reason.hint}".rstrip()),
        _escaped(request.path),
        extra={
            "status_code": 403 if refused else None,
            "request": request,
            "reason": reason,
            "ring": ring,
        },
    )
    if response is not None:
        # Django's handler would log every 403 again.
        response._has_been_logged = True  # type: ignore[attr-defined]  # read by log_response
    if request_refused.receivers:
        _send(ring, request, reason, report_only=not refused)


def _send(ring: str, request: HttpRequest, reason: Reason, *, report_only: bool) -> None:
    try:
        answers = request_refused.send_robust(
            sender=ring, request=request, reason=reason, report_only=report_only
        )
    except RuntimeError:
        # Coroutines among the receivers, and a decorator that refused within an event loop.
        logger.exception("The receivers of request_refused could not be told of a refusal.")
        return
    for receiver, result in answers:
        if isinstance(result, Exception):
            logger.error("A receiver of request_refused failed: %r", receiver, exc_info=result)
