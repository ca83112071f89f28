"""The seam by which ``check --deploy`` stays truthful.

Django's security checks look for its own middlewares' names in ``MIDDLEWARE``. Where one of
ringfence's stand-alone classes does the work, the question "is it there?" is answered yes, and
Django's checks go on to judge its settings. Where the whole fence does it, each of those checks
is replaced in the registry by one with the same identifier that judges what the fence does.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning  # noqa: A004 - Django's own name for it
from django.core.checks.registry import registry
from django.core.checks.security import base, csrf, sessions
from django.utils.module_loading import import_string

from ringfence import conf
from ringfence.fence import ANYONE, Fence
from ringfence.rings.escaping.checks import escapes_by_context

__all__ = ["fence_in_use", "install"]

FENCE = "ringfence.middleware.RingfenceMiddleware"

Check = Callable[..., list[CheckMessage]]
Effect = Callable[[Fence], list[CheckMessage]]


def fence_in_use() -> bool:
    """Whether the fence, or a subclass of it, stands in ``MIDDLEWARE``."""
    return any(is_fence(path) for path in settings.MIDDLEWARE)


def is_fence(path: str) -> bool:
    """Whether a dotted path names the fence or a subclass of it."""
    if path == FENCE:
        return True
    if path.startswith("django."):
        return False
    try:
        found = import_string(path)
    except ImportError:
        return False
    from ringfence.middleware import RingfenceMiddleware  # noqa: PLC0415 - it imports this package

    return isinstance(found, type) and issubclass(found, RingfenceMiddleware)


def install() -> None:
    """Replace Django's checks in the registry, and teach it the stand-alone names. Once."""
    if getattr(getattr(base, "_security_middleware"), "ringfence_seam", False):  # noqa: B009 - untyped
        return
    helpers: tuple[tuple[Any, str, str], ...] = (
        (base, "_security_middleware", "SecurityMiddleware"),
        (base, "_xframe_middleware", "XFrameOptionsMiddleware"),
        (base, "_csp_middleware", "ContentSecurityPolicyMiddleware"),
        (csrf, "_csrf_middleware", "CsrfViewMiddleware"),
    )
    for module, helper, name in helpers:
        original = getattr(module, helper, None)
        if original is not None:  # Django 5.2 has no CSP
            setattr(module, helper, _or_standalone(original, f"ringfence.middleware.{name}"))
    for check, effect in _effects():
        ours = _judging(check, effect)
        pools: tuple[set[Any], ...] = (registry.registered_checks, registry.deployment_checks)
        for pool in pools:
            if check in pool:
                pool.discard(check)
                pool.add(ours)


def _or_standalone(original: Callable[[], bool], path: str) -> Callable[[], bool]:
    @functools.wraps(original)
    def is_there() -> bool:
        return original() or path in settings.MIDDLEWARE

    is_there.ringfence_seam = True  # type: ignore[attr-defined]  # how install() knows
    return is_there


