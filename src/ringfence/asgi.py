"""The origin decision for WebSockets, whose handshake passes no HTTP middleware.

A page of any site may open a WebSocket to any other, cookies and all: the same-origin policy does
not apply to it (RFC 6455, section 10.2). The server has to look at ``Origin``.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from io import BytesIO
from typing import Any

from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest

from ringfence import conf
from ringfence.origin import Origin, OriginError
from ringfence.rings.csrf.policy import Outcome, OwnOrigin, Verdict, decide
from ringfence.rings.csrf.reasons import MissingOrigin, OriginMismatch
from ringfence.signals import request_refused

__all__ = ["protect"]

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

logger = logging.getLogger("django.security.csrf")

#: RFC 6455, section 7.4.1: "Policy Violation". Before the handshake was accepted, an ASGI server
#: answers a close with 403.
POLICY_VIOLATION = 1008


def protect(
    application: Application, *, dangerously_allow_missing_origin: bool = False
) -> Application:
    """Wrap an ASGI application: a handshake from a foreign origin never reaches it.

    Whatever is no WebSocket passes through. The decision is the CSRF ring's, for a request that
    changes something: ``Sec-Fetch-Site`` where the browser sends it, else ``Origin``; the host
    must be one of ALLOWED_HOSTS. There is no token to fall back on, so an origin that would need
    one (``CSRF_TRUSTED_ORIGINS``) is refused, and so is a handshake without ``Origin``, which no
    browser sends. ``dangerously_allow_missing_origin`` admits those, for clients that are no
    browsers; they must then authenticate by something that a browser does not send by itself.

    :raises django.core.exceptions.ImproperlyConfigured: where the configuration is refused.
    """
    conf.require()

    async def protected(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await application(scope, receive, send)
            return
        verdict = _judge(scope, allow_missing=dangerously_allow_missing_origin)
        if verdict.outcome is Outcome.ALLOW:
            await application(scope, receive, send)
            return
        path = str(scope.get("path", "")).encode("unicode_escape").decode("ascii")
        logger.warning(
            "Forbidden WebSocket (%s): %s",
            verdict.reason,
            path,
            extra={"reason": verdict.reason, "ring": "csrf"},
        )
        if request_refused.receivers:
            await request_refused.asend_robust(
                sender="csrf", request=None, reason=verdict.reason, report_only=False
            )
        await send({"type": "websocket.close", "code": POLICY_VIOLATION})

    return protected


def _judge(scope: Scope, *, allow_missing: bool) -> Verdict:
    fence = conf.require()
    if fence.csrf is None:
        return Verdict(Outcome.ALLOW)
    # A request for what the handshake asks of, so that proxies' headers, the host and the scheme
    # are read by Django's own code and settings.
    scheme = {"ws": "http", "wss": "https"}.get(scope.get("scheme", "ws"), "http")
    request = ASGIRequest({**scope, "type": "http", "method": "GET", "scheme": scheme}, BytesIO())
    try:
        origin = Origin.parse(f"{request.scheme}://{request.get_host()}")
    except (DisallowedHost, OriginError):
        return Verdict(
            Outcome.DENY,
            OriginMismatch("The handshake's Host is not one of ALLOWED_HOSTS."),
        )
    verdict = decide(
        fence.csrf,
        method="POST",
        sec_fetch_site=request.META.get("HTTP_SEC_FETCH_SITE"),
        origin=request.META.get("HTTP_ORIGIN"),
        own=OwnOrigin(origin.serialize(), origin),
    )
    if "HTTP_ORIGIN" not in request.META and verdict.outcome is not Outcome.DENY:
        # RFC 6455, section 4.1: a browser must send Origin, so this is none (or hides it).
        return Verdict(Outcome.ALLOW) if allow_missing else Verdict(Outcome.DENY, _MISSING)
    if verdict.outcome is Outcome.TOKEN:
        return Verdict(
            Outcome.DENY,
            OriginMismatch(
                "The origin is one of CSRF_TRUSTED_ORIGINS, which need a token; a WebSocket has "
                'none. Name it in RINGFENCE["csrf"]["trusted_origins"] if it may connect.'
            ),
        )
    return verdict


_MISSING = MissingOrigin("The handshake has no Origin header.")
