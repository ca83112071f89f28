"""The only reader of settings: the site's settings in, one frozen :class:`Fence` out.

Where ``RINGFENCE`` is silent, what the site already says is honoured: Django's own settings,
django-cors-headers', django-csp's and django-permissions-policy's.
"""

from __future__ import annotations

import datetime
import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from ringfence.fence import ANYONE, RINGS, Fence, Framing
from ringfence.finding import Findings, Severity, unknown_keys
from ringfence.rings.cors import policy as cors_policy
from ringfence.rings.csp import policy as csp_policy
from ringfence.rings.csrf import parse as csrf_parse
from ringfence.rings.csrf.policy import CsrfPolicy
from ringfence.rings.escaping import policy as escaping_policy
from ringfence.rings.isolation import checks as isolation_checks
from ringfence.rings.isolation import framing
from ringfence.rings.isolation import policy as isolation_policy
from ringfence.rings.transport import checks as transport_checks
from ringfence.rings.transport import policy as transport_policy

__all__ = ["compile_fence", "current", "require"]

#: Keys of RINGFENCE: the rings, and what the tool is told that attacks a copy of the site.
KEYS = (*RINGS, "prove")

_lock = threading.Lock()
_fence: Fence | None = None


def current() -> Fence:
    """Return the fence compiled from the settings as they are now. Never raises.

    Compiled once; Django's ``setting_changed`` signal (sent by test overrides) drops it.
    """
    fence = _fence
    return fence if fence is not None else _compile_current()


def require() -> Fence:
    """Return the current fence, if it may serve.

    :raises ImproperlyConfigured: with every error of the configuration, one a line.
    """
    fence = current()
    errors = fence.errors
    if errors:
        count = f"{len(errors)} error" + ("s" if len(errors) > 1 else "")
        lines = "\n".join(f"- {error}" for error in errors)
        raise ImproperlyConfigured(f"ringfence refuses this configuration ({count}):\n{lines}")
    return fence


def _compile_current() -> Fence:
    global _fence
    with _lock:
        if _fence is None:
            _fence = compile_fence(_values(), overridden=_overridden(), today=_today())
        return _fence


def _forget(**_kwargs: object) -> None:
    global _fence
    with _lock:
        _fence = None


setting_changed.connect(_forget, dispatch_uid="ringfence.conf")


def _today() -> datetime.date:
    return datetime.datetime.now(tz=datetime.UTC).date()


#: Settings with these names are read; reading any other may warn, or raise, for no use.
_READ = (
    "RINGFENCE",
    "CONTENT_SECURITY_POLICY",
    "CORS_",
    "CSRF_",
    "PERMISSIONS_POLICY",
    "SECURE_",
    "SESSION_COOKIE_",
    "X_FRAME_OPTIONS",
)


def _names() -> list[str]:
    return [name for name in dir(django_settings) if name.startswith(_READ)]


def _values() -> dict[str, Any]:
    return {name: getattr(django_settings, name) for name in _names()}


def _overridden() -> frozenset[str]:
    return frozenset(name for name in _names() if django_settings.is_overridden(name))


