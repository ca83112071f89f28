"""The isolation ring: what other sites may load, frame, and keep a handle on.

Resource isolation by fetch metadata (Fetch Metadata Request Headers, section 2) against XSSI and
cross-site leaks; Cross-Origin-Opener-Policy and -Embedder-Policy (HTML, sections 7.1.3 and 7.1.4),
Cross-Origin-Resource-Policy (Fetch, section 3.7) and Origin-Agent-Cluster (HTML, section 7.1.1)
for what a response lets the browser share. Who may frame a page is in ``framing.py``.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, cast

from ringfence.finding import Findings, Severity, unknown_keys
from ringfence.reason import shown
from ringfence.rings.isolation.reasons import (
    CrossSiteFrame,
    CrossSiteResource,
    InvalidMetadata,
    ResourceRefusal,
    SameSiteResource,
)

__all__ = [
    "COEP_VALUES",
    "COOP_VALUES",
    "CORP_VALUES",
    "KEYS",
    "IsolationPolicy",
    "ResourceRefusal",
    "Resources",
    "decide",
    "from_django",
    "parse",
]

Resources = Literal["enforce", "report", "off"]
Headers = tuple[tuple[str, str], ...]

#: HTML, sections 7.1.3.1 and 7.1.4.1; Fetch, section 3.7.
COOP_VALUES = frozenset(
    {"same-origin", "same-origin-allow-popups", "noopener-allow-popups", "unsafe-none"}
)
COEP_VALUES = frozenset({"require-corp", "credentialless", "unsafe-none"})
CORP_VALUES = frozenset({"same-origin", "same-site", "cross-origin"})
RESOURCES = frozenset({"enforce", "report", "off"})

#: What ``RINGFENCE["isolation"]`` may hold.
KEYS = ("coop", "corp", "coep", "origin_agent_cluster", "resources", "same_site")

COOP_SETTING = "SECURE_CROSS_ORIGIN_OPENER_POLICY"


@dataclass(frozen=True, slots=True)
class IsolationPolicy:
    """What the isolation ring was told. None stands for a header that is not sent.

    ``resources`` says what happens to a cross-site request for a resource (see :func:`decide`),
    ``same_site`` whether one from another origin of the same site is treated alike.
    ``x_frame_options`` is the site's own ``X_FRAME_OPTIONS``, upper case, "" where it wrote none.
    """

    coop: str | None = "same-origin"
    corp: str | None = "same-origin"
    coep: str | None = None
    origin_agent_cluster: bool = True
    resources: Resources = "enforce"
    same_site: bool = False
    x_frame_options: str = ""
    declared: frozenset[str] = frozenset()

    def fixed_headers(self) -> Headers:
        """Return the headers of every response.

        >>> for name, value in IsolationPolicy().fixed_headers():
        ...     print(f"{name}: {value}")
        Cross-Origin-Opener-Policy: same-origin
        Cross-Origin-Resource-Policy: same-origin
        Origin-Agent-Cluster: ?1
        """
        pairs = (
            ("Cross-Origin-Opener-Policy", self.coop),
            ("Cross-Origin-Resource-Policy", self.corp),
            ("Cross-Origin-Embedder-Policy", self.coep),
            ("Origin-Agent-Cluster", "?1" if self.origin_agent_cluster else None),
        )
        return tuple((name, value) for name, value in pairs if value)


def decide(
    policy: IsolationPolicy,
    *,
    site: str | None,
    mode: str | None,
    dest: str | None,
    method: str,
    has_session_cookie: bool,
    cors_allowed: bool,
) -> ResourceRefusal | None:
    """Return why a request is refused as another site's request for a resource, None if it is not.

    ``site``, ``mode`` and ``dest`` are the values of the ``Sec-Fetch-`` headers, None where
    absent; a header that came more than once arrives joined with commas and so is no known value.
    ``cors_allowed`` says that the CORS ring allows the request's origin. Never raises.

    With ``resources="report"`` the answer is the same; what to do with it is the caller's.

    >>> def get(site, mode, dest):
    ...     return decide(
    ...         IsolationPolicy(),
    ...         site=site,
    ...         mode=mode,
    ...         dest=dest,
    ...         method="GET",
    ...         has_session_cookie=True,
    ...         cors_allowed=False,
    ...     )
    >>> get("cross-site", "navigate", "document") is None  # a link was followed
    True
    >>> type(get("cross-site", "no-cors", "script")).__name__
    'CrossSiteResource'
    """
    # No metadata: a browser from before 2023, plain http, or no browser. What protects those is
    # the other rings (CORP, SameSite, CSRF); refusing them here would refuse every such client.
    if policy.resources == "off" or site is None or site in {"same-origin", "none"}:
        return None
    if site == "same-site" and not policy.same_site:
        return None
    # Without the session the answer is what any stranger gets; what CORS allows was meant.
    if not has_session_cookie or cors_allowed:
        return None
    if _is_top_level_navigation(mode, dest, method):
        return None
    return _refusal(site, mode, dest)


def _is_top_level_navigation(mode: str | None, dest: str | None, method: str) -> bool:
    # Frames, objects and embeds navigate too, with a destination of their own (Fetch, section
    # 2.2.5). Chromium 76 to 79 sent no Sec-Fetch-Dest and called those "nested-navigate". Forms
    # navigate with GET and POST only; whether a POST is welcome is the CSRF ring's question.
    return (
        mode == "navigate"
        and (dest == "document" or dest is None)
        and method in {"GET", "POST", "HEAD"}
    )


_FRAMES = frozenset({"iframe", "frame", "object", "embed", "fencedframe"})


def _refusal(site: str, mode: str | None, dest: str | None) -> ResourceRefusal:
    what = f"Sec-Fetch-Mode {shown(mode or '')}, Sec-Fetch-Dest {shown(dest or '')}"
    if site not in ("cross-site", "same-site"):
        return InvalidMetadata(
            f"The Sec-Fetch-Site header has the value {shown(site)}, which no browser sends.",
            "A proxy or a script that writes Sec-Fetch-Site must pass on the browser's own value "
            "once.",
        )
    if dest in _FRAMES or mode == "nested-navigate":
        return CrossSiteFrame(
            f"A page of another origin ({site}) asked for this, with the session, as the content "
            f"of a frame ({what}).",
            "If that page may frame this view, decorate the view with @cross_site_allowed and "
            "name the page's origin in frame-ancestors.",
        )
    hint = (
        "If other sites may use this view, decorate it with @cross_site_allowed; if one origin may "
        'read it, allow that origin in RINGFENCE["cors"] with credentials.'
    )
    if site == "same-site":
        return SameSiteResource(
            f"Another origin of the same site asked for this, with the session, as a resource "
            f"({what}).",
            f'{hint} Or set RINGFENCE["isolation"]["same_site"] to False.',
        )
    return CrossSiteResource(
        f"A page of another site asked for this, with the session, as a resource ({what}).", hint
    )


def from_django(
    settings: Mapping[str, object], findings: Findings, *, overridden: frozenset[str] = frozenset()
) -> IsolationPolicy:
    """Return what Django's ``SECURE_CROSS_ORIGIN_OPENER_POLICY`` and ``X_FRAME_OPTIONS`` mean.

    ``settings`` maps names to values, a missing name stands for Django's default; ``overridden``
    are the names that the site wrote itself. Never raises.
    """
    coop = settings.get(COOP_SETTING, "same-origin")
    if coop and (not isinstance(coop, str) or coop not in COOP_VALUES):
        findings.add(
            "ISO101",
            setting=COOP_SETTING,
            value=coop,
            reason="browsers do not know this value and act as if it were unsafe-none.",
            fix=_nearest(coop, COOP_VALUES),
            severity=Severity.DEPLOY_ERROR,
        )
        # Sent as Django sends it, if it can be sent at all.
        coop = coop if isinstance(coop, str) and coop.isascii() and coop.isprintable() else None
    return IsolationPolicy(
        coop=coop if isinstance(coop, str) and coop else None,
        x_frame_options=_x_frame_options(settings, findings, overridden),
        declared=overridden.intersection({COOP_SETTING, "X_FRAME_OPTIONS"}),
    )


def _x_frame_options(
    settings: Mapping[str, object], findings: Findings, overridden: Collection[str]
) -> str:
    if "X_FRAME_OPTIONS" not in overridden:
        return ""
    value = settings.get("X_FRAME_OPTIONS")
    text = value.strip().upper() if isinstance(value, str) else ""
    if text not in ("DENY", "SAMEORIGIN"):
        findings.add(
            "ISO102",
            setting="X_FRAME_OPTIONS",
            value=value,
            reason="browsers know only DENY and SAMEORIGIN, and ignore the rest.",
            fix='Write "DENY" or "SAMEORIGIN"; to let other origins frame the site, name them in '
            "frame-ancestors (RINGFENCE['csp']).",
            severity=Severity.DEPLOY_ERROR,
        )
    return text if text.isascii() and text.isprintable() else ""


def parse(
    config: object,
    findings: Findings,
    base: IsolationPolicy | None = None,
    *,
    setting: str = "RINGFENCE['isolation']",
) -> IsolationPolicy | None:
    """Return the policy that ``config`` (``RINGFENCE["isolation"]``) makes of ``base``.

    ``config`` is a dict of :data:`KEYS`, None for nothing said, or False for no isolation ring
    (the answer is None). Whatever is wrong becomes a finding; never raises.

    >>> found = Findings()
    >>> parse({"corp": "same-sight"}, found).corp
    'same-origin'
    >>> found.errors[0].fix
    'Did you mean "same-site"?'
    """
    base = IsolationPolicy() if base is None else base
    if config is False:
        return None
    if config is None:
        return base
    if not isinstance(config, Mapping):
        _wrong_type(findings, setting, config, "a dict of options, or False")
        return base
    unknown_keys(config, KEYS, findings, setting=setting, code="ISO001")
    policy = IsolationPolicy(
        coop=_token(config, "coop", COOP_VALUES, base.coop, findings, setting),
        corp=_token(config, "corp", CORP_VALUES, base.corp, findings, setting),
        coep=_token(config, "coep", COEP_VALUES, base.coep, findings, setting),
        origin_agent_cluster=_flag(
            config, "origin_agent_cluster", findings, setting, default=base.origin_agent_cluster
        ),
        resources=cast(
            "Resources",
            _token(config, "resources", RESOURCES, base.resources, findings, setting) or "off",
        ),
        same_site=_flag(config, "same_site", findings, setting, default=base.same_site),
        x_frame_options=base.x_frame_options,
        declared=base.declared,
    )
    _name_contradictions(config, policy, base, findings, setting)
    return policy


def _name_contradictions(
    config: Mapping[object, object],
    policy: IsolationPolicy,
    base: IsolationPolicy,
    findings: Findings,
    setting: str,
) -> None:
    # Only both together make a page cross-origin isolated (HTML, section 7.1.3.2); COEP alone
    # breaks what the page embeds and gives it nothing.
    if policy.coep in ("require-corp", "credentialless") and policy.coop != "same-origin":
        findings.add(
            "ISO301",
            setting=f"{setting}['coep']",
            value=policy.coep,
            reason=f"it takes effect only with coop 'same-origin', and coop is {policy.coop!r}.",
            fix='Write "coop": "same-origin", or leave coep out.',
        )
    if policy.same_site and policy.resources == "off":
        findings.add(
            "ISO302",
            setting=f"{setting}['same_site']",
            value=True,
            reason="resources are not isolated at all.",
            fix='Write "resources": "enforce", or leave same_site out.',
        )
    if "coop" in config and COOP_SETTING in base.declared and policy.coop != base.coop:
        findings.add(
            "ISO304",
            setting=COOP_SETTING,
            value=base.coop,
            reason=f"{setting}['coop'] is {policy.coop!r}, and that holds.",
            fix=f"Remove {COOP_SETTING}, or the option from {setting}.",
        )


def _token(
    config: Mapping[object, object],
    key: str,
    known: Collection[str],
    default: str | None,
    findings: Findings,
    setting: str,
) -> str | None:
    if key not in config:
        return default
    value = config[key]
    if value is None or value is False:
        return None
    if isinstance(value, str) and value in known:
        return value
    place = f"{setting}['{key}']"
    if not isinstance(value, str):
        _wrong_type(findings, place, value, f"one of {', '.join(sorted(known))}, or None")
        return default
    findings.add(
        "ISO101",
        setting=place,
        value=value,
        reason="there is no such value.",
        fix=_nearest(value, known),
    )
    return default


def _flag(
    config: Mapping[object, object], key: str, findings: Findings, setting: str, *, default: bool
) -> bool:
    value = config.get(key, default)
    if isinstance(value, bool):
        return value
    _wrong_type(findings, f"{setting}['{key}']", value, "True or False")
    return default


def _wrong_type(findings: Findings, setting: str, value: object, expected: str) -> None:
    findings.add(
        "ISO002",
        setting=setting,
        value=value,
        reason=f"it is of the type {type(value).__name__}.",
        fix=f"Write {expected}.",
    )


def _nearest(word: object, known: Collection[str]) -> str:
    near = difflib.get_close_matches(word.lower(), known, n=1) if isinstance(word, str) else []
    return f'Did you mean "{near[0]}"?' if near else f"Known are {', '.join(sorted(known))}."
