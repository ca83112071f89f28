"""The request path of a compiled fence: read, ask the rings, remember.

A :class:`Guard` is made once from a :class:`~ringfence.fence.Fence`. It decides nothing itself:
each decision is a ring's pure function, asked with what stands in the request. What was decided
is kept on the request, in a :class:`RequestState` at ``request._ringfence``.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import (
    FileResponse,
    HttpResponse,
    HttpResponsePermanentRedirect,
    StreamingHttpResponse,
)
from django.middleware.csrf import CsrfViewMiddleware as DjangoCsrfViewMiddleware

from ringfence import current
from ringfence.cors_gate import CorsGate
from ringfence.departures import Views
from ringfence.headers import MARKUP, HeaderPlan
from ringfence.origin import Origin, OriginError
from ringfence.refusal import announce, refusal_page
from ringfence.rings.csp.nonce import Nonce
from ringfence.rings.csrf.denial import Denial
from ringfence.rings.csrf.policy import SAFE_METHODS, Outcome, OwnOrigin, Verdict, decide
from ringfence.rings.csrf.secret import LazySecret
from ringfence.rings.isolation.policy import decide as decide_resource
from ringfence.seams.csrf import TokenCheck
from ringfence.state import RequestState
from ringfence.store import vary_on

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from ringfence.departures import ViewInfo
    from ringfence.fence import Fence
    from ringfence.rings.csrf.reasons import CsrfReason
    from ringfence.rings.isolation.policy import IsolationPolicy

__all__ = ["Guard", "RequestState"]

#: Django's own name for what the CSRF ring replaces, so that a site's log handlers keep working.
csrf_log = logging.getLogger("django.security.csrf")
isolation_log = logging.getLogger("ringfence.isolation")

#: A browser names these where no other site is involved (Fetch Metadata, section 2.3).
_OWN_SITES = frozenset({None, "same-origin", "none"})
#: Only allowed hosts are remembered, and of those that a wildcard allows not too many.
_HOST_LIMIT = 1024
#: A host name and a port (RFC 1035, section 2.3.4).
_LONGEST_HOST = 253 + 1 + 5

HostOrigins = tuple["OwnOrigin | None", "OwnOrigin | None"]


class Guard:
    """A fence at work."""

    def __init__(self, fence: Fence) -> None:
        self.fence = fence
        self.csrf = fence.csrf
        self.isolation: IsolationPolicy | None = fence.isolation
        self.transport = fence.transport
        self.denial = Denial()
        self.token_check = TokenCheck(_unused)
        self._django_csrf = DjangoCsrfViewMiddleware(_unused)
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
        #: One class a guard, so that what is the same for each request is not set for each.
        escaping = fence.escaping
        #: Whether renderings may ask which request is being answered.
        self.publishes = escaping is not None
        provenance = escaping if self._csp_on and escaping and escaping.provenance else None
        self._state: type[RequestState] = type(
            "RequestState", (RequestState,), {"guard": self, "provenance": provenance}
        )
        self.views = Views()
        self.cors = CorsGate(fence, self.views)
        self.plan = HeaderPlan(fence, vary=self.cors.vary)

    # -- before the view is known ------------------------------------------------------------

    def before(self, request: HttpRequest) -> HttpResponseBase | None:
        """Read the request. Return an answer where it gets no further.

        :raises django.core.exceptions.DisallowedHost: where the host is none of ALLOWED_HOSTS.
        """
        meta = request.META
        state = self._state()
        request._ringfence = state  # type: ignore[attr-defined]
        if self._csp_on:
            state.nonce = request.csp_nonce = request._csp_nonce = Nonce()  # type: ignore[attr-defined]
        # Without such a proxy `request.is_secure()` comes to this, after a look at the setting.
        secure = state.secure = (
            request.is_secure() if self._behind_proxy else request._get_scheme() == "https"  # type: ignore[attr-defined]
        )
        own: HostOrigins | None = None
        if self._judges_hosts:
            own = self._hosts.get(meta.get(self._host_header, ""))
            if own is None:
                own = self._origins_of(request)
        if self._redirects and not secure and (away := self._redirect(request)) is not None:
            return away
        site = meta.get("HTTP_SEC_FETCH_SITE")
        if site not in _OWN_SITES and self._isolates:
            state.foreign_site = site
            state.waits_for_view = True
        if own is not None:
            state.own = own[secure]
        if request.method not in SAFE_METHODS:
            if self.csrf is not None:
                self.judge_sender(request, state)
        elif (
            request.method == "OPTIONS"
            and "HTTP_ORIGIN" in meta
            and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in meta
        ):
            state.is_preflight = state.waits_for_view = True
        if self._cookie_tokens:
            cookies = meta.get("HTTP_COOKIE")
            if cookies is not None and self._csrf_cookie in cookies:
                meta["CSRF_COOKIE"] = LazySecret.of(cookies, self._csrf_cookie)
        return None

    def judge_sender(self, request: HttpRequest, state: RequestState) -> None:
        """Ask the CSRF ring; whether its verdict is enforced, only the view can say."""
        assert self.csrf is not None
        if state.own is None:
            own = self._origins_or_none(request)
            state.own = None if own is None else own[state.secure]
        state.waits_for_view = True
        state.csrf = decide(
            self.csrf,
            method=request.method or "",
            sec_fetch_site=request.META.get("HTTP_SEC_FETCH_SITE"),
            origin=request.META.get("HTTP_ORIGIN"),
            own=state.own,
        )

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

    # -- when the view is known --------------------------------------------------------------

    def refuses_resource(
        self, request: HttpRequest, state: RequestState, info: ViewInfo
    ) -> HttpResponse | None:
        """Ask the isolation ring about a request from another site."""
        isolation = self.isolation
        if state.foreign_site is None or isolation is None or info.cross_site_allowed:
            return None
        # A policy without credentials opens what a stranger gets, not what the session gets.
        by_cors = bool(state.cors_allowed and state.cors is not None and state.cors.credentials)
        if by_cors:
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
            cors_allowed=by_cors,
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
    ) -> CsrfReason | None:
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
        return self.token_check.refusal(request)

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

    def deny(self, request: HttpRequest, reason: CsrfReason) -> HttpResponseBase:
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
        if response.streaming and self.publishes:
            _render_later(request, response)
        if "CSRF_COOKIE_NEEDS_UPDATE" in request.META and self.csrf is not None:
            self._renew_token(request, response)
        if response.cookies and self._floor is not None:
            for name, morsel in response.cookies.items():
                self._floor.apply(morsel, name, state.secure)
        policy = state.cors
        if policy is not None:
            self.cors.write(request, response, state, policy, self.plan)
        return response

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


def _unused(request: HttpRequest) -> HttpResponseBase:
    raise AssertionError("the check is asked for its verdict only")  # pragma: no cover


def _render_later(request: HttpRequest, response: HttpResponseBase) -> None:
    """Let a page that is made while it is sent know its request, as any other does."""
    if (
        isinstance(response, StreamingHttpResponse)
        and not isinstance(response, FileResponse)
        and response.headers.get("Content-Type", "").startswith(MARKUP)
    ):
        # Django's stubs know one kind of iterator where there are two.
        content: Any = response.streaming_content
        later = current.during_async if response.is_async else current.during
        response.streaming_content = later(request, content)


def _own_origin(scheme: str, host: str) -> OwnOrigin | None:
    try:
        origin = Origin.parse(f"{scheme}://{host}")
    except OriginError:
        return None
    return OwnOrigin(origin.serialize(), origin)