def compile_fence(
    settings: Mapping[str, Any], *, overridden: frozenset[str], today: datetime.date
) -> Fence:
    """Compile ``settings`` into a fence.

    ``overridden`` names the settings that the site wrote itself (against those that stand at
    Django's defaults); ``today`` is what an HSTS ramp counts from. Every problem of every ring
    becomes a finding; nothing is raised.
    """
    findings = Findings()
    config = settings.get("RINGFENCE", {})
    if not isinstance(config, Mapping):
        findings.add(
            "RING002",
            setting="RINGFENCE",
            value=config,
            reason="it is no dict.",
            fix='Write RINGFENCE = {"csp": "strict"}, or remove it for the defaults.',
        )
        config = {}
    unknown_keys(config, KEYS, findings, setting="RINGFENCE", code="RING001")
    for ring in RINGS:
        if config.get(ring, True) is False:
            findings.add(
                "RING003",
                setting=f"RINGFENCE[{ring!r}]",
                value=False,
                reason=f"the {ring} ring is switched off.",
                fix="Remove the line to switch it on again.",
            )
    csrf = _csrf(config, settings, findings)
    cors = _cors(config, settings, findings, overridden)
    transport = _transport(config, settings, findings, overridden, today)
    isolation = _isolation(config, settings, findings, overridden)
    csp, exclude, exclude_report_only, percentage = _csp(config, settings, findings)
    escaping = escaping_policy.parse(config.get("escaping"), findings)
    frame = _framing(settings, findings, overridden, csp)
    if transport is not None:
        findings.items.extend(transport_checks.findings(transport))
    if isolation is not None:
        findings.items.extend(isolation_checks.findings(isolation))
    if ANYONE.intersection(frame.ancestors or ()):
        findings.add(
            "RING008",
            setting="frame-ancestors",
            value=" ".join(frame.ancestors or ()),
            reason="every site may frame this one, and steal its visitors' clicks.",
            fix="Name the sites that may; open single views with @xframe_options_exempt.",
        )
    if csp is not None and not frame.explicit and csp.enforce:
        first = csp.enforce[0].with_frame_ancestors(frame.ancestors)
        csp = replace(csp, enforce=(first, *csp.enforce[1:]))
    return Fence(
        csrf=csrf,
        cors=cors,
        csp=csp,
        escaping=escaping,
        isolation=isolation,
        transport=transport,
        framing=frame,
        csp_exclude=exclude,
        csp_exclude_report_only=exclude_report_only,
        report_percentage=percentage,
        cors_listens=config.get("cors", True) is not False,
        behind_proxy=settings.get("SECURE_PROXY_SSL_HEADER") is not None,
        findings=tuple(findings),
    )


def _csrf(
    config: Mapping[str, Any], settings: Mapping[str, Any], findings: Findings
) -> CsrfPolicy | None:
    base = csrf_parse.from_django(settings, findings)
    if "csrf" not in config:
        return base
    return csrf_parse.parse(config["csrf"], findings, base)


def _cors(
    config: Mapping[str, Any],
    settings: Mapping[str, Any],
    findings: Findings,
    overridden: frozenset[str],
) -> cors_policy.CorsSite | None:
    legacy = sorted(name for name in overridden if name.startswith("CORS_"))
    if "cors" not in config:
        return cors_policy.from_corsheaders(settings, findings)
    if legacy and config["cors"] is not False:
        findings.add(
            "CORS301",
            setting="RINGFENCE['cors']",
            reason=f"{', '.join(legacy)} also say who may read responses.",
            fix="RINGFENCE['cors'] holds; remove the others.",
            severity=Severity.WARNING,
        )
    site = cors_policy.parse(config["cors"], findings)
    if site is not None:
        policies = (site.default, *site.by_name.values(), *(p for _, p in site.by_path))
        for dynamic in {p.dynamic for p in policies if p and isinstance(p.dynamic, str)}:
            try:
                import_string(dynamic)
            except ImportError as error:
                findings.add(
                    "CORS122",
                    setting="RINGFENCE['cors']['origins']",
                    value=dynamic,
                    reason=f"it cannot be imported: {error}.",
                    fix="Write the dotted path of a callable (request, origin) -> bool.",
                )
    return site


def _transport(
    config: Mapping[str, Any],
    settings: Mapping[str, Any],
    findings: Findings,
    overridden: frozenset[str],
    today: datetime.date,
) -> transport_policy.TransportPolicy | None:
    if config.get("transport") is False:
        return None
    base = transport_policy.from_django(settings, findings, overridden=overridden)
    if "transport" not in config:
        return base
    return transport_policy.parse(config["transport"], findings, base, today=today)


def _isolation(
    config: Mapping[str, Any],
    settings: Mapping[str, Any],
    findings: Findings,
    overridden: frozenset[str],
) -> isolation_policy.IsolationPolicy | None:
    if config.get("isolation") is False:
        return None
    base = isolation_policy.from_django(settings, findings, overridden=overridden)
    if "isolation" not in config:
        return base
    return isolation_policy.parse(config["isolation"], findings, base)


