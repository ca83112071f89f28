"""The seam by which every CSRF check of Django's reaches the fence's verdict.

Django's ``csrf_protect`` (and with it the admin and the auth views), Django REST framework's
``CSRFCheck`` and django-ninja's ``check_csrf`` are wired to Django's middleware class: each makes
an instance or a subclass and calls ``process_view``. django-ninja also resets
``request.csrf_processing_done``. So the one place where all of them can be met is that method.
Where a request carries a verdict of the fence, it holds; where it carries none, or the verdict
leaves it to the token, Django's own method runs.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.middleware.csrf import CsrfViewMiddleware

from ringfence.refusal import announce
from ringfence.rings.csrf.policy import Outcome
from ringfence.rings.csrf.reasons import TokenRejected

if TYPE_CHECKING:
    from django.http import HttpRequest

    from ringfence.rings.csrf.policy import Verdict

__all__ = ["TokenCheck", "install"]

#: What a stranger may know.
GENERIC = "CSRF verification failed."

csrf_log = logging.getLogger("django.security.csrf")
_django_reject = CsrfViewMiddleware._reject  # type: ignore[attr-defined]  # missing in the stubs


def install() -> None:
    """Put the seam into Django's class, once."""
    method = CsrfViewMiddleware.process_view
    if getattr(method, "ringfence_seam", False):
        return
    CsrfViewMiddleware.process_view = _with_verdict(method)  # type: ignore[method-assign]


def _with_verdict(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def process_view(
        self: CsrfViewMiddleware,
        request: HttpRequest,
        callback: Callable[..., Any] | None,
        callback_args: tuple[Any, ...],
        callback_kwargs: dict[str, Any],
    ) -> Any:
        state = getattr(request, "_ringfence", None)
        verdict: Verdict | None = None if state is None else state.csrf
        if verdict is None or verdict.outcome is Outcome.TOKEN:
            return original(self, request, callback, callback_args, callback_kwargs)
        if getattr(request, "csrf_processing_done", False):
            return None
        if getattr(callback, "csrf_exempt", False):
            return None
        if verdict.outcome is Outcome.ALLOW or getattr(request, "_dont_enforce_csrf_checks", False):
            return self._accept(request)  # type: ignore[attr-defined]  # missing in the stubs
        return _reject(self, request, state, verdict)

    process_view.ringfence_seam = True  # type: ignore[attr-defined]  # how install() knows
    return process_view


def _reject(check: Any, request: HttpRequest, state: Any, verdict: Verdict) -> Any:
    """Deny as the fence does; a subclass that answers in its own way is told what strangers are.

    Django REST framework shows the reason it is given to whoever asked.
    """
    assert verdict.reason is not None
    if type(check)._reject is _django_reject:
        return state.guard.deny(request, verdict.reason)
    answer = check._reject(request, verdict.reason if settings.DEBUG else GENERIC)
    if answer is not None:  # ensure_csrf_cookie and its like never deny
        announce("csrf", request, verdict.reason, response=None, log=csrf_log, refused=True)
    return answer


class TokenCheck(CsrfViewMiddleware):
    """Django's token and Referer check, asked directly."""

    def refusal(self, request: HttpRequest) -> TokenRejected | None:
        """Return why the check refuses ``request``, None where it accepts."""
        reason: Any = self.process_view(request, None, (), {})  # type: ignore[arg-type]  # no view
        return cast("TokenRejected | None", reason)

    def _reject(self, request: HttpRequest, reason: str) -> TokenRejected:
        return TokenRejected(
            reason.encode("unicode_escape").decode("ascii"),
            "The browser sent neither Sec-Fetch-Site nor Origin, or its origin is one of "
            "CSRF_TRUSTED_ORIGINS, so Django's token had to decide.",
        )
