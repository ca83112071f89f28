"""What stands in the site in a state: what takes its defences away, and what lets a visitor in.

None of it is configured by the project, and none of it is there when the site runs by itself.
"""

from __future__ import annotations

import secrets
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpResponse

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    Headers = list[tuple[str, str]]
    GetResponse = Callable[[HttpRequest], HttpResponseBase]

__all__ = ["PATTERN", "EntryMiddleware", "Gate", "StripMiddleware", "UncheckedHandler", "gate"]

#: Where the URL pattern that answered stands in the WSGI environment.
PATTERN = "ringfence.pattern"

#: What a view or a decorator may have set for itself. A ring that is off says none of it.
_DEFENCES = (
    "Content-Security-Policy",
    "Content-Security-Policy-Report-Only",
    "X-Frame-Options",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Cross-Origin-Embedder-Policy",
    "Referrer-Policy",
    "X-Content-Type-Options",
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Credentials",
)


class UncheckedRequest(WSGIRequest):
    """A request that Django's CSRF checks let pass, in middleware, decorators and DRF alike."""

    # Django's own switch for its test client; every copy of the check asks for it.
    _dont_enforce_csrf_checks = True


class UncheckedHandler(WSGIHandler):
    """The site's handler with no CSRF check anywhere."""

    request_class = UncheckedRequest


class StripMiddleware:
    """Takes away the defences that views and decorators set in their own name."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer without them."""
        response = self._get_response(request)
        for name in _DEFENCES:
            if name in response.headers:
                del response.headers[name]
        return response


class Gate:
    """One-time addresses at which a visitor is let in.

    The log-in passes through the site's own middlewares, so that the session cookie has exactly
    the flags that the state gives it.
    """

    prefix: ClassVar[str] = "/.ringfence/"
    #: Below it the cookies come without their flags, where the state allows that.
    bare: ClassVar[str] = "/.ringfence/bare/"

    def __init__(self) -> None:
        self._passes: dict[str, object] = {}
        #: The name of the session cookie that the last visitor was given; empty until then.
        self.cookie = ""
        #: Whether the session cookie said who may send it; if not, the browser's default decides.
        self.samesite_stated = True
        #: How often a session was taken away.
        self.ended = 0
        #: Whether it said that it is for TLS alone.
        self.secure = False

    def admit(self, pk: object, *, bare: bool = False) -> str:
        """Return the path at which the user of that primary key is logged in, once."""
        self.cookie = ""
        token = secrets.token_urlsafe(16)
        self._passes[token] = pk
        return f"{self.bare if bare else self.prefix}{token}"

    def enter(self, request: HttpRequest) -> HttpResponse:
        """Log the visitor in."""
        token = request.path_info.rpartition("/")[2]
        if token not in self._passes:
            return HttpResponse("unknown", status=HTTPStatus.NOT_FOUND)
        # The manager that the project chose, as its auth backend uses it.
        user = get_user_model()._default_manager.get(pk=self._passes.pop(token))  # noqa: SLF001 - documented
        login(request, user, backend=_backend())
        return HttpResponse("welcome", content_type="text/plain")

    def notice(self, headers: Headers, *, had_session: bool) -> None:
        """Notice an answer that takes the visitor's session away.

        A log-out, by whatever name; or a session for nobody, given to a request without one, which
        takes the place of the visitor's.
        """
        for header, value in headers:
            if header.lower() == "set-cookie" and self.cookie:
                name, _, rest = value.partition("=")
                flags = rest.lower().replace(" ", "")
                gone = "max-age=0" in flags or "1970" in flags or not had_session
                if name.strip() == self.cookie and gone:
                    self.ended += 1

    def look_at(self, headers: Headers) -> None:
        """Learn the session cookie's name and flags from the answer that lets a visitor in.

        A ring may have put a prefix before the name: ``__Host-sessionid``.
        """
        for header, value in headers:
            name = value.partition("=")[0].strip()
            if header.lower() == "set-cookie" and name.endswith(settings.SESSION_COOKIE_NAME):
                self.cookie = name
                flags = [part.strip().lower() for part in value.split(";")[1:]]
                self.samesite_stated = any(flag.startswith("samesite=") for flag in flags)
                self.secure = "secure" in flags


def _backend() -> str:
    from django.contrib.auth import get_backends  # noqa: PLC0415 - imports the site's backends

    first = get_backends()[0]
    return f"{type(first).__module__}.{type(first).__qualname__}"


#: A middleware is named by its path and takes no arguments: the one gate of the process.
gate = Gate()


class EntryMiddleware:
    """Stands innermost and opens the gate; everything else passes."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let the visitor in, or pass the request on."""
        if request.path_info.startswith(Gate.prefix):
            return gate.enter(request)
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Note which URL pattern answers, for the journal."""
        if request.resolver_match is not None:
            request.META[PATTERN] = request.resolver_match.route