def _csp(
    config: Mapping[str, Any], settings: Mapping[str, Any], findings: Findings
) -> tuple[csp_policy.CspRing | None, tuple[str, ...], tuple[str, ...], float]:
    """Return the ring, and what django-csp's settings say beside their policies.

    That is the excluded prefixes of both dispositions, and the report percentage.
    """
    django = tuple(n for n in ("SECURE_CSP", "SECURE_CSP_REPORT_ONLY") if settings.get(n))
    package = tuple(
        n
        for n in ("CONTENT_SECURITY_POLICY", "CONTENT_SECURITY_POLICY_REPORT_ONLY")
        if settings.get(n)
    )
    if "csp" in config:
        if config["csp"] is not False and (django or package):
            findings.add(
                "CSP302",
                setting="RINGFENCE['csp']",
                reason=f"{', '.join(django + package)} also set a policy.",
                fix="RINGFENCE['csp'] holds; remove the others.",
                severity=Severity.WARNING,
            )
        return csp_policy.parse(config["csp"], findings), (), (), 100.0
    if django and package:
        findings.add(
            "CSP302",
            setting=", ".join(django),
            reason=f"{', '.join(package)} set a policy as well.",
            fix="Django's settings hold where both speak; remove django-csp's.",
            severity=Severity.WARNING,
        )
    enforce, exclude, percentage = _policy_of_site("", settings, findings)
    report_only, exclude_ro, percentage_ro = _policy_of_site("_REPORT_ONLY", settings, findings)
    ring = csp_policy.parse("base", findings) if enforce is None else None
    if ring is None:
        assert enforce is not None
        ring = csp_policy.CspRing(enforce=(enforce,), report_only=(), reporting_endpoints="")
    if report_only is not None:
        ring = replace(ring, report_only=(report_only,))
    return ring, exclude, exclude_ro, min(percentage, percentage_ro)


def _policy_of_site(
    suffix: str, settings: Mapping[str, Any], findings: Findings
) -> tuple[csp_policy.CspPolicy | None, tuple[str, ...], float]:
    name = f"SECURE_CSP{suffix}"
    if settings.get(name):
        policy = csp_policy.from_django(settings[name], findings, name)
        return policy, (), 100.0
    name = f"CONTENT_SECURITY_POLICY{suffix}"
    if settings.get(name):
        return csp_policy.from_django_csp(settings[name], findings, name)
    return None, (), 100.0


def _framing(
    settings: Mapping[str, Any],
    findings: Findings,
    overridden: frozenset[str],
    csp: csp_policy.CspRing | None,
) -> Framing:
    """Decide who may frame the site, so that frame-ancestors and X-Frame-Options agree."""
    fallback = str(settings.get("X_FRAME_OPTIONS", "DENY")).strip().upper()
    fallback = fallback if fallback in ("DENY", "SAMEORIGIN") else "DENY"
    for policy in csp.enforce if csp is not None else ():
        if policy.frame_ancestors_explicit:
            ancestors = policy.get("frame-ancestors")
            written = str(settings.get("X_FRAME_OPTIONS"))
            if "X_FRAME_OPTIONS" in overridden and not framing.agree(written, ancestors):
                findings.add(
                    "ISO303",
                    setting="X_FRAME_OPTIONS",
                    value=written,
                    reason=f"the policy says frame-ancestors {' '.join(ancestors or ())}, which "
                    "every browser prefers.",
                    fix="Remove X_FRAME_OPTIONS, or write the same in both.",
                )
            return Framing(
                ancestors, framing.x_frame_options_for(ancestors), explicit=True, fallback=fallback
            )
    preset = csp.enforce[0].get("frame-ancestors") if csp is not None and csp.enforce else None
    if "X_FRAME_OPTIONS" in overridden or preset is None:
        ancestors = framing.frame_ancestors_for(str(settings.get("X_FRAME_OPTIONS", "DENY")))
    else:
        ancestors = preset
    return Framing(
        ancestors, framing.x_frame_options_for(ancestors), explicit=False, fallback=fallback
    )
