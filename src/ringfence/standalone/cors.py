"""``CorsMiddleware`` in the name and shape of django-cors-headers', with its answers.

It answers as django-cors-headers 4.9 does, from the same ``CORS_*`` settings and with the same
hooks for subclasses; only what a request costs differs, since origins and regexes are parsed once
for a set of settings instead of once for each request. The stricter behaviour belongs to
:class:`ringfence.middleware.RingfenceMiddleware`, beside which this class does nothing.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.core.signals import setting_changed
from django.dispatch import Signal
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from ringfence.rings.cors.decide import DEFAULT_HEADERS, DEFAULT_METHODS
from ringfence.signals import check_request_enabled
from ringfence.standalone._native import fence_of

__all__ = ["CorsMiddleware"]

GetResponse = (
    Callable[[HttpRequest], HttpResponseBase] | Callable[[HttpRequest], Awaitable[HttpResponseBase]]
)


def _signals() -> tuple[Signal, ...]:
    try:
        from corsheaders.signals import (  # noqa: PLC0415 - the package may be gone by now
            check_request_enabled as theirs,
        )
    except ImportError:
        return (check_request_enabled,)
    return (check_request_enabled, theirs)


_SIGNALS = _signals()


@dataclass(frozen=True, slots=True)
class _Settings:
    """The ``CORS_*`` settings, read and parsed once; values are as the headers carry them."""

    allow_all_origins: bool
    allow_credentials: bool
    allow_private_network: bool
    origins: frozenset[tuple[str, str]]
    null: bool
    regexes: tuple[str | re.Pattern[str], ...]
    expose_headers: str | None
    allow_headers: str
    allow_methods: str
    max_age: str | None
    urls_regex: str | re.Pattern[str]

    @classmethod
    def read(cls) -> _Settings:
        """Read them all. The older names count where today's are not set."""
        origins = _get("CORS_ALLOWED_ORIGINS", "CORS_ORIGIN_WHITELIST", default=())
        expose = _get("CORS_EXPOSE_HEADERS", default=())
        max_age = _get("CORS_PREFLIGHT_MAX_AGE", default=86400)
        return cls(
            allow_all_origins=bool(
                _get("CORS_ALLOW_ALL_ORIGINS", "CORS_ORIGIN_ALLOW_ALL", default=False)
            ),
            allow_credentials=bool(_get("CORS_ALLOW_CREDENTIALS", default=False)),
            allow_private_network=bool(_get("CORS_ALLOW_PRIVATE_NETWORK", default=False)),
            origins=frozenset(map(_compared, origins)),
            null="null" in origins,
            regexes=tuple(
                map(
                    _compiled,
                    _get("CORS_ALLOWED_ORIGIN_REGEXES", "CORS_ORIGIN_REGEX_WHITELIST", default=()),
                )
            ),
            expose_headers=", ".join(expose) if len(expose) else None,
            allow_headers=", ".join(_get("CORS_ALLOW_HEADERS", default=sorted(DEFAULT_HEADERS))),
            allow_methods=", ".join(_get("CORS_ALLOW_METHODS", default=sorted(DEFAULT_METHODS))),
            max_age=str(max_age) if max_age else None,
            urls_regex=_compiled(_get("CORS_URLS_REGEX", default=r"^.*$")),
        )


def _get(*names: str, default: Any) -> Any:
    for name in names:
        if hasattr(settings, name):
            return getattr(settings, name)
    return default


def _compared(origin: str) -> tuple[str, str]:
    """Return what is compared of an origin: scheme and host, as written."""
    url = urlsplit(origin)
    return url.scheme, url.netloc


def _compiled(regex: str | re.Pattern[str]) -> str | re.Pattern[str]:
    try:
        return re.compile(regex)
    except re.error:
        # Left for the request that it is asked about, as it always was.
        return regex


#: The settings object that was read last, and what was read. `override_settings` puts another
#: object in its place; `setting_changed` tells of all that changes within one.
_cache: tuple[object, _Settings] | None = None


def _current() -> _Settings:
    global _cache  # noqa: PLW0603 - one slot, replaced as a whole
    cache = _cache
    if cache is None or cache[0] is not _holder():
        # Reading sets a lazy settings object up, so that its holder is known only afterwards.
        read = _Settings.read()
        cache = _cache = (_holder(), read)
    return cache[1]


def _holder() -> object:
    return settings._wrapped