def _judging(original: Check, effect: Effect) -> Check:
    @functools.wraps(original)
    def check(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
        if not fence_in_use():
            return original(app_configs, **kwargs)
        return effect(conf.current())

    return check


def _effects() -> list[tuple[Check, Effect]]:
    pairs: list[tuple[Check, Effect]] = [
        (base.check_security_middleware, _security),
        (base.check_xframe_options_middleware, _framing),
        (base.check_sts, _hsts),
        (base.check_sts_include_subdomains, _hsts_subdomains),
        (base.check_sts_preload, _hsts_preload),
        (base.check_content_type_nosniff, _nosniff),
        (base.check_ssl_redirect, _redirect),
        (base.check_xframe_deny, _framing_deny),
        (base.check_referrer_policy, _referrer),
        (base.check_cross_origin_opener_policy, _opener),
        (csrf.check_csrf_middleware, _csrf),
        (csrf.check_csrf_cookie_secure, _csrf_cookie),
        (sessions.check_session_cookie_secure, _session_secure),
        (sessions.check_session_cookie_httponly, _session_httponly),
    ]
    nonce = getattr(base, "check_csp_nonce_context_processor", None)
    if nonce is not None:
        pairs.append((nonce, _nonce))
    return pairs


def _warn(identifier: str, message: str, fix: str) -> CheckMessage:
    return Warning(message, hint=fix, id=f"security.{identifier}")


def _security(fence: Fence) -> list[CheckMessage]:
    if fence.transport is not None:
        return []
    return [
        _warn(
            "W001",
            "The fence's transport ring is switched off, so the SECURE_HSTS_SECONDS, "
            "SECURE_CONTENT_TYPE_NOSNIFF, SECURE_REFERRER_POLICY, and SECURE_SSL_REDIRECT "
            "settings will have no effect.",
            "Remove RINGFENCE['transport'] = False.",
        )
    ]


def _framing(fence: Fence) -> list[CheckMessage]:
    by_policy = fence.csp is not None and any(
        limits is not None and not ANYONE.intersection(limits)
        for limits in (policy.get("frame-ancestors") for policy in fence.csp.enforce)
    )
    by_header = fence.isolation is not None and fence.framing.x_frame_options is not None
    if by_policy or by_header:
        return []
    return [
        _warn(
            "W002",
            "The fence sends neither frame-ancestors nor X-Frame-Options, so any site may frame "
            "your pages.",
            "Switch the csp or the isolation ring on.",
        )
    ]


def _framing_deny(fence: Fence) -> list[CheckMessage]:
    if _framing(fence) or fence.framing.ancestors == ("'none'",):
        return []
    return [
        _warn(
            "W019",
            "The fence lets pages be framed by: "
            f"{' '.join(fence.framing.ancestors or ('anyone',))}.",
            "Unless the site frames itself, set X_FRAME_OPTIONS = 'DENY'.",
        )
    ]


def _hsts(fence: Fence) -> list[CheckMessage]:
    if fence.transport is None or fence.transport.hsts_seconds:
        return []
    return [
        _warn(
            "W004",
            "The fence sends no Strict-Transport-Security: a visitor's first request may go over "
            "plain http each time.",
            "Where the whole site is served over https, write RINGFENCE['transport'] = 'https'.",
        )
    ]


def _hsts_subdomains(fence: Fence) -> list[CheckMessage]:
    transport = fence.transport
    if transport is None or not transport.hsts_seconds or transport.hsts_include_subdomains:
        return []
    return [
        _warn(
            "W005",
            "The fence's Strict-Transport-Security leaves subdomains out.",
            "Where all of them are served over https, set SECURE_HSTS_INCLUDE_SUBDOMAINS or "
            "RINGFENCE['transport']['hsts']['include_subdomains'] to True.",
        )
    ]


def _hsts_preload(fence: Fence) -> list[CheckMessage]:
    transport = fence.transport
    if transport is None or not transport.hsts_seconds or transport.hsts_preload:
        return []
    return [
        _warn(
            "W021",
            "The fence's Strict-Transport-Security does not ask for preloading, so the site "
            "cannot be submitted to the browsers' list.",
            "Set SECURE_HSTS_PRELOAD or RINGFENCE['transport']['hsts']['preload'] to True.",
        )
    ]


def _nosniff(fence: Fence) -> list[CheckMessage]:
    if fence.transport is None or fence.transport.nosniff:
        return []
    return [
        _warn(
            "W006",
            "The fence does not send X-Content-Type-Options: nosniff.",
            "Remove SECURE_CONTENT_TYPE_NOSNIFF = False, or RINGFENCE['transport']['nosniff'].",
        )
    ]


def _redirect(fence: Fence) -> list[CheckMessage]:
    if fence.transport is None or fence.transport.redirect:
        return []
    return [
        _warn(
            "W008",
            "The fence does not redirect plain http to https.",
            "Write RINGFENCE['transport'] = 'https', unless a proxy redirects already.",
        )
    ]


def _referrer(fence: Fence) -> list[CheckMessage]:
    if fence.transport is None:
        return []
    value = fence.transport.referrer_policy
    if not value:
        return [
            _warn(
                "W022",
                "The fence sends no Referrer-Policy: the addresses of your pages, and what is "
                "in them, go to every site they link to.",
                "Set SECURE_REFERRER_POLICY, or RINGFENCE['transport']['referrer_policy'].",
            )
        ]
    tokens = {token.strip() for token in value.split(",")}
    return [] if tokens <= base.REFERRER_POLICY_VALUES else [base.E023]


def _opener(fence: Fence) -> list[CheckMessage]:
    if fence.isolation is None or fence.isolation.coop is None:
        return []
    known = base.CROSS_ORIGIN_OPENER_POLICY_VALUES | {"noopener-allow-popups"}
    return [] if fence.isolation.coop in known else [base.E024]


def _csrf(fence: Fence) -> list[CheckMessage]:
    if fence.csrf is not None:
        return []
    return [
        _warn(
            "W003",
            "The fence's CSRF ring is switched off, so any site may post in your visitors' name.",
            "Remove RINGFENCE['csrf'] = False.",
        )
    ]


def _floor_is_whole(fence: Fence) -> bool:
    """Whether no cookie leaves over plain http: the floor stands, and http is redirected."""
    transport = fence.transport
    return transport is not None and transport.redirect and not transport.redirect_exempt


def _csrf_cookie(fence: Fence) -> list[CheckMessage]:
    if (
        fence.csrf is None
        or fence.csrf.tokens == "never"
        or settings.CSRF_USE_SESSIONS
        or settings.CSRF_COOKIE_SECURE is True
        or (_floor_is_whole(fence) and _raises(fence, settings.CSRF_COOKIE_NAME, "secure"))
    ):
        return []
    return [
        _warn(
            "W016",
            "The CSRF cookie may go over plain http: the fence makes it Secure only in answers "
            "over https, and http is not redirected.",
            "Write RINGFENCE['transport'] = 'https', or set CSRF_COOKIE_SECURE to True.",
        )
    ]


def _session_secure(fence: Fence) -> list[CheckMessage]:
    if _floor_is_whole(fence) and _raises(fence, settings.SESSION_COOKIE_NAME, "secure"):
        return []
    return list(sessions.check_session_cookie_secure(None))


def _session_httponly(fence: Fence) -> list[CheckMessage]:
    if _raises(fence, settings.SESSION_COOKIE_NAME, "httponly"):
        return []
    return list(sessions.check_session_cookie_httponly(None))


def _raises(fence: Fence, name: str, attribute: str) -> bool:
    """Whether the floor raises that attribute of that cookie: tried on a bare one."""
    if fence.transport is None:
        return False
    morsel: dict[str, object] = {"secure": "", "httponly": "", "samesite": "", "path": "/"}
    fence.transport.cookies.apply(morsel, name, secure=True)
    return bool(morsel[attribute])


def _nonce(fence: Fence) -> list[CheckMessage]:
    if fence.csp is None or not fence.csp.uses_nonce:
        return []
    readers = {
        "django.template.context_processors.csp",
        "django.template.context_processors.request",
        "ringfence.context_processors.csp",
    }
    given = fence.escaping is not None and fence.escaping.provenance
    for template in settings.TEMPLATES:
        if given and escapes_by_context(str(template.get("BACKEND", ""))):
            return []  # it gives the nonce to the templates' own scripts by itself
        processors = template.get("OPTIONS", {}).get("context_processors", [])
        if readers.intersection(processors):
            return []
    return [
        _warn(
            "W027",
            "The policy holds a nonce, but no template can read it: scripts of your own will be "
            "blocked.",
            "Add 'ringfence.context_processors.csp' to the context_processors of a template "
            "backend.",
        )
    ]
