"""One middleware for every ring, and each ring alone under the name of what it replaces.

:class:`RingfenceMiddleware` reads the request, asks the rings, and writes the response. It runs
the same in a synchronous and in an asynchronous stack, where it takes no thread of its own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.core.handlers.exception import response_for_exception
from django.core.signals import setting_changed

from ringfence import conf, current, seams
from ringfence.guard import Guard
from ringfence.rings.csrf.policy import SAFE_METHODS
from ringfence.signals import request_refused
from ringfence.standalone.clickjacking import XFrameOptionsMiddleware
from ringfence.standalone.cors import CorsMiddleware
from ringfence.standalone.csp import ContentSecurityPolicyMiddleware
from ringfence.standalone.csrf import CsrfViewMiddleware
from ringfence.standalone.security import SecurityMiddleware

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from ringfence.state import RequestState

__all__ = [
    "ContentSecurityPolicyMiddleware",
    "CorsMiddleware",
    "CsrfViewMiddleware",
    "RingfenceMiddleware",
    "SecurityMiddleware",
    "XFrameOptionsMiddleware",
]

_guard: Guard | None = None


def _make_guard() -> Guard:
    """Make the guard of the current fence, for all instances and requests.

    :raises ImproperlyConfigured: where the fence may not serve.
    """
    global _guard
    guard = _guard = Guard(conf.require())
    return guard


def _drop_guard(**_kwargs: object) -> None:
    global _guard
    _guard = None


setting_changed.connect(_drop_guard, dispatch_uid="ringfence.middleware")


class RingfenceMiddleware:
    """Every ring at once. Stands first in ``MIDDLEWARE``.

    :raises django.core.exceptions.ImproperlyConfigured: when it is made with a configuration
        that ringfence refuses, with every error at once. Nothing is served then.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        conf.require()
        seams.install()
        self.get_response = get_response
        self.async_mode = iscoroutinefunction(get_response)
        if self.async_mode:
            markcoroutinefunction(self)
            # Django adapts a hook by what it is: a coroutine function costs no thread.
            # A subclass that brings a hook of its own keeps it.
            if type(self).process_view is RingfenceMiddleware.process_view:
                self.process_view = self._process_view_async  # type: ignore[method-assign, assignment]

    def __call__(self, request: HttpRequest) -> Any:
        """Return the response, or in an event loop the coroutine that does."""
        if self.async_mode:
            return self.__acall__(request)
        guard = _guard or _make_guard()
        token = current.publish(request) if guard.publishes else None
        try:
            return self._answer(guard, request)
        finally:
            if token is not None:
                current.withdraw(token)

    def _answer(self, guard: Guard, request: HttpRequest) -> HttpResponseBase:
        try:
            response = guard.before(request)
        except Exception as exception:  # noqa: BLE001 - Django's handler answers, we add headers
            response = response_for_exception(request, exception)
        state: RequestState = request._ringfence  # type: ignore[attr-defined]  # set by `before`
        if response is None:
            if state.is_preflight:
                response = self._preflight(guard, request, state)
            if response is None:
                response = self.get_response(request)
                if state.foreign_site is not None and request.resolver_match is None:
                    response = self._late_refusal(guard, request, state) or response
        if state.cors_allowed is None and guard.cors.concerns(request, state):
            _judge(guard, request, state)
        return guard.after(request, response, state)

    async def __acall__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the response, in an event loop."""
        guard = _guard or _make_guard()
        token = current.publish(request) if guard.publishes else None
        try:
            return await self._answer_async(guard, request)
        finally:
            if token is not None:
                current.withdraw(token)

    async def _answer_async(self, guard: Guard, request: HttpRequest) -> HttpResponseBase:
        try:
            response = guard.before(request)
        except Exception as exception:  # noqa: BLE001 - Django's handler answers, we add headers
            response = await sync_to_async(response_for_exception, thread_sensitive=False)(
                request, exception
            )
        state: RequestState = request._ringfence  # type: ignore[attr-defined]  # set by `before`
        if response is None:
            if state.is_preflight and guard.cors.resolve_preflight(request, state):
                await self._judge_async(guard, request, state)
                response = guard.cors.answer_preflight(request, state)
            if response is None:
                response = await self.get_response(request)
                if state.foreign_site is not None and request.resolver_match is None:
                    info = guard.cors.unresolved_view(request, state)
                    if info is not None:
                        await self._judge_async(guard, request, state)
                        response = await _heard(guard.refuses_resource)(request, state, info) or (
                            response
                        )
        if state.cors_allowed is None and guard.cors.concerns(request, state):
            await self._judge_async(guard, request, state)
        return guard.after(request, response, state)

    @staticmethod
    def _preflight(
        guard: Guard, request: HttpRequest, state: RequestState
    ) -> HttpResponseBase | None:
        if not guard.cors.resolve_preflight(request, state):
            return None
        _judge(guard, request, state)
        return guard.cors.answer_preflight(request, state)

    @staticmethod
    def _late_refusal(
        guard: Guard, request: HttpRequest, state: RequestState
    ) -> HttpResponseBase | None:
        """Ask the isolation ring of what was answered before its view: a page out of a cache."""
        info = guard.cors.unresolved_view(request, state)
        if info is None:
            return None
        _judge(guard, request, state)
        return guard.refuses_resource(request, state, info)

    @staticmethod
    async def _judge_async(guard: Guard, request: HttpRequest, state: RequestState) -> None:
        origin = guard.cors.judge_origin(request, state)
        if origin is not None:
            await guard.cors.ask_site_async(request, state, origin)

    def process_view(
        self,
        request: HttpRequest,
        callback: Callable[..., Any],
        callback_args: tuple[Any, ...],
        callback_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """Decide what only the resolved view can say: exemption, its CORS policy, isolation."""
        state: RequestState = request._ringfence  # type: ignore[attr-defined]  # set by `before`
        guard = state.guard
        if request.method not in SAFE_METHODS and state.csrf is None and guard.csrf is not None:
            guard.judge_sender(request, state)  # a middleware within the fence made it a POST
        try:
            info = guard.views.known[callback]
        except (KeyError, TypeError):  # not seen yet, or not hashable
            info = guard.views.info(callback)
        if not (state.waits_for_view or info.cors or guard.cors.depends):
            return None
        if guard.cors.find(request, state, info):
            _judge(guard, request, state)
            if state.is_preflight:
                return guard.cors.answer_preflight(request, state)
        refusal = guard.refuses_resource(request, state, info)
        if refusal is not None:
            return refusal
        if state.csrf is None:
            return None
        reason = guard.csrf_reason(request, state, callback)
        return None if reason is None else guard.deny(request, reason)

    async def _process_view_async(
        self,
        request: HttpRequest,
        callback: Callable[..., Any],
        callback_args: tuple[Any, ...],
        callback_kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        state: RequestState = request._ringfence  # type: ignore[attr-defined]  # set by `before`
        guard = state.guard
        if request.method not in SAFE_METHODS and state.csrf is None and guard.csrf is not None:
            guard.judge_sender(request, state)  # a middleware within the fence made it a POST
        try:
            info = guard.views.known[callback]
        except (KeyError, TypeError):  # not seen yet, or not hashable
            info = guard.views.info(callback)
        if not (state.waits_for_view or info.cors or guard.cors.depends):
            return None
        if guard.cors.find(request, state, info):
            await self._judge_async(guard, request, state)
            if state.is_preflight:
                return guard.cors.answer_preflight(request, state)
        refusal: HttpResponseBase | None = await _heard(guard.refuses_resource)(
            request, state, info
        )
        if refusal is not None:
            return refusal
        if state.csrf is None:
            return None
        if guard.token_check_may_block(request, state):
            reason = await sync_to_async(guard.csrf_reason)(request, state, callback)
        else:
            reason = await _heard(guard.csrf_reason)(request, state, callback)
        if reason is None:
            return None
        if guard.denial.is_prepared:
            denied: HttpResponseBase = await _heard(guard.deny)(request, reason)
            return denied
        return await sync_to_async(guard.deny)(request, reason)


def _heard(step: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
    """Return a step that may announce a refusal, fit for an event loop.

    Receivers of the signal may be coroutines, or ask the database: then it gets a thread.
    """
    if request_refused.receivers:
        return sync_to_async(step)

    async def directly(*args: Any) -> Any:
        return step(*args)

    return directly


def _judge(guard: Guard, request: HttpRequest, state: RequestState) -> None:
    origin = guard.cors.judge_origin(request, state)
    if origin is not None:
        guard.cors.ask_site(request, state, origin)
