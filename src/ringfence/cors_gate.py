"""The CORS ring at work: which policy a request meets, what it answers, and what it writes."""

from __future__ import annotations

import contextlib
import functools
import logging
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

from asgiref.sync import async_to_sync, iscoroutinefunction, sync_to_async
from django.http import HttpResponse
from django.urls import Resolver404, resolve
from django.utils.module_loading import import_string

from ringfence.origin import Origin, OriginError
from ringfence.rings.cors.policy import CorsPolicy
from ringfence.signals import check_request_enabled
from ringfence.store import vary_on

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from ringfence.departures import ViewInfo, Views
    from ringfence.fence import Fence
    from ringfence.headers import HeaderPlan
    from ringfence.state import RequestState
    from ringfence.store import Store

__all__ = ["CorsGate"]

logger = logging.getLogger("ringfence")

#: The policy of a site that says nothing of CORS but listens to the signal.
SIGNALLED = CorsPolicy()

_their_signal: Any = None
with contextlib.suppress(ImportError):
    from corsheaders.signals import check_request_enabled as _their_signal


class CorsGate:
    """Finds the policy of a request, judges its origin and writes the answer."""

    def __init__(self, fence: Fence, views: Views) -> None:
        self.site = fence.cors
        self.views = views
        self.listens = fence.cors_listens
        #: The site's one policy's headers, by origin.
        self._headers: dict[str, Store] = {}
        #: The one policy of every view that has none of its own; None where it depends.
        self.only: CorsPolicy | None = None
        self.depends = fence.cors is not None
        if fence.cors is not None and not (
            fence.cors.by_name or fence.cors.by_path or fence.cors.urls_regex
        ):
            self.only = fence.cors.default
            self.depends = False
        self.open = self.only is not None and is_open(self.only)
        #: What the prepared headers of every response vary on.
        self.vary = "Origin" if self.only is not None and self.only.varies else ""

    def resolve_preflight(self, request: HttpRequest, state: RequestState) -> bool:
        """Find the policy of the view that a preflight asks about. False: no view found yet."""
        # Without one, a later middleware may still change the language or the URL configuration,
        # so that the view is found after all; then `process_view` answers. Else it is a 404.
        return self.unresolved_view(request, state) is not None

    def unresolved_view(self, request: HttpRequest, state: RequestState) -> ViewInfo | None:
        """Find the view that a request would have reached, and its policy; None without one.

        For what is answered before its view is called: preflights, and pages out of a cache.
        """
        try:
            match = resolve(request.path_info, getattr(request, "urlconf", None))
        except Resolver404:
            return None
        info = self.views.info(match.func)
        self._set(request, state, info, match.view_name)
        return info

    def find(self, request: HttpRequest, state: RequestState, info: ViewInfo) -> bool:
        """Find the resolved view's policy; whether there is one, and an origin to judge by it."""
        if self.only is not None and not info.cors:
            state.cors = self.only
            state.cors_known = True
        else:
            match = request.resolver_match
            self._set(request, state, info, match.view_name if match is not None else None)
        return state.cors is not None and "HTTP_ORIGIN" in request.META

    def _set(
        self,
        request: HttpRequest,
        state: RequestState,
        info: ViewInfo,
        view_name: str | None,
    ) -> None:
        method = (
            request.META.get("HTTP_ACCESS_CONTROL_REQUEST_METHOD")
            if state.is_preflight
            else request.method
        )
        policy = info.cors_for(method or "")
        if policy is None:
            policy = self.only
        if policy is None and self.site is not None:
            policy = self.site.policy_for(request.path_info, view_name)
        if policy is None and self.signals_listen():
            policy = SIGNALLED
        state.cors = policy
        state.cors_known = True

    def policy_of(self, request: HttpRequest, state: RequestState) -> CorsPolicy | None:
        """Return the CORS policy of this request; of its path where no view was found."""
        if state.cors_known:
            return state.cors
        match = getattr(request, "resolver_match", None)
        if match is not None:
            self._set(request, state, self.views.info(match.func), match.view_name)
        elif self.unresolved_view(request, state) is None:
            if self.site is not None:
                state.cors = self.site.policy_for(request.path_info)
            if state.cors is None and self.signals_listen():
                state.cors = SIGNALLED
            state.cors_known = True
        return state.cors

    def signals_listen(self) -> bool:
        """Whether receivers have a say about origins."""
        return (
            bool(check_request_enabled.receivers or (_their_signal and _their_signal.receivers))
            and self.listens
        )

    def concerns(self, request: HttpRequest, state: RequestState) -> bool:
        """Whether this response needs more of CORS than the prepared headers have.

        Without an Origin, and with one policy for the whole site, they have it all; except where
        everyone is told ``*``: an answer that a cache keeps must say so too.
        """
        if (
            "HTTP_ORIGIN" in request.META
            or state.cors_known
            or self.depends
            or self.open
            or request.resolver_match is None
            or check_request_enabled.receivers
            or (_their_signal is not None and _their_signal.receivers)
        ):
            return self.policy_of(request, state) is not None
        return False

    def asks_site(self, state: RequestState) -> bool:
        """Whether the site's own code (a callable, a signal) has a say about the origin."""
        policy = state.cors
        return policy is not None and (policy.dynamic is not None or self._hears(policy))

    def _hears(self, policy: CorsPolicy) -> bool:
        """Whether receivers may widen ``policy``: the site's, never one of a path or a view."""
        widens = policy is SIGNALLED or (self.site is not None and policy is self.site.default)
        return widens and self.signals_listen()

    def judge_origin(self, request: HttpRequest, state: RequestState) -> str | None:
        """Judge ``Origin`` by the listed origins.

        Return the origin where the site's own code is left to ask, None where all is said.
        """
        origin: str | None = request.META.get("HTTP_ORIGIN")
        policy = state.cors
        if policy is None or origin is None or state.cors_allowed is not None:
            return None
        if state.own is not None and origin == state.own.text:
            # Fetch, "main fetch", step 12: what is same-origin asks nothing of CORS.
            state.cors_allowed = False
            return None
        state.cors_allowed = policy.allows(origin)
        if state.cors_allowed or not self.asks_site(state) or not _is_origin(origin):
            return None
        return origin

    def ask_site(self, request: HttpRequest, state: RequestState, origin: str) -> None:
        """Ask the site's callable and the signals' receivers about ``origin``."""
        policy = state.cors
        assert policy is not None
        dynamic: Any = resolve_origins(policy.dynamic)
        try:
            allowed: Any = False
            if dynamic is not None:
                allowed = dynamic(request, origin)
                if isawaitable(allowed):
                    allowed = async_to_sync(_awaited)(allowed)
            answers = [allowed]
            for signal in _signals() if self._hears(policy) else ():
                answers += [answer for _, answer in signal.send(sender=None, request=request)]
        except Exception:
            logger.exception("Asking whether an origin is allowed failed, so it is not.")
            answers = []
        state.cors_allowed = any(map(_is_yes, answers))

    async def ask_site_async(self, request: HttpRequest, state: RequestState, origin: str) -> None:
        """Like :meth:`ask_site`, in an event loop: what is synchronous gets a thread."""
        policy = state.cors
        assert policy is not None
        dynamic: Any = resolve_origins(policy.dynamic)
        try:
            allowed: Any = False
            if dynamic is not None:
                is_async = iscoroutinefunction(dynamic) or iscoroutinefunction(
                    getattr(dynamic, "__call__", None)  # noqa: B004 - it is asked what it is
                )
                ask = dynamic if is_async else sync_to_async(dynamic)
                allowed = await ask(request, origin)
                if isawaitable(allowed):
                    allowed = await allowed
            answers = [allowed]
            for signal in _signals() if self._hears(policy) else ():
                pairs = await signal.asend(sender=None, request=request)
                answers += [answer for _, answer in pairs]
        except Exception:
            logger.exception("Asking whether an origin is allowed failed, so it is not.")
            answers = []
        state.cors_allowed = any(map(_is_yes, answers))

    def answer_preflight(self, request: HttpRequest, state: RequestState) -> HttpResponse | None:
        """Answer a preflight whose policy and origin were judged; None where there is no policy."""
        policy = state.cors
        if policy is None:
            return None
        meta = request.META
        answer = policy.preflight(
            meta["HTTP_ORIGIN"],
            meta["HTTP_ACCESS_CONTROL_REQUEST_METHOD"],
            meta.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS"),
            meta.get("HTTP_ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK") == "true",
            bool(state.cors_allowed),
        )
        response = HttpResponse(status=answer.status, headers=dict(answer.headers))
        del response.headers["Content-Type"]
        response.headers["Content-Length"] = "0"
        if answer.vary:
            response.headers["Vary"] = ", ".join(answer.vary)
        state.cors = None  # answered: `after` has nothing to add
        # A refused preflight is the protocol at work, no event for the site's log.
        response._has_been_logged = True  # type: ignore[attr-defined]  # read by log_response
        return response

    def write(
        self,
        request: HttpRequest,
        response: HttpResponseBase,
        state: RequestState,
        policy: CorsPolicy,
        plan: HeaderPlan,
    ) -> None:
        """Write what ``policy`` says; the prepared headers have the site's ``Vary`` already."""
        if self.signals_listen() or (policy is not self.only and policy.varies):
            vary_on(response, "Origin")
        elif policy is not self.only:
            plan.drop_prepared_vary(response)
        if not (state.cors_allowed or is_open(policy)):
            return
        origin = request.META.get("HTTP_ORIGIN", "*")
        if policy is self.only:
            prepared = self._headers.get(origin)
            if prepared is None:
                prepared = _prepared(policy, origin)
                if origin in policy.rules.exact:  # of which there are only so many
                    self._headers[origin] = prepared
        else:
            prepared = _prepared(policy, origin)
        store = response.headers._store
        if "access-control-allow-origin" not in store:
            response.headers._store = {**prepared, **store}


def is_open(policy: CorsPolicy) -> bool:
    """Whether the policy tells everyone ``*``, whatever the request (Fetch, "CORS and caching")."""
    return policy.any_origin and not policy.credentials


def _prepared(policy: CorsPolicy, origin: str) -> Store:
    return {name.lower(): (name, value) for name, value in policy.actual_headers(origin)}


@functools.cache
def _imported(path: str) -> Any:
    return import_string(path)


def resolve_origins(dynamic: Any) -> Any:
    """Return the callable that a policy names by its dotted path, or has."""
    return _imported(dynamic) if isinstance(dynamic, str) else dynamic


def _signals() -> list[Any]:
    return [check_request_enabled, *([_their_signal] if _their_signal is not None else [])]


async def _awaited(awaitable: Any) -> Any:
    return await awaitable


def _is_yes(answer: Any) -> bool:
    """Whether an answer of the site's code says yes; a coroutine that nobody awaited says no."""
    if isawaitable(answer):
        close = getattr(answer, "close", None)
        if close is not None:
            close()
        return False
    return bool(answer)


def _is_origin(text: str) -> bool:
    """Whether ``text`` may be shown to the site's code and written back: not ``null``."""
    try:
        Origin.parse(text)
    except OriginError:
        return False
    return True
