"""How one view departs from the site's Content Security Policy.

The decorators take function views, sync and async, and class-based ones. They leave the view's
policies on the response, as tuples of :class:`~ringfence.rings.csp.model.CspPolicy`: in
``_ringfence_csp`` those to enforce, in ``_ringfence_csp_ro`` those to report on; an empty tuple
stands for none.
"""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import Any, TypeVar, cast

from asgiref.sync import iscoroutinefunction
from django.core.exceptions import ImproperlyConfigured
from django.utils.decorators import method_decorator

from ringfence.finding import Findings
from ringfence.rings.csp.model import CspPolicy
from ringfence.rings.csp.parse import parse_policies

__all__ = ["csp", "csp_exempt", "csp_report_only"]

_View = TypeVar("_View", bound=Callable[..., Any])

ENFORCE = "_ringfence_csp"
REPORT_ONLY = "_ringfence_csp_ro"


def csp(policy: object) -> Callable[[_View], _View]:
    """Enforce ``policy`` on one view, in place of the site's.

    ``policy`` is a preset's name, a dict of directives (which may extend a preset by its key
    ``"preset"``), a list of those, or False for none.

    :raises ImproperlyConfigured: where the view is decorated, with every error of the policy.

    >>> @csp({"preset": "strict", "img-src": ["'self'", "data:"]})
    ... def view(request): ...
    """
    return _setting({ENFORCE: _policies(policy, "@csp", report_only=False)})


def csp_report_only(policy: object) -> Callable[[_View], _View]:
    """Have browsers report on ``policy`` for one view, in place of the site's report-only ones.

    Takes and raises what :func:`csp` does.

    >>> @csp_report_only("strict")
    ... def view(request): ...
    """
    return _setting({REPORT_ONLY: _policies(policy, "@csp_report_only", report_only=True)})


def csp_exempt() -> Callable[[_View], _View]:
    """Send no policy with one view's responses, neither enforced nor report-only.

    A page without a policy shares its origin with all others: a script that is injected into it
    reads them all.

    >>> @csp_exempt()
    ... def view(request): ...
    """
    return _setting({ENFORCE: (), REPORT_ONLY: ()})


def _policies(policy: object, setting: str, *, report_only: bool) -> tuple[CspPolicy, ...]:
    findings = Findings()
    policies = parse_policies(policy, findings, setting, report_only=report_only)
    if findings.errors:
        raise ImproperlyConfigured("\n".join(map(str, findings.errors)))
    return policies


def _setting(attributes: dict[str, tuple[CspPolicy, ...]]) -> Callable[[_View], _View]:
    def mark(response: Any) -> Any:
        for name, policies in attributes.items():
            setattr(response, name, policies)
        return response

    async def mark_later(response: Awaitable[Any]) -> Any:
        return mark(await response)

    def decorate_function(view: Callable[..., Any]) -> Callable[..., Any]:
        if iscoroutinefunction(view):

            @functools.wraps(view)
            async def async_view(*args: Any, **kwargs: Any) -> Any:
                return mark(await view(*args, **kwargs))

            return async_view

        @functools.wraps(view)
        def sync_view(*args: Any, **kwargs: Any) -> Any:
            response = view(*args, **kwargs)
            # The dispatch() of a class-based view is no coroutine function, yet it returns a
            # coroutine when the view's handlers are async.
            return mark_later(response) if isawaitable(response) else mark(response)

        return sync_view

    def decorate(view: _View) -> _View:
        if isinstance(view, type):
            return cast("_View", method_decorator(decorate_function, name="dispatch")(view))
        return cast("_View", decorate_function(view))

    return decorate
