"""Django system checks: every finding of the compiled fence, under its own code."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Callable, Iterator, Mapping
from types import FrameType
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.core import checks
from django.core.management.base import BaseCommand
from django.core.management.commands.check import Command as CheckCommand
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.module_loading import import_string

from ringfence import conf
from ringfence.finding import Finding, Findings, Severity
from ringfence.replaced import REPLACED
from ringfence.rings.cors.checks import is_public_suffix, public_suffix_findings
from ringfence.rings.escaping.checks import template_findings
from ringfence.seams import checks as seam

__all__ = ["register"]

_LEVELS: dict[Severity, Callable[..., checks.CheckMessage]] = {
    Severity.INFO: checks.Info,
    Severity.WARNING: checks.Warning,
    Severity.DEPLOY_ERROR: checks.Warning,
    Severity.ERROR: checks.Error,
}
#: Under ``--deploy`` what must not be deployed is an error.
_AUDITED = _LEVELS | {Severity.DEPLOY_ERROR: checks.Error}


def register() -> None:
    """Register the checks, and let Django's own judge what the fence does."""
    seam.install()
    checks.register(check_settings, checks.Tags.security)
    checks.register(check_deployment, checks.Tags.security, deploy=True)
    checks.register(check_audit, "ringfence", deploy=True)


def check_settings(app_configs: Any = None, **_kwargs: Any) -> list[checks.CheckMessage]:
    """Report what the settings say: errors keep the site from being served."""
    found = _all_findings()
    levels = _LEVELS
    if _inside_a_command_that_must_run():
        levels = levels | {Severity.ERROR: checks.Warning}
    if not seam.fence_in_use():
        # What could be better about a fence that is not in use is not what matters of it.
        found = Findings([item for item in found if item.severity >= Severity.DEPLOY_ERROR])
    found.items.extend(_placement())
    return [_message(item, levels[item.severity]) for item in found]


def _all_findings() -> Findings:
    """Return what the settings say, and what needs data that no request does."""
    fence = conf.current()
    found = Findings(list(fence.findings))
    public_suffix_findings(fence.cors, found)
    if fence.cors is not None and fence.cors.by_name:
        _unknown_views(fence.cors.by_name, found)
    if fence.escaping is not None and seam.fence_in_use():
        template_findings(settings.TEMPLATES, found)
    if fence.csrf is not None:
        for setting, rules in (
            ("RINGFENCE['csrf']['trusted_origins']", fence.csrf.trusted),
            ("CSRF_TRUSTED_ORIGINS", fence.csrf.token_trusted),
        ):
            for scheme, host, _ in sorted(rules.suffixes):
                if is_public_suffix(host.strip(".")):
                    found.add(
                        "CSRF107",
                        setting=setting,
                        value=f"{scheme}://*.{host}",
                        reason=f"anyone can get a host below {host!r}, which is a public suffix.",
                        fix="Name the host that is yours, as https://me.github.io.",
                    )
    return found


def _unknown_views(by_name: Mapping[str, object], found: Findings) -> None:
    """Name the policies that no view has: the view that was meant has the site's."""
    known = set(_view_names(get_resolver()))
    for name in by_name:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            found.add(
                "CORS123",
                setting="RINGFENCE['cors']['views']",
                value=name,
                reason="no URL pattern has this name, so the view that is meant follows the "
                "site's policy.",
                fix=f"Did you mean {near[0]!r}?" if near else "Write a name of your URLconf.",
            )


def _view_names(resolver: URLResolver, namespaces: tuple[str, ...] = ()) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _view_names(pattern, inner)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield ":".join((*namespaces, pattern.name))


def _inside_a_command_that_must_run() -> bool:
    """Whether a management command other than ``check`` asks.

    Django ends any command whose checks find an error. A refused configuration must not be
    served, and is not: the middleware raises. But ``migrate``, ``makemigrations`` or a command
    that repairs it serve nothing, and go on with a warning. Django tells a check nothing of who
    asks, so the answer is looked up among the callers.
    """
    caller: FrameType | None = sys._getframe(1)  # noqa: SLF001 - CPython's own name for it
    while caller is not None:
        asker = caller.f_locals.get("self")
        if isinstance(asker, BaseCommand):
            return not isinstance(asker, CheckCommand)
        caller = caller.f_back
    return False


def check_deployment(app_configs: Any = None, **_kwargs: Any) -> list[checks.CheckMessage]:
    """Report what must not be deployed: dangerous settings that are kept."""
    return [
        _message(item, checks.Error)
        for item in _all_findings()
        if item.severity is Severity.DEPLOY_ERROR
    ]


def check_audit(app_configs: Any = None, **_kwargs: Any) -> list[checks.CheckMessage]:
    """Report what the audit's rules find in the settings, and neither Django's checks nor ours."""
    from ringfence.audit.loaded import findings  # noqa: PLC0415 - nobody serves with it

    values = {
        name: getattr(settings, name)
        for name in dir(settings)
        if name.isupper() and settings.is_overridden(name)
    }
    return [
        _AUDITED[item.severity](
            f"{item.title}: {item.hit.reason}", hint=item.hit.fix, id=f"ringfence.{item.code}"
        )
        for item in findings(str(settings.SETTINGS_MODULE), values)
    ]


def _message(item: Finding, level: Callable[..., checks.CheckMessage]) -> checks.CheckMessage:
    place = f"{item.setting} = {item.value}" if item.value else item.setting
    return level(f"{place}: {item.reason}", hint=item.fix, id=f"ringfence.{item.code}")


def _has_sessions() -> bool:
    for path in settings.MIDDLEWARE:
        try:
            found = import_string(path)
        except ImportError:  # Django says so itself when it serves
            continue
        if isinstance(found, type) and issubclass(found, SessionMiddleware):
            return True
    return False


def _placement() -> Findings:
    findings = Findings()
    if not seam.fence_in_use():
        if any(path.startswith("ringfence.middleware.") for path in settings.MIDDLEWARE):
            return findings  # moving in ring by ring
        findings.add(
            "RING004",
            setting="MIDDLEWARE",
            reason="ringfence is installed, but its middleware is not in MIDDLEWARE.",
            fix=f"Put {seam.FENCE!r} first.",
        )
        return findings
    if not seam.is_fence(settings.MIDDLEWARE[0]):
        findings.add(
            "RING005",
            setting="MIDDLEWARE",
            value=settings.MIDDLEWARE[0],
            reason="what stands before the fence answers without its headers.",
            fix=f"Put {seam.FENCE!r} first.",
        )
    if not apps.is_installed("ringfence"):
        findings.add(
            "RING007",
            setting="INSTALLED_APPS",
            reason="without the app its checks and commands are missing.",
            fix="Add 'ringfence'.",
        )
    fence = conf.current()
    if settings.CSRF_USE_SESSIONS and fence.csrf is not None and not _has_sessions():
        findings.add(
            "CSRF302",
            setting="CSRF_USE_SESSIONS",
            value=True,
            reason="the token is kept in the session, and no session middleware of Django's, or "
            "subclass of it, is in MIDDLEWARE.",
            fix="Add 'django.contrib.sessions.middleware.SessionMiddleware' below the fence.",
        )
    for path in settings.MIDDLEWARE:
        rings = REPLACED.get(path)
        if rings is not None and all(fence.is_on(ring) for ring in rings):
            findings.add(
                "RING006",
                setting="MIDDLEWARE",
                value=path,
                reason="the fence does its work already, and what it writes by its own settings is "
                "left as a view's is: RINGFENCE does not reach it.",
                fix="Remove it; its settings keep being honoured.",
            )
    return findings
