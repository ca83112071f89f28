"""The request path of a compiled fence: read, ask the rings, remember.

A :class:`Guard` is made once from a :class:`~ringfence.fence.Fence`. It decides nothing itself:
each decision is a ring's pure function, asked with what stands in the request. What was decided
is kept on the request, in a :class:`RequestState` at ``request._ringfence``.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from asgiref.sync import async_to_sync, iscoroutinefunction, sync_to_async
from django.conf import settings
from django.http import HttpResponse, HttpResponsePermanentRedirect
from django.middleware.csrf import CsrfViewMiddleware as DjangoCsrfViewMiddleware
from django.urls import Resolver404, resolve

from ringfence.headers import HeaderPlan, Store, vary_on
from ringfence.origin import Origin, OriginError
from ringfence.refusal import announce, refusal_page
from ringfence.rings.cors.policy import CorsPolicy
from ringfence.rings.csp.nonce import Nonce, value_of
from ringfence.rings.csrf.denial import Denial
from ringfence.rings.csrf.policy import SAFE_METHODS, Outcome, OwnOrigin, Verdict, decide
from ringfence.rings.csrf.secret import LazySecret
from ringfence.rings.isolation.policy import decide as decide_resource
from ringfence.seams.csrf import TokenCheck
from ringfence.signals import check_request_enabled
from ringfence.departures import ViewInfo, inspect_view

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from ringfence.fence import Fence
    from ringfence.rings.isolation.policy import IsolationPolicy

__all__ = ["Guard", "RequestState"]

#: Django's own name for what the CSRF ring replaces, so that a site's log handlers keep working.
csrf_log = logging.getLogger("django.security.csrf")
isolation_log = logging.getLogger("ringfence.isolation")

#: A browser names these where no other site is involved (Fetch Metadata, section 2.3).
_OWN_SITES = frozenset({None, "same-origin", "none"})
#: More callables than this are no URL configuration but made anew for each request.
_VIEW_LIMIT = 4096
#: Only allowed hosts are remembered, and of those that a wildcard allows not too many.
_HOST_LIMIT = 1024
#: A host name and a port (RFC 1035, section 2.3.4).
_LONGEST_HOST = 253 + 1 + 5

HostOrigins = tuple["OwnOrigin | None", "OwnOrigin | None"]


class RequestState:
    """What the fence knows of one request. Kept at ``request._ringfence``.

    ``csrf`` is the CSRF ring's verdict, None for a safe method or with the ring off;
    ``cors`` the CORS policy of the view, ``cors_allowed`` whether it allows the ``Origin``
    (None: not asked yet); ``own`` the origin the request was sent to, as far as it is known.
    """

    guard: Guard
    csrf: Verdict | None = None
    cors: CorsPolicy | None = None
    cors_known = False
    cors_allowed: bool | None = None
    foreign_site: str | None = None
    is_preflight = False
    waits_for_view = False
    secure = False
    nonce: Nonce | None = None
    own: OwnOrigin | None = None

    @property
    def csrf_on(self) -> bool:
        """Whether the CSRF ring is on."""
        return self.guard.csrf is not None

    @property
    def no_tokens(self) -> bool:
        """Whether the site wants no CSRF tokens in its pages."""
        return self.guard.csrf is not None and self.guard.csrf.tokens == "never"


class Guard:
    """A fence at work."""

    def __init__(self, fence: Fence) -> None:
        self.fence = fence
        self.csrf = fence.csrf
        self.site = fence.cors
        self.isolation: IsolationPolicy | None = fence.isolation
        self.transport = fence.transport
        self.denial = Denial()
        self.views: dict[Any, ViewInfo] = {}
        self.token_check = TokenCheck(_unused)
        self._django_csrf = DjangoCsrfViewMiddleware(_unused)
        #: The site's one policy's headers, by origin.
        self._cors_headers: dict[str, Store] = {}
        self._hosts: dict[str, HostOrigins] = {}
        self._judges_hosts = (
            fence.transport is not None and not fence.transport.dangerously_any_host
        )
        # Behind USE_X_FORWARDED_HOST two headers have a say, and no request is remembered.
        self._host_header = "" if settings.USE_X_FORWARDED_HOST else "HTTP_HOST"
        self._behind_proxy = fence.behind_proxy
        self._redirects = fence.transport is not None and fence.transport.redirect
        self._csp_on = fence.csp is not None
        self._floor = fence.transport.cookies if fence.transport is not None else None
        self._isolates = fence.isolation is not None and fence.isolation.resources != "off"
        self._cookie_tokens = fence.csrf is not None and not settings.CSRF_USE_SESSIONS
        self._csrf_cookie = settings.CSRF_COOKIE_NAME
        self._session_cookie = settings.SESSION_COOKIE_NAME
        #: The one CORS policy of every view that has none of its own; None where it depends.
        self.only_cors: CorsPolicy | None = None
        self.cors_depends = fence.cors is not None
        if fence.cors is not None and not (
            fence.cors.by_name or fence.cors.by_path or fence.cors.urls_regex
        ):
            self.only_cors = fence.cors.default
            self.cors_depends = False
        varies = self.only_cors is not None and self.only_cors.varies
        self.plan = HeaderPlan(fence, vary="Origin" if varies else "")

    # -- before the view is known ------------------------------------------------------------

    def before(self, request: HttpRequest) -> HttpResponseBase | None:
        """Read the request. Return an answer where it gets no further.

        :raises django.core.exceptions.DisallowedHost: where the host is none of ALLOWED_HOSTS.
        """
        meta = request.META
        state = RequestState()
        state.guard = self
        request._ringfence = state  # type: ignore[attr-defined]
        if self._csp_on:
            state.nonce = request.csp_nonce = request._csp_nonce = Nonce()  # type: ignore[attr-defined]
        # `request.scheme` is this, and a look at SECURE_PROXY_SSL_HEADER each time.
        if self._behind_proxy:
            secure = request.is_secure()
        else:
            secure = request._get_scheme() == "https"  # type: ignore[attr-defined]
        state.secure = secure
        own: HostOrigins | None = None
        if self._judges_hosts:
            own = self._hosts.get(meta.get(self._host_header, ""))
            if own is None:
                own = self._origins_of(request)
            if self._redirects and not secure:
                redirect = self._redirect(request)
                if redirect is not None:
                    return redirect
        site = meta.get("HTTP_SEC_FETCH_SITE")
        if site not in _OWN_SITES and self._isolates:
            state.foreign_site = site
            state.waits_for_view = True
        csrf = self.csrf
        if request.method in SAFE_METHODS:
            if (
                request.method == "OPTIONS"
                and "HTTP_ORIGIN" in meta
                and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in meta
            ):
                state.is_preflight = state.waits_for_view = True
        elif csrf is not None:
            if own is None:
                own = self._origins_or_none(request)
            state.waits_for_view = True
            state.csrf = decide(
                csrf,
                method=request.method or "",
                sec_fetch_site=site,
                origin=meta.get("HTTP_ORIGIN"),
                own=None if own is None else own[secure],
            )
        if own is not None:
            state.own = own[secure]
        if csrf is not None:
            cookies = meta.get("HTTP_COOKIE")
            if cookies is not None and self._cookie_tokens and self._csrf_cookie in cookies:
                meta["CSRF_COOKIE"] = LazySecret.of(cookies, self._csrf_cookie)
        return None

    def _origins_of(self, request: HttpRequest) -> HostOrigins:
        """Judge the host; only allowed ones are remembered, and not too many of them."""
        host = request.get_host()
        origins = (_own_origin("http", host), _own_origin("https", host))
        key = request.META.get(self._host_header)
        if key and len(key) <= _LONGEST_HOST:
            if len(self._hosts) >= _HOST_LIMIT:
                self._hosts.clear()
            self._hosts[key] = origins
        return origins

    def _origins_or_none(self, request: HttpRequest) -> HostOrigins | None:
        try:
            return self._origins_of(request)
        except Exception:  # noqa: BLE001 - whatever a host is refused for, it is not our own
            return None

    def _redirect(self, request: HttpRequest) -> HttpResponseBase | None:
        transport = self.transport
        assert transport is not None
        path = request.path.lstrip("/")
        if any(pattern.search(path) for pattern in transport.redirect_exempt):
            return None
        host = transport.redirect_host or request.get_host()
        return HttpResponsePermanentRedirect(f"https://{host}{request.get_full_path()}")

    # -- CORS --------------------------------------------------------------------------------

    def resolve_preflight(self, request: HttpRequest, state: RequestState) -> bool:
        """Find the policy of the view that a preflight asks about. False: no view found yet."""
        try:
            match = resolve(request.path_info, getattr(request, "urlconf", None))
        except Resolver404:
            # A later middleware may still change the language or the URL configuration, so
            # that the view is found after all; then `view` answers. Else it is a 404.
            return False
        self._set_cors(request, state, self.view_info(match.func), match.view_name)
        return True

    def find_cors(self, request: HttpRequest, state: RequestState, info: ViewInfo) -> bool:
        """Find the resolved view's policy; whether there is one, and an origin to judge by it."""
        if self.only_cors is not None and not info.cors:
            state.cors = self.only_cors
            state.cors_known = True
        else:
            match = request.resolver_match
            self._set_cors(request, state, info, match.view_name if match is not None else None)
        return state.cors is not None and "HTTP_ORIGIN" in request.META

    def _set_cors(
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
            policy = self.only_cors
        if policy is None and self.site is not None:
            policy = self.site.policy_for(request.path_info, view_name)
        if policy is None and self.signals_listen():
            policy = SIGNALLED
        state.cors = policy
        state.cors_known = True

    def cors_of(self, request: HttpRequest, state: RequestState) -> CorsPolicy | None:
        """Return the CORS policy of this request; of its path where no view was found."""
        if not state.cors_known and not self.cors_depends and not self.signals_listen():
            # Views with a policy of their own had it set when they were found.
            state.cors = self.only_cors
            state.cors_known = True
        elif not state.cors_known:
            match = getattr(request, "resolver_match", None)
            if match is not None:
                self._set_cors(request, state, self.view_info(match.func), match.view_name)
            else:
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
            and self.fence.cors_listens
        )

    def cors_concerns(self, request: HttpRequest, state: RequestState) -> bool:
        """Whether this response needs more of CORS than the prepared headers have.

        Without an Origin, and with one policy for the whole site, they have it all.
        """
        if (
            "HTTP_ORIGIN" in request.META
            or state.cors_known
            or self.cors_depends
            or self.signals_listen()
        ):
            return self.cors_of(request, state) is not None
        return False

    def asks_site(self, state: RequestState) -> bool:
        """Whether the site's own code (a callable, a signal) has a say about the origin."""
        policy = state.cors
        return policy is not None and (policy.dynamic is not None or self.signals_listen())

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
        dynamic: Any = policy.dynamic
        allowed: Any = False
        if dynamic is not None:
            allowed = (
                async_to_sync(dynamic)(request, origin)
                if iscoroutinefunction(dynamic)
                else dynamic(request, origin)
            )
        state.cors_allowed = bool(allowed) or any(
            answer
            for signal in _signals()
            for _, answer in signal.send(sender=None, request=request)
        )

    async def ask_site_async(self, request: HttpRequest, state: RequestState, origin: str) -> None:
        """Like :meth:`ask_site`, in an event loop: what is synchronous gets a thread."""
        policy = state.cors
        assert policy is not None
        dynamic: Any = policy.dynamic
        allowed: Any = False
        if dynamic is not None:
            ask = dynamic if iscoroutinefunction(dynamic) else sync_to_async(dynamic)
            allowed = await ask(request, origin)
        state.cors_allowed = bool(allowed)
        for signal in _signals():
            for _, answer in await signal.asend(sender=None, request=request):
                state.cors_allowed = state.cors_allowed or bool(answer)

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

    # -- when the view is known --------------------------------------------------------------

    def view_info(self, callback: Any) -> ViewInfo:
        """Return how a view departs from the site's policy, remembered by the view."""
        try:
            info = self.views.get(callback)
        except TypeError:  # an unhashable callable
            return inspect_view(callback)
        if info is None:
            if len(self.views) >= _VIEW_LIMIT:
                self.views.clear()
            info = self.views[callback] = inspect_view(callback)
        return info

    def refuses_resource(
        self, request: HttpRequest, state: RequestState, info: ViewInfo
    ) -> HttpResponse | None:
        """Ask the isolation ring about a request from another site."""
        isolation = self.isolation
        if (
            state.foreign_site is None
            or state.cors_allowed
            or isolation is None
            or info.cross_site_allowed
        ):
            return None
        meta = request.META
        refusal = decide_resource(
            isolation,
            site=state.foreign_site,
            mode=meta.get("HTTP_SEC_FETCH_MODE"),
            dest=meta.get("HTTP_SEC_FETCH_DEST"),
            method=request.method or "",
            has_session_cookie=self._session_cookie in meta.get("HTTP_COOKIE", "")
            and self._session_cookie in request.COOKIES,
            cors_allowed=bool(state.cors_allowed),
        )
        if refusal is None:
            return None
        if isolation.resources == "report":
            announce("isolation", request, refusal, response=None, log=isolation_log)
            return None
        response = refusal_page("Forbidden", refusal)
        vary_on(response, "Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest", "Cookie")
        announce("isolation", request, refusal, response=response, log=isolation_log)
        return response

    def csrf_reason(
        self, request: HttpRequest, state: RequestState, callback: Callable[..., Any]
    ) -> Any:
        """Return why the request is denied, None where it may reach the view.

        Exempt views are let through with their verdict kept: what protects them instead may
        ask for it.
        """
        verdict = state.csrf
        assert verdict is not None
        assert self.csrf is not None
        if self.csrf.report_only:
            # What was denied is only told; what decides is what decided before: the token.
            if verdict.reason is not None:
                announce("csrf", request, verdict.reason, response=None, log=csrf_log)
            state.csrf = verdict = Verdict(Outcome.TOKEN)
        if getattr(callback, "csrf_exempt", False):
            return None
        if verdict.outcome is Outcome.ALLOW or getattr(request, "_dont_enforce_csrf_checks", False):
            request.csrf_processing_done = True  # type: ignore[attr-defined]
            return None
        if verdict.outcome is Outcome.DENY:
            return verdict.reason
        return self.token_check.process_view(request, None, (), {})  # type: ignore[arg-type]

    def token_check_may_block(self, request: HttpRequest, state: RequestState) -> bool:
        """Whether the token check may read a session or write uploads: not in an event loop."""
        return (
            state.csrf is not None
            and (state.csrf.outcome is Outcome.TOKEN or bool(self.csrf and self.csrf.report_only))
            and (
                settings.CSRF_USE_SESSIONS
                or request.META.get("CONTENT_TYPE", "").startswith("multipart/")
            )
        )

    def deny(self, request: HttpRequest, reason: Any) -> HttpResponseBase:
        """Answer a denied request: the page, the log record, the signal."""
        response = self.denial.respond(request, reason)
        announce("csrf", request, reason, response=response, log=csrf_log)
        return response

    # -- the response ------------------------------------------------------------------------

    def after(
        self, request: HttpRequest, response: HttpResponseBase, state: RequestState
    ) -> HttpResponseBase:
        """Write the response's headers and cookies; the origin has been judged by now."""
        self.plan.write(request, response, state)
        if "CSRF_COOKIE_NEEDS_UPDATE" in request.META and self.csrf is not None:
            self._renew_token(request, response)
        if response.cookies and self._floor is not None:
            for name, morsel in response.cookies.items():
                self._floor.apply(morsel, name, state.secure)
        policy = state.cors
        if policy is not None:
            self._write_cors(request, response, state, policy)
        nonce = state.nonce
        if nonce is not None and value_of(nonce) is None:
            nonce.seal()
        return response

    def _write_cors(
        self,
        request: HttpRequest,
        response: HttpResponseBase,
        state: RequestState,
        policy: CorsPolicy,
    ) -> None:
        if policy is not self.only_cors and not policy.varies:
            self.plan.drop_prepared_vary(response)
        elif policy is not self.only_cors:
            vary_on(response, "Origin")
        if check_request_enabled.receivers or _their_signal is not None:
            if self.signals_listen():
                vary_on(response, "Origin")
        if not state.cors_allowed:
            return
        origin = request.META["HTTP_ORIGIN"]
        if policy is self.only_cors:
            prepared = self._cors_headers.get(origin)
            if prepared is None:
                prepared = _prepared(policy, origin)
                if origin in policy.rules.exact:  # of which there are only so many
                    self._cors_headers[origin] = prepared
        else:
            prepared = _prepared(policy, origin)
        store = response.headers._store
        if "access-control-allow-origin" not in store:
            response.headers._store = {**prepared, **store}

    def _renew_token(self, request: HttpRequest, response: HttpResponseBase) -> None:
        """Send the CSRF cookie, where a token of this page will ever be asked for.

        A browser that sends ``Sec-Fetch-Site`` with this request sends it with the next one, so
        that no token will be looked at: the page is the same for everyone and stays cacheable.
        The cookie, and ``Vary: Cookie`` with it, are needed where the browser sent none; where it
        holds a cookie already (which must stay in step with the page); and where some origin has
        to show a token (CSRF_TRUSTED_ORIGINS).
        """
        policy = self.csrf
        assert policy is not None
        meta = request.META
        if policy.tokens == "never" or not meta["CSRF_COOKIE_NEEDS_UPDATE"]:
            return
        if settings.CSRF_USE_SESSIONS:
            # Within the session middleware its seam wrote the secret. Here it is too late.
            csrf_log.error(
                "A CSRF token was made outside the session middleware, and is lost: with "
                "CSRF_USE_SESSIONS, django.contrib.sessions.middleware.SessionMiddleware (or a "
                "subclass) must be in MIDDLEWARE, and what makes tokens must stand within it."
            )
            return
        if policy.tokens == "auto":
            if not (policy.token_trusted or policy.report_only) and (
                meta.get("HTTP_SEC_FETCH_SITE")
                in ("same-origin", "none", "same-site", "cross-site")
                and self._csrf_cookie not in request.COOKIES
            ):
                vary_on(response, "Sec-Fetch-Site")
                return
            vary_on(response, "Sec-Fetch-Site")
        self._django_csrf.process_response(request, response)


def _prepared(policy: CorsPolicy, origin: str) -> Store:
    return {name.lower(): (name, value) for name, value in policy.actual_headers(origin)}


#: The policy of a site that says nothing of CORS but listens to the signal.
SIGNALLED = CorsPolicy()

_their_signal: Any = None
with contextlib.suppress(ImportError):
    from corsheaders.signals import check_request_enabled as _their_signal


def _signals() -> list[Any]:
    return [check_request_enabled, *([_their_signal] if _their_signal is not None else [])]


def _is_origin(text: str) -> bool:
    """Whether ``text`` may be shown to the site's code and written back: an origin, or null."""
    if text == "null":
        return True
    try:
        Origin.parse(text)
    except OriginError:
        return False
    return True


def _unused(request: HttpRequest) -> HttpResponseBase:
    raise AssertionError("the check is asked for its verdict only")  # pragma: no cover


def _own_origin(scheme: str, host: str) -> OwnOrigin | None:
    try:
        origin = Origin.parse(f"{scheme}://{host}")
    except OriginError:
        return None
    return OwnOrigin(origin.serialize(), origin)
