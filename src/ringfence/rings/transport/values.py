"""The values of the single headers: parsed, validated, rendered. Nothing here raises."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from importlib.resources import files

from ringfence.finding import Findings, Severity
from ringfence.origin import Origin, OriginError
from ringfence.rings.transport._shape import did_you_mean, is_header_safe, wrong_type

__all__ = [
    "PERMISSIONS_FEATURES",
    "REFERRER_POLICIES",
    "parse_permissions_policy",
    "parse_redirect_exempt",
    "parse_redirect_host",
    "parse_referrer_policy",
]

#: Referrer Policy, section 3, without the empty string (which says nothing).
REFERRER_POLICIES = frozenset(
    {
        "no-referrer",
        "no-referrer-when-downgrade",
        "same-origin",
        "origin",
        "strict-origin",
        "origin-when-cross-origin",
        "strict-origin-when-cross-origin",
        "unsafe-url",
    }
)


def _load_features() -> frozenset[str]:
    text = files(__package__).joinpath("permissions_features.json").read_text(encoding="utf-8")
    return frozenset(json.loads(text)["features"])


#: The features that browsers know; see the data file for its source and version.
PERMISSIONS_FEATURES = _load_features()


#: Makes a text with a character that must not stand in a quoted string unprintable.
_UNQUOTABLE = {ord('"'): "\0", ord("\\"): "\0"}


def _words(value: object) -> list[object] | None:
    """Return the entries of a str (one) or of a list, tuple or set; None for anything else."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, list | tuple):
        return list(value)
    if isinstance(value, set | frozenset):
        return sorted(value, key=str)
    return None


def parse_referrer_policy(
    value: object,
    findings: Findings,
    setting: str,
    *,
    django: bool = False,
    dangerously_unsafe_url: bool = False,
) -> str:
    """Return a ``Referrer-Policy`` value: one token, or several in a list or with commas between.

    None and False mean no header. ``django`` marks a value of ``SECURE_REFERRER_POLICY``: what is
    wrong with it is only named, and it is sent as Django would send it, as far as that is a
    header value at all.

    >>> parse_referrer_policy(["no-referrer", "same-origin"], Findings(), "x")
    'no-referrer,same-origin'
    """
    severity = Severity.DEPLOY_ERROR if django else None
    if value is None or value is False or (django and not value):
        return ""
    words = _words(value)
    if words is None or not words:
        wrong_type(findings, setting, value, 'a policy such as "same-origin", or a list of them')
        return ""
    if isinstance(value, str):
        words = [*value.split(",")]
    tokens: list[str] = []
    for word in words:
        name = word.strip() if isinstance(word, str) else word
        if not isinstance(name, str) or not is_header_safe(name):
            wrong_type(findings, setting, word, 'a policy such as "same-origin"')
            continue
        if name in REFERRER_POLICIES:
            if name == "unsafe-url" and not dangerously_unsafe_url:
                findings.add(
                    "TLS108",
                    setting=setting,
                    value=name,
                    reason="it sends every full address, with its query, to other sites and over "
                    "plain http.",
                    fix="Write \"strict-origin-when-cross-origin\", or in RINGFENCE['transport'] "
                    '"dangerously_unsafe_url": True where that is meant.',
                    severity=severity,
                )
                if not django:
                    continue
        else:
            findings.add(
                "TLS102",
                setting=setting,
                value=word,
                reason="it is no referrer policy; browsers skip it.",
                fix=did_you_mean(name, REFERRER_POLICIES),
                severity=severity,
            )
            if not django:
                continue
        tokens.append(name)
    return ",".join(tokens)


def parse_permissions_policy(
    value: object, findings: Findings, setting: str, *, django: bool = False
) -> str:
    """Return a ``Permissions-Policy`` value from ``{feature: allow-list}``.

    An allow-list is ``"self"``, ``"*"``, ``"none"``, an origin, or a list of them; an empty list
    is ``"none"``. Rendered as django-permissions-policy renders it: a structured-field dictionary
    of inner lists (Permissions Policy, section 5.2; RFC 9651, section 3.2).

    An unknown feature is an error wherever it stands: django-permissions-policy does not start
    with it either. ``django`` marks a value of ``PERMISSIONS_POLICY*``: what is no origin there
    is only named, and sent as that package sends it.

    >>> parse_permissions_policy(
    ...     {"usb": [], "camera": ["self", "https://call.example"]}, Findings(), "x"
    ... )
    'camera=(self "https://call.example"), usb=()'
    """
    if value is None or value is False:
        return ""
    if not isinstance(value, Mapping):
        wrong_type(findings, setting, value, 'a dict such as {"camera": [], "fullscreen": "self"}')
        return ""
    pieces: dict[str, str] = {}
    for feature, allowed in value.items():
        if not isinstance(feature, str) or feature not in PERMISSIONS_FEATURES:
            findings.add(
                "TLS103",
                setting=setting,
                value=feature,
                reason="browsers know no such feature.",
                fix=did_you_mean(feature, PERMISSIONS_FEATURES) or "Remove it.",
            )
            continue
        place = f"{setting}['{feature}']"
        pieces[feature] = _render_allow_list(allowed, findings, place, django=django)
    return ", ".join(f"{feature}=({pieces[feature]})" for feature in sorted(pieces))