def _forget(*, setting: str, **_: object) -> None:
    global _cache  # noqa: PLW0603 - one slot, replaced as a whole
    if setting.startswith("CORS_"):
        _cache = None


setting_changed.connect(_forget, dispatch_uid="ringfence.standalone.cors")


class CorsMiddleware:
    """Adds the CORS headers that ``CORS_*`` settings ask for, and answers preflights."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.async_mode = iscoroutinefunction(get_response)
        if self.async_mode:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponseBase | Awaitable[HttpResponseBase]:
        """Answer a preflight, or let the site answer and add the headers."""
        if self.async_mode:
            return self.__acall__(request)
        if _is_fenced(request):
            return self.get_response(request)
        response: Any = self.check_preflight(request)
        if response is None:
            response = self.get_response(request)
        return self.add_response_headers(request, response)

    async def __acall__(self, request: HttpRequest) -> HttpResponseBase:
        """Do the same in an event loop, without a thread of its own."""
        if _is_fenced(request):
            return await self._await(request)
        response = self.check_preflight(request)
        if response is None:
            response = await self._await(request)
        return self.add_response_headers(request, response)

    async def _await(self, request: HttpRequest) -> HttpResponseBase:
        result: Any = self.get_response(request)
        response: HttpResponseBase = await result
        return response

    def check_preflight(self, request: HttpRequest) -> HttpResponseBase | None:
        """Return the answer to a preflight, still without its headers; ``None`` for the rest."""
        enabled = self.is_enabled(request)
        request._cors_enabled = enabled  # type: ignore[attr-defined]
        if (
            enabled
            and request.method == "OPTIONS"
            and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in request.META
        ):
            return HttpResponse(headers={"content-length": "0"})
        return None

    def add_response_headers(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Add the headers to ``response``, which is returned."""
        enabled = getattr(request, "_cors_enabled", None)
        if enabled is None:
            enabled = self.is_enabled(request)
        if not enabled:
            return response

        patch_vary_headers(response, ("origin",))
        origin = request.META.get("HTTP_ORIGIN")
        if not origin:
            return response
        try:
            url = urlsplit(origin)
        except ValueError:
            return response

        conf = _current()
        if (
            not conf.allow_all_origins
            and not self.origin_found_in_white_lists(origin, url)
            and not self.check_signal(request)
        ):
            return response

        if conf.allow_all_origins and not conf.allow_credentials:
            response["access-control-allow-origin"] = "*"
        else:
            response["access-control-allow-origin"] = origin
        if conf.allow_credentials:
            response["access-control-allow-credentials"] = "true"
        if conf.expose_headers is not None:
            response["access-control-expose-headers"] = conf.expose_headers
        if request.method == "OPTIONS":
            response["access-control-allow-headers"] = conf.allow_headers
            response["access-control-allow-methods"] = conf.allow_methods
            if conf.max_age is not None:
                response["access-control-max-age"] = conf.max_age
        if (
            conf.allow_private_network
            and request.META.get("HTTP_ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK") == "true"
        ):
            response["access-control-allow-private-network"] = "true"
        return response

    def origin_found_in_white_lists(self, origin: str, url: SplitResult) -> bool:
        """Whether the settings list ``origin``, which ``url`` is the parsed form of."""
        return (
            (origin == "null" and _current().null)
            or self._url_in_whitelist(url)
            or self.regex_domain_match(origin)
        )

    def regex_domain_match(self, origin: str) -> bool:
        """Whether a regex matches ``origin``: by its beginning, as it always did."""
        return any(re.match(regex, origin) for regex in _current().regexes)

    def is_enabled(self, request: HttpRequest) -> bool:
        """Whether CORS is on for this path, or for this request by a signal's receiver."""
        return bool(re.match(_current().urls_regex, request.path_info)) or self.check_signal(
            request
        )

    def check_signal(self, request: HttpRequest) -> bool:
        """Whether a receiver of ``check_request_enabled`` allows the request."""
        return any(
            allowed
            for signal in _SIGNALS
            for _, allowed in signal.send(sender=None, request=request)
        )

    def _url_in_whitelist(self, url: SplitResult) -> bool:
        return (url.scheme, url.netloc) in _current().origins


def _is_fenced(request: HttpRequest) -> bool:
    """Whether the fence in front has its CORS ring on, and answers."""
    fence = fence_of(request)
    return fence is not None and fence.cors is not None
