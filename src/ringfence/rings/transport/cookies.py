"""The floor for cookies: what the attributes of a session or CSRF cookie never fall below.

A view or a setting may ask for more than the floor; what asks for less is raised to it as the
response leaves. Standard: RFC 6265 and its revision draft-ietf-httpbis-rfc6265bis, sections 4.1.2
(attributes) and 4.1.3 (name prefixes).
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from typing import Literal

from ringfence.finding import Findings, Severity, unknown_keys
from ringfence.rings.transport._shape import (
    did_you_mean,
    read_flag,
    wrong_type,
)

__all__ = ["CookieFloor", "CookieRule", "DeclaredCookie", "SameSite", "from_django", "parse"]

SameSite = Literal["None", "Lax", "Strict"]

HOST_PREFIX, SECURE_PREFIX = "__Host-", "__Secure-"

#: The options of one cookie. Those that lower the floor say so by their names.
KEYS = (
    "httponly",
    "samesite",
    "host_prefix",
    "dangerously_insecure",
    "dangerously_readable",
    "dangerously_samesite_none",
)


@dataclass(frozen=True, slots=True)
class CookieRule:
    """The least that one cookie gets.

    ``secure``: Secure over https; ``always_secure``: over http too, for a site that is served
    over https only. ``samesite`` "None" asks for nothing. ``host_prefix``: Secure, ``Path=/`` and
    no Domain, without which browsers drop a cookie called ``__Host-``.
    """

    secure: bool = True
    always_secure: bool = False
    httponly: bool = True
    samesite: SameSite = "Lax"
    host_prefix: bool = False


@dataclass(frozen=True, slots=True)
class DeclaredCookie:
    """What Django's settings say of a cookie; ``prefix`` is ``SESSION_COOKIE`` or ``CSRF_COOKIE``.

    ``overridden`` holds those of its settings that the site wrote itself.
    """

    prefix: str
    name: str
    secure: object
    httponly: object
    samesite: object
    domain: object
    path: object
    overridden: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class CookieFloor:
    """The rules by cookie name, and what Django's settings declare of the two it knows.

    >>> from http.cookies import SimpleCookie
    >>> jar = SimpleCookie({"sessionid": "x"})
    >>> floor = CookieFloor({"sessionid": CookieRule()})
    >>> floor.apply(jar["sessionid"], "sessionid", secure=True)
    >>> print(jar.output())
    Set-Cookie: sessionid=x; HttpOnly; SameSite=Lax; Secure
    """

    rules: Mapping[str, CookieRule] = field(default_factory=dict, hash=False)
    declared: tuple[DeclaredCookie, ...] = ()

    def apply(self, morsel: MutableMapping[str, object], name: str, secure: bool) -> None:  # noqa: FBT001
        """Raise ``morsel`` (an ``http.cookies.Morsel``), a cookie called ``name``, to the floor.

        ``secure`` says whether the response goes over https. A cookie without a rule is left
        alone. Never raises.
        """
        rule = self.rules.get(name)
        if rule is None:
            return
        if rule.secure and (secure or rule.always_secure) and not morsel["secure"]:
            morsel["secure"] = True
        if rule.httponly and not morsel["httponly"]:
            morsel["httponly"] = True
        if rule.samesite != "None":
            # An absent attribute counts as "None": browsers differ in their default, and Chromium
            # lets a fresh cookie without it through a cross-site POST (rfc6265bis, 5.6.7.1).
            given = str(morsel["samesite"] or "").lower()
            if given != "strict" and (given != "lax" or rule.samesite == "Strict"):
                morsel["samesite"] = rule.samesite
        if rule.host_prefix:
            morsel["secure"] = True
            morsel["path"] = "/"
            morsel["domain"] = ""


def from_django(
    settings: Mapping[str, object], findings: Findings, *, overridden: frozenset[str]
) -> CookieFloor:
    """Return the floor for the session and the CSRF cookie that Django's settings name.

    A script reads the CSRF cookie, so HttpOnly is not asked of it. Never raises.
    """
    rules: dict[str, CookieRule] = {}
    declared: list[DeclaredCookie] = []
    for prefix, default_name, httponly in (
        ("SESSION_COOKIE", "sessionid", True),
        ("CSRF_COOKIE", "csrftoken", False),
    ):
        name = settings.get(f"{prefix}_NAME", default_name)
        if not isinstance(name, str) or not name:
            continue  # Django itself cannot set such a cookie
        cookie = DeclaredCookie(
            prefix=prefix,
            name=name,
            secure=settings.get(f"{prefix}_SECURE", False),
            httponly=settings.get(f"{prefix}_HTTPONLY", httponly),
            samesite=settings.get(f"{prefix}_SAMESITE", "Lax"),
            domain=settings.get(f"{prefix}_DOMAIN"),
            path=settings.get(f"{prefix}_PATH", "/"),
            overridden=frozenset(key for key in overridden if key.startswith(prefix)),
        )
        declared.append(cookie)
        rules[name] = CookieRule(httponly=httponly, always_secure=_needs_secure(name))
        if name.lower().startswith(HOST_PREFIX.lower()):
            _name_contradictions(cookie, findings, Severity.DEPLOY_ERROR)
    return CookieFloor(rules, tuple(declared))


def parse(
    value: object, findings: Findings, setting: str, base: CookieFloor, *, https: bool
) -> CookieFloor:
    """Read ``RINGFENCE['transport']['cookies']``: ``host_prefix``, and a dict for each cookie.

    ``https`` says that the site is served over https only, which makes every cookie Secure
    always. Never raises.
    """
    rules = dict(base.rules)
    if value is not None and not isinstance(value, Mapping):
        wrong_type(findings, setting, value, 'a dict such as {"sessionid": {"samesite": "Strict"}}')
        value = None
    config: Mapping[object, object] = value or {}
    for name, options in config.items():
        if name == "host_prefix":
            continue
        if not isinstance(name, str) or not name or not isinstance(options, Mapping):
            _refuse_entry(name, options, findings, setting, rules)
            continue
        default = rules.get(name, CookieRule(always_secure=_needs_secure(name)))
        rules[name] = _parse_rule(options, findings, f"{setting}['{name}']", default)
    if read_flag(config, "host_prefix", findings, setting, default=False):
        for cookie in base.declared:
            rules[cookie.name] = replace(rules[cookie.name], host_prefix=True)
    declared = {cookie.name: cookie for cookie in base.declared}
    for name, rule in rules.items():
        if rule.host_prefix:
            _hold_to_prefix(name, declared.get(name), findings, setting)
        if https and rule.secure:
            rules[name] = replace(rule, always_secure=True)
    return CookieFloor(rules, base.declared)


def _needs_secure(name: str) -> bool:
    # rfc6265bis, 4.1.3: without Secure a browser drops a cookie with either prefix.
    # The prefixes are matched without case (rfc6265bis, 5.7).
    return name.lower().startswith((HOST_PREFIX.lower(), SECURE_PREFIX.lower()))


def _refuse_entry(
    name: object,
    options: object,
    findings: Findings,
    setting: str,
    known: Mapping[str, CookieRule],
) -> None:
    if isinstance(options, bool):
        findings.add(
            "TLS001",
            setting=setting,
            value=name,
            reason="there is no such option, and for a cookie a dict of options is needed.",
            fix=did_you_mean(name, ["host_prefix", *known]),
        )
    else:
        place = f"{setting}[{name!r}]" if isinstance(name, str) else setting
        wrong_type(findings, place, options, 'a dict such as {"samesite": "Strict"}')


def _parse_rule(
    options: Mapping[object, object], findings: Findings, setting: str, default: CookieRule
) -> CookieRule:
    unknown_keys(options, (*KEYS, "secure"), findings, setting=setting, code="TLS001")
    insecure = read_flag(options, "dangerously_insecure", findings, setting, default=False)
    readable = read_flag(options, "dangerously_readable", findings, setting, default=False)
    samesite_none = read_flag(
        options, "dangerously_samesite_none", findings, setting, default=False
    )
    if not read_flag(options, "secure", findings, setting, default=True):
        _refuse_lowering(findings, setting, "secure", options["secure"], "dangerously_insecure")
    httponly = read_flag(options, "httponly", findings, setting, default=default.httponly)
    if default.httponly and not httponly:
        _refuse_lowering(findings, setting, "httponly", options["httponly"], "dangerously_readable")
        httponly = True
    samesite: SameSite = default.samesite
    given = options.get("samesite", samesite)
    word = given.lower() if isinstance(given, str) else given
    if word == "strict":
        samesite = "Strict"
    elif word == "lax":
        samesite = "Lax"
    elif given is None or given is False or word == "none":
        _refuse_lowering(findings, setting, "samesite", given, "dangerously_samesite_none")
    else:
        wrong_type(findings, f"{setting}['samesite']", given, '"Lax" or "Strict"')
    return CookieRule(
        secure=not insecure,
        always_secure=default.always_secure and not insecure,
        httponly=httponly and not readable,
        samesite="None" if samesite_none else samesite,
        host_prefix=read_flag(
            options, "host_prefix", findings, setting, default=default.host_prefix
        ),
    )


def _refuse_lowering(
    findings: Findings, setting: str, key: str, value: object, option: str
) -> None:
    findings.add(
        "TLS109",
        setting=f"{setting}['{key}']",
        value=value,
        reason="it is below the floor.",
        fix=f'Leave it out, or write "{option}": True where it is meant.',
    )


def _hold_to_prefix(
    name: str, cookie: DeclaredCookie | None, findings: Findings, setting: str
) -> None:
    if not name.startswith(HOST_PREFIX):
        where = f"{cookie.prefix}_NAME" if cookie else f"{setting}[{name!r}]"
        findings.add(
            "TLS301",
            setting=where,
            value=name,
            reason=f"{setting} asks for the {HOST_PREFIX} prefix, and the name has none.",
            fix=f'Call the cookie "{HOST_PREFIX}{name.removeprefix(SECURE_PREFIX)}".',
        )
    if cookie is not None:
        _name_contradictions(cookie, findings, Severity.ERROR)


def _name_contradictions(cookie: DeclaredCookie, findings: Findings, severity: Severity) -> None:
    for key, value, wanted in (
        ("DOMAIN", cookie.domain, "None"),
        ("PATH", cookie.path, '"/"'),
    ):
        if (key == "DOMAIN" and value) or (key == "PATH" and value != "/"):
            findings.add(
                "TLS301",
                setting=f"{cookie.prefix}_{key}",
                value=value,
                reason=f"a cookie with the {HOST_PREFIX} prefix belongs to one host and to all "
                "its paths; browsers drop it with this value.",
                fix=f"Write {wanted}, or give up the prefix.",
                severity=severity,
            )