def _render_allow_list(value: object, findings: Findings, setting: str, *, django: bool) -> str:
    words = _words(value)
    if words is None:
        wrong_type(findings, setting, value, 'a list of "self", "*" and origins; [] for nobody')
        return ""
    items: list[str] = []
    for word in words:
        if word == "none":
            # Feature-Policy's token; the empty list says it now.
            continue
        if word in ("self", "*"):
            items.append(str(word))
            continue
        error = _origin_error(word)
        # A structured-field string holds neither a quote nor a backslash bare (RFC 9651, 3.3.3).
        keeps = django and isinstance(word, str) and is_header_safe(word.translate(_UNQUOTABLE))
        if error is None or keeps:
            items.append(f'"{word}"')
        if error is not None:
            reason, fix = error
            findings.add(
                "TLS104",
                setting=setting,
                value=word,
                reason=reason,
                fix=fix,
                severity=Severity.DEPLOY_ERROR if keeps else None,
            )
    return " ".join(items)


def _origin_error(word: object) -> tuple[str, str] | None:
    """Return why ``word`` is no origin and no wildcard (``https://*.example.com``), and a fix."""
    fix = 'Write "self", "*", "none", or an origin such as "https://app.example.com".'
    if not isinstance(word, str):
        return "it is no text.", fix
    bare = word.strip().strip("'\"").lower()
    if bare in ("self", "none", "*"):
        return "it is written with quotes or in capitals.", f'Write "{bare}".'
    if bare == "src":
        return "it has a meaning only in a frame's allow attribute.", fix
    scheme, wildcard, parent = word.partition("://*.")
    try:
        Origin.parse(f"{scheme}://{parent}" if wildcard else word)
    except OriginError as error:
        return str(error), error.fix
    return None


def parse_redirect_host(value: object, findings: Findings, setting: str, *, django: bool) -> str:
    """Return the host (and port) that http requests are redirected to, "" for their own.

    >>> parse_redirect_host("www.example.com", Findings(), "x", django=False)
    'www.example.com'
    """
    if value is None or value == "":
        return ""
    if not isinstance(value, str):
        wrong_type(findings, setting, value, 'a host such as "www.example.com"')
        return ""
    try:
        Origin.parse(f"https://{value}")
    except OriginError as error:
        safe = is_header_safe(value)
        findings.add(
            "TLS105",
            setting=setting,
            value=value,
            reason=f"it is no host: {error}",
            fix='Write a host alone, as "www.example.com".',
            severity=Severity.DEPLOY_ERROR if django and safe else None,
        )
        return value if django and safe else ""
    return value


#: Paths that have nothing in common: what finds all of them finds every path.
_UNLIKE_PATHS = ("a", "0/Z-_~.html", "\u00e9/", "accounts/login/")


def parse_redirect_exempt(
    value: object, findings: Findings, setting: str, *, django: bool
) -> tuple[re.Pattern[str], ...]:
    """Return the compiled patterns of the paths that are not redirected.

    As with ``SECURE_REDIRECT_EXEMPT`` a pattern is searched for in the path without its leading
    slashes.
    """
    words: list[object] | None = [value] if isinstance(value, re.Pattern) else _words(value)
    if value is None:
        return ()
    if words is None:
        wrong_type(findings, setting, value, 'a list of regular expressions, as [r"^health/$"]')
        return ()
    return tuple(_compile(words, findings, setting, django=django))


def _compile(
    words: list[object], findings: Findings, setting: str, *, django: bool
) -> Iterable[re.Pattern[str]]:
    for word in words:
        if isinstance(word, re.Pattern) and isinstance(word.pattern, str):
            pattern = word
        elif isinstance(word, str):
            try:
                pattern = re.compile(word)
            except (re.error, OverflowError, RecursionError) as error:
                findings.add(
                    "TLS106",
                    setting=setting,
                    value=word,
                    reason=f"it is no regular expression: {error}.",
                    fix='Write a pattern for the path without its leading slash, as r"^health/$".',
                )
                continue
        else:
            wrong_type(findings, setting, word, 'a regular expression, as r"^health/$"')
            continue
        if all(pattern.search(path) for path in _UNLIKE_PATHS):
            findings.add(
                "TLS107",
                setting=setting,
                value=pattern.pattern,
                reason="it is found in every path, so nothing is redirected.",
                fix="Anchor it to the paths that are meant, or switch the redirect off.",
                severity=Severity.DEPLOY_ERROR if django else None,
            )
            if not django:
                continue
        yield pattern
