"""The transport ring: how a response travels, and what the browser may do with it.

HTTPS redirect and HSTS (RFC 6797) against eavesdropping, a floor for cookies against their theft,
``X-Content-Type-Options`` against sniffing, Referrer-Policy and Permissions-Policy. A site that
says nothing gets what its ``SECURE_*`` settings say, and nothing that plain http would not
survive; ``RINGFENCE["transport"] = "https"`` turns on what https allows.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ringfence.finding import Findings, unknown_keys
from ringfence.rings.transport import cookies as _cookies
from ringfence.rings.transport import hsts as _hsts
from ringfence.rings.transport._shape import (
    did_you_mean,
    read_flag,
    wrong_type,
)
from ringfence.rings.transport.cookies import CookieFloor, CookieRule
from ringfence.rings.transport.hsts import Hsts
from ringfence.rings.transport.values import (
    parse_permissions_policy,
    parse_redirect_exempt,
    parse_redirect_host,
    parse_referrer_policy,
)

__all__ = ["KEYS", "CookieFloor", "CookieRule", "TransportPolicy", "from_django", "parse"]

Headers = tuple[tuple[str, str], ...]

#: What ``RINGFENCE["transport"]`` may hold.
KEYS = (
    "https",
    "redirect",
    "redirect_host",
    "redirect_exempt",
    "hsts",
    "nosniff",
    "referrer_policy",
    "permissions_policy",
    "permissions_policy_report_only",
    "cookies",
    "dangerously_any_host",
    "dangerously_unsafe_url",
)

#: The Django setting, or the other package's, that says the same as an option.
DJANGO_NAMES = {
    "redirect": "SECURE_SSL_REDIRECT",
    "redirect_host": "SECURE_SSL_HOST",
    "redirect_exempt": "SECURE_REDIRECT_EXEMPT",
    "hsts": "SECURE_HSTS_SECONDS",
    "nosniff": "SECURE_CONTENT_TYPE_NOSNIFF",
    "referrer_policy": "SECURE_REFERRER_POLICY",
    "permissions_policy": "PERMISSIONS_POLICY",
    "permissions_policy_report_only": "PERMISSIONS_POLICY_REPORT_ONLY",
}


@dataclass(frozen=True, slots=True)
class TransportPolicy:
    """What the transport ring was told; the headers' values are ready to send.

    ``hsts`` is the header's whole value, "" for none; the three fields behind it are what it was
    made of. ``hsts_ramp`` says that the calendar chose the seconds. ``decided`` says that someone
    decided whether the site is served over https.
    """

    redirect: bool = False
    redirect_host: str = ""
    redirect_exempt: tuple[re.Pattern[str], ...] = ()
    hsts: str = ""
    hsts_seconds: int = 0
    hsts_include_subdomains: bool = False
    hsts_preload: bool = False
    hsts_ramp: bool = False
    nosniff: bool = True
    referrer_policy: str = "same-origin"
    permissions_policy: str = ""
    permissions_policy_report_only: str = ""
    cookies: CookieFloor = field(default_factory=CookieFloor)
    dangerously_any_host: bool = False
    decided: bool = False
    declared: frozenset[str] = frozenset()

    def fixed_headers(self) -> Headers:
        """Return the headers of every response.

        >>> TransportPolicy().fixed_headers()
        (('X-Content-Type-Options', 'nosniff'), ('Referrer-Policy', 'same-origin'))
        """
        pairs = (
            ("X-Content-Type-Options", "nosniff" if self.nosniff else ""),
            ("Referrer-Policy", self.referrer_policy),
            ("Permissions-Policy", self.permissions_policy),
            ("Permissions-Policy-Report-Only", self.permissions_policy_report_only),
        )
        return tuple(pair for pair in pairs if pair[1])

    def https_headers(self) -> Headers:
        """Return the headers that only a response over https may carry (RFC 6797, 7.2)."""
        return (("Strict-Transport-Security", self.hsts),) if self.hsts else ()

    def redirects(self, path: str) -> bool:
        """Whether a request for ``path`` over plain http is redirected.

        >>> policy = TransportPolicy(redirect=True, redirect_exempt=(re.compile("^health/$"),))
        >>> policy.redirects("/"), policy.redirects("/health/")
        (True, False)
        """
        if not self.redirect:
            return False
        path = path.lstrip("/")
        return not any(pattern.search(path) for pattern in self.redirect_exempt)

    def redirect_url(self, host: str, full_path: str) -> str:
        """Return where a request for ``full_path`` on the (already judged) ``host`` is sent.

        >>> TransportPolicy().redirect_url("example.com", "/a?b=c")
        'https://example.com/a?b=c'
        """
        return f"https://{self.redirect_host or host}{full_path}"


def from_django(
    settings: Mapping[str, object], findings: Findings, *, overridden: frozenset[str] = frozenset()
) -> TransportPolicy:
    """Return what Django's ``SECURE_*`` and cookie settings and ``PERMISSIONS_POLICY*`` mean.

    ``settings`` maps names to values, a missing name stands for Django's default; ``overridden``
    are the names that the site wrote itself. Never raises.
    """
    hsts = _hsts.from_django(settings, findings)
    redirect = bool(settings.get("SECURE_SSL_REDIRECT", False))
    https_settings = {"SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS"}
    return TransportPolicy(
        redirect=redirect,
        redirect_host=parse_redirect_host(
            settings.get("SECURE_SSL_HOST"), findings, "SECURE_SSL_HOST", django=True
        ),
        redirect_exempt=parse_redirect_exempt(
            settings.get("SECURE_REDIRECT_EXEMPT", []),
            findings,
            "SECURE_REDIRECT_EXEMPT",
            django=True,
        ),
        hsts=hsts.header(),
        hsts_seconds=hsts.seconds or 0,
        hsts_include_subdomains=hsts.include_subdomains,
        hsts_preload=hsts.preload,
        nosniff=bool(settings.get("SECURE_CONTENT_TYPE_NOSNIFF", True)),
        referrer_policy=parse_referrer_policy(
            settings.get("SECURE_REFERRER_POLICY", "same-origin"),
            findings,
            "SECURE_REFERRER_POLICY",
            django=True,
        ),
        permissions_policy=parse_permissions_policy(
            settings.get("PERMISSIONS_POLICY"), findings, "PERMISSIONS_POLICY", django=True
        ),
        permissions_policy_report_only=parse_permissions_policy(
            settings.get("PERMISSIONS_POLICY_REPORT_ONLY"),
            findings,
            "PERMISSIONS_POLICY_REPORT_ONLY",
            django=True,
        ),
        cookies=_cookies.from_django(settings, findings, overridden=overridden),
        decided=redirect or hsts.seconds is not None or not https_settings.isdisjoint(overridden),
        declared=overridden.intersection(DJANGO_NAMES.values()),
    )


def parse(
    config: object,
    findings: Findings,
    base: TransportPolicy | None = None,
    *,
    today: dt.date,
    setting: str = "RINGFENCE['transport']",
) -> TransportPolicy | None:
    """Return the policy that ``config`` (``RINGFENCE["transport"]``) makes of ``base``.

    ``config`` is ``"https"``, a dict of :data:`KEYS`, None for nothing said, or False for no
    transport ring (the answer is None). Whatever is wrong becomes a finding; never raises.

    >>> found = Findings()
    >>> policy = parse(
    ...     {"https": True, "hsts": {"since": "2026-11-01"}},
    ...     found,
    ...     today=dt.date(2026, 11, 16),
    ... )
    >>> policy.redirect, policy.hsts, len(found)
    (True, 'max-age=604800', 0)
    """
    base = TransportPolicy() if base is None else base
    if config is False:
        return None
    if config is None:
        return base
    if isinstance(config, str):
        if config != "https":
            findings.add(
                "TLS002",
                setting=setting,
                value=config,
                reason="there is no such preset.",
                fix=did_you_mean(config, ["https"]),
            )
            return base
        config = {"https": True}
    if not isinstance(config, Mapping):
        wrong_type(findings, setting, config, '"https", a dict of options, or False')
        return base
    unknown_keys(config, KEYS, findings, setting=setting, code="TLS001")
    return _compile(config, findings, base, today, setting)


def _compile(
    config: Mapping[object, object],
    findings: Findings,
    base: TransportPolicy,
    today: dt.date,
    setting: str,
) -> TransportPolicy:
    https_given = isinstance(config.get("https"), bool)
    https = read_flag(config, "https", findings, setting, default=False)
    hsts = _choose_hsts(
        config, findings, base, today, setting, https=https if https_given else None
    )

    def place(key: str) -> str:
        return f"{setting}['{key}']"

    unsafe_url = read_flag(config, "dangerously_unsafe_url", findings, setting, default=False)
    policy = TransportPolicy(
        redirect=read_flag(
            config, "redirect", findings, setting, default=https if https_given else base.redirect
        ),
        redirect_host=(
            parse_redirect_host(
                config["redirect_host"], findings, place("redirect_host"), django=False
            )
            if "redirect_host" in config
            else base.redirect_host
        ),
        redirect_exempt=(
            parse_redirect_exempt(
                config["redirect_exempt"], findings, place("redirect_exempt"), django=False
            )
            if "redirect_exempt" in config
            else base.redirect_exempt
        ),
        hsts=hsts.header(),
        hsts_seconds=hsts.seconds or 0,
        hsts_include_subdomains=hsts.include_subdomains,
        hsts_preload=hsts.preload,
        hsts_ramp=hsts.ramp,
        nosniff=read_flag(config, "nosniff", findings, setting, default=base.nosniff),
        referrer_policy=(
            parse_referrer_policy(
                config["referrer_policy"],
                findings,
                place("referrer_policy"),
                dangerously_unsafe_url=unsafe_url,
            )
            if "referrer_policy" in config
            else base.referrer_policy
        ),
        permissions_policy=_permissions(config, "permissions_policy", findings, setting, base),
        permissions_policy_report_only=_permissions(
            config, "permissions_policy_report_only", findings, setting, base
        ),
        cookies=_cookies.parse(
            config.get("cookies"), findings, place("cookies"), base.cookies, https=https
        ),
        dangerously_any_host=read_flag(
            config, "dangerously_any_host", findings, setting, default=False
        ),
        decided=base.decided or https_given or "redirect" in config or "hsts" in config,
        declared=base.declared,
    )
    _name_overruled(config, policy, base, findings, setting)
    return policy


def _choose_hsts(
    config: Mapping[object, object],
    findings: Findings,
    base: TransportPolicy,
    today: dt.date,
    setting: str,
    *,
    https: bool | None,
) -> Hsts:
    inherited = Hsts(
        base.hsts_seconds or None, base.hsts_include_subdomains, base.hsts_preload, base.hsts_ramp
    )
    place = f"{setting}['hsts']"
    if "hsts" in config:
        return _hsts.parse(config["hsts"], findings, place, inherited, today=today)
    if https is False:
        return Hsts()
    if https and inherited.seconds is None:
        return _hsts.parse("ramp", findings, place, inherited, today=today)
    return inherited


def _permissions(
    config: Mapping[object, object],
    key: str,
    findings: Findings,
    setting: str,
    base: TransportPolicy,
) -> str:
    if key in config:
        return parse_permissions_policy(config[key], findings, f"{setting}['{key}']")
    inherited = getattr(base, key)
    return inherited if isinstance(inherited, str) else ""


def _name_overruled(
    config: Mapping[object, object],
    policy: TransportPolicy,
    base: TransportPolicy,
    findings: Findings,
    setting: str,
) -> None:
    """Say where ``RINGFENCE`` holds against a setting that the site wrote itself."""
    https_keys = {"redirect", "hsts"} if "https" in config else set()
    for key, name in DJANGO_NAMES.items():
        if key not in config and key not in https_keys:
            continue
        if name in base.declared and getattr(policy, key) != getattr(base, key):
            findings.add(
                "TLS302",
                setting=name,
                reason=f"{setting} says something else, and that holds.",
                fix=f"Remove {name}, or the option from {setting}.",
            )
