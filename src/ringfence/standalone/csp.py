"""``ContentSecurityPolicyMiddleware``, in the place of Django's and of django-csp's.

It answers as the one does whose settings the site has, header by header:

- ``SECURE_CSP`` (or ``SECURE_CSP_REPORT_ONLY``) set: as Django 6's middleware;
- else ``CONTENT_SECURITY_POLICY`` (``…_REPORT_ONLY``) set: as django-csp 4's;
- neither: by the attributes that decorators left on the response.

Where a site has set both for one header, Django's holds. The settings are read on every response,
as both packages do. Stricter behaviour belongs to ``RingfenceMiddleware``; beside that one this
class does nothing.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import django
from django.conf import settings
from django.utils.deprecation import MiddlewareMixin

from ringfence.rings.csp.model import HEADER, HEADER_REPORT_ONLY
from ringfence.rings.csp.nonce import Nonce
from ringfence.rings.csp.serialize import (
    django_csp_config,
    serialize_django,
    serialize_django_csp,
)
from ringfence.standalone._native import fence_of

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

__all__ = ["ContentSecurityPolicyMiddleware", "PolicyParts"]

#: Django 6.0 brought SECURE_CSP; before it, ``_csp_config`` is django-csp's alone.
_DJANGO_HAS_CSP = django.VERSION >= (6, 0)

#: django-csp shows Django's debug pages without a policy.
_DEBUG_PAGES = frozenset((404, 500))


@dataclass(slots=True)
class PolicyParts:
    """What django-csp builds one header from; a subclass may change it in place."""

    config: dict[str, Any] | None = None
    update: dict[str, Any] | None = None
    replace: dict[str, Any] | None = None
    nonce: str | None = None


@dataclass(frozen=True, slots=True)
class _Header:
    """The names that belong to one of the two headers."""

    name: str
    report_only: bool
    django_setting: str
    django_attribute: str
    setting: str
    suffix: str


_HEADERS = (
    _Header(
        name=HEADER,
        report_only=False,
        django_setting="SECURE_CSP",
        django_attribute="_csp_config",
        setting="CONTENT_SECURITY_POLICY",
        suffix="",
    ),
    _Header(
        name=HEADER_REPORT_ONLY,
        report_only=True,
        django_setting="SECURE_CSP_REPORT_ONLY",
        django_attribute="_csp_ro_config",
        setting="CONTENT_SECURITY_POLICY_REPORT_ONLY",
        suffix="_ro",
    ),
)

#: Where Django's context processor looks for the nonce.
_NONCE = "_csp_nonce"

_UNSET: Any = object()


class ContentSecurityPolicyMiddleware(MiddlewareMixin):
    """Write the two Content Security Policy headers, and offer the nonce on the request.

    ``request.csp_nonce`` and ``request._csp_nonce`` are one lazy value. Where django-csp's
    settings hold, reading it first after the headers were written raises
    :class:`~ringfence.rings.csp.nonce.NonceError`, a subclass of its ``CSPNonceError``.
    """

    def __init__(self, get_response: Any) -> None:
        super().__init__(get_response)
        # Our own methods never block; a subclass's may, and keep their thread.
        self._may_block = any(
            getattr(type(self), name) is not getattr(ContentSecurityPolicyMiddleware, name)
            for name in ("process_request", "process_response", "get_policy_parts")
        )

    async def __acall__(self, request: HttpRequest) -> HttpResponseBase:
        if self._may_block:
            return await super().__acall__(request)
        self.process_request(request)
        response: HttpResponseBase = await self.get_response(request)  # type: ignore[misc]
        return self.process_response(request, response)

    def process_request(self, request: HttpRequest) -> None:
        """Put the nonce on the request."""
        if _is_fenced(request):
            return
        nonce = Nonce()
        request.csp_nonce = nonce  # type: ignore[attr-defined]
        setattr(request, _NONCE, nonce)

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Write the headers; one that the view has set is left as it is."""
        if _is_fenced(request):
            return response
        answered_as_django_csp = False
        for header in _HEADERS:
            if self._is_djangos(header, response):
                self._write_as_django(header, request, response)
            elif not (settings.DEBUG and response.status_code in _DEBUG_PAGES):
                answered_as_django_csp = True
                self._write_as_django_csp(header, request, response)
        if answered_as_django_csp:
            self._seal(request)
        return response

    def _is_djangos(self, header: _Header, response: HttpResponseBase) -> bool:
        """Whether Django's way of answering holds for ``header``."""
        if getattr(settings, header.django_setting, None):
            return True
        if getattr(settings, header.setting, None) or not _DJANGO_HAS_CSP:
            return False
        if type(self).get_policy_parts is not ContentSecurityPolicyMiddleware.get_policy_parts:
            return False
        return not any(
            hasattr(response, f"{name}{header.suffix}") for name in ("_csp_update", "_csp_replace")
        ) and not (header.report_only and hasattr(response, "_csp_config_ro"))

    def _write_as_django(
        self, header: _Header, request: HttpRequest, response: HttpResponseBase
    ) -> None:
        config = getattr(response, header.django_attribute, _UNSET)
        if config is _UNSET:
            config = getattr(settings, header.django_setting, None)
        if config and header.name not in response.headers:
            response.headers[header.name] = serialize_django(config, _read_nonce(request))

    def _write_as_django_csp(
        self, header: _Header, request: HttpRequest, response: HttpResponseBase
    ) -> None:
        parts = self.get_policy_parts(request, response, report_only=header.report_only)
        policy = _build(parts, header)
        if (
            policy
            and header.name not in response.headers
            and getattr(response, f"_csp_exempt{header.suffix}", False) is False
            and not _is_excluded(request, header)
        ):
            response.headers[header.name] = policy

    @staticmethod
    def _seal(request: HttpRequest) -> None:
        nonce = getattr(request, _NONCE, None)
        if nonce is None:
            nonce = Nonce()
            request.csp_nonce = nonce  # type: ignore[attr-defined]
        if type(nonce) is Nonce:
            nonce.seal()

    def get_policy_parts(
        self,
        request: HttpRequest,
        response: HttpResponseBase,
        report_only: bool = False,  # noqa: FBT001, FBT002 - the signature is django-csp's
    ) -> PolicyParts:
        """Return what a view's decorators said, and the nonce if it was read (django-csp)."""
        suffix = "_ro" if report_only else ""
        return PolicyParts(
            getattr(response, f"_csp_config{suffix}", None),
            getattr(response, f"_csp_update{suffix}", None),
            getattr(response, f"_csp_replace{suffix}", None),
            _read_nonce(request),
        )

    def build_policy(self, request: HttpRequest, response: HttpResponseBase) -> str:
        """Return the enforced policy (django-csp, deprecated there)."""
        warnings.warn("Use get_policy_parts().", DeprecationWarning, stacklevel=2)
        return _build(self.get_policy_parts(request, response), _HEADERS[0])

    def build_policy_ro(self, request: HttpRequest, response: HttpResponseBase) -> str:
        """Return the report-only policy (django-csp, deprecated there)."""
        warnings.warn("Use get_policy_parts().", DeprecationWarning, stacklevel=2)
        return _build(self.get_policy_parts(request, response, report_only=True), _HEADERS[1])


def _read_nonce(request: HttpRequest) -> str | None:
    """Return the nonce if anything has read it, without reading it."""
    nonce = getattr(request, _NONCE, None)
    return str(nonce) if nonce else None


def _setting(header: _Header) -> Mapping[str, Any]:
    return getattr(settings, header.setting, None) or {}


def _build(parts: PolicyParts, header: _Header) -> str:
    # A subclass may return the parts of django-csp's own class.
    values = asdict(parts)
    config = values.pop("config")
    if config is None:
        setting = _setting(header)
        config = django_csp_config(setting.get("DIRECTIVES", {})) if setting else None
    return serialize_django_csp(config, **values)


def _is_excluded(request: HttpRequest, header: _Header) -> bool:
    prefixes = _setting(header).get("EXCLUDE_URL_PREFIXES") or ()
    return request.path_info.startswith(tuple(prefixes))


def _is_fenced(request: HttpRequest) -> bool:
    """Whether the fence in front has its CSP ring on, and writes the policy."""
    fence = fence_of(request)
    return fence is not None and fence.csp is not None
