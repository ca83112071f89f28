"""Reads ``RINGFENCE['cors']``: every problem becomes a finding, a dangerous value is refused."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ringfence.finding import Findings, Severity
from ringfence.origin import Origin, OriginError, OriginRules
from ringfence.rings.cors.decide import (
    CLOSED,
    DEFAULT_HEADERS,
    DEFAULT_MAX_AGE,
    DEFAULT_METHODS,
    CorsPolicy,
    CorsSite,
    DynamicOrigins,
)
from ringfence.rings.cors.fetch import (
    FORBIDDEN_METHODS,
    FORBIDDEN_RESPONSE_HEADERS,
    NORMALIZED_METHODS,
    is_forbidden_request_header,
    is_token,
)
from ringfence.rings.cors.regex import judge

__all__ = ["MAX_AGE_LIMIT", "POLICY_KEYS", "SITE_KEYS", "Reporter", "parse", "parse_policy"]

#: Seconds. No browser keeps a preflight for longer (Firefox's cap; Chromium's is 7200).
MAX_AGE_LIMIT = 86400

ANY_ORIGIN = "dangerously_any_origin_with_credentials"
NULL_ORIGIN = "dangerously_null_origin"
NULL_CREDENTIALS = "dangerously_null_origin_with_credentials"
HTTP_ORIGINS = "dangerously_http_origins_with_credentials"
PUBLIC_SUFFIXES = "dangerously_public_suffixes"
PERMISSIVE_REGEXES = "dangerously_permissive_regexes"
ANY_HEADER = "dangerously_any_header_with_credentials"

DANGEROUS_KEYS = frozenset(
    {
        ANY_ORIGIN,
        NULL_ORIGIN,
        NULL_CREDENTIALS,
        HTTP_ORIGINS,
        PUBLIC_SUFFIXES,
        PERMISSIVE_REGEXES,
        ANY_HEADER,
    }
)
POLICY_KEYS = DANGEROUS_KEYS | {
    "credentials",
    "expose_headers",
    "headers",
    "max_age",
    "methods",
    "origin_regexes",
    "origins",
    "private_network",
}
SITE_KEYS = POLICY_KEYS | {"paths", "views"}

_DOTTED_PATH = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")

#: Schemes of URLs that no document with a tuple origin has, so that no Origin header names them.
_UNSENT_SCHEMES = frozenset({"about", "blob", "data", "file", "ftp", "javascript", "ws", "wss"})


@dataclass(frozen=True, slots=True)
class Reporter:
    """Adds findings about one policy; ``severity`` overrides the register's."""

    findings: Findings
    setting: str
    severity: Severity | None = None

    def __call__(self, code: str, key: str, value: object, reason: str, fix: str) -> None:
        """Add a finding about the option ``key`` (``""``: about the policy itself)."""
        self.findings.add(
            code,
            setting=f"{self.setting}[{key!r}]" if key else self.setting,
            value=value,
            reason=reason,
            fix=fix,
            severity=self.severity,
        )


def parse(
    config: object, findings: Findings, setting: str = "RINGFENCE['cors']"
) -> CorsSite | None:
    """Compile the site's CORS configuration; ``None`` where the ring is off or unusable.

    Every problem is added to ``findings``; nothing is raised, whatever ``config`` is.

    >>> findings = Findings()
    >>> site = parse({"origins": ["https://app.example"]}, findings)
    >>> site.default.allows("https://app.example"), len(findings)
    (True, 0)
    >>> parse({"origins": ["null"]}, findings).default.allows("null")
    False
    >>> [finding.code for finding in findings]
    ['CORS102']
    """
    report = Reporter(findings, setting)
    if config is None or config is False:
        return None
    if not isinstance(config, Mapping):
        _wrong_type(report, "", config, "a dict, or False to switch the ring off")
        return None
    _unknown_keys(config, SITE_KEYS, report)
    by_name = _policies(config, "views", report)
    by_path = _policies(config, "paths", report)
    default: CorsPolicy | None = None
    if POLICY_KEYS & config.keys():
        default = _policy(config, report)
    elif not by_name and not by_path and "views" not in config and "paths" not in config:
        _no_origins(report, config)
        return None
    return CorsSite(
        default=default,
        by_name=by_name,
        by_path=tuple(sorted(by_path.items(), key=lambda item: (-len(item[0]), item[0]))),
    )


def parse_policy(
    config: object, findings: Findings, setting: str = "RINGFENCE['cors']"
) -> CorsPolicy | None:
    """Compile one policy (of a decorator, a view or a path); ``None`` for what is no dict.

    Every problem is added to ``findings``; what is refused is left out of the policy returned.
    """
    report = Reporter(findings, setting)
    if not isinstance(config, Mapping):
        _wrong_type(report, "", config, "a dict")
        return None
    _unknown_keys(config, POLICY_KEYS, report)
    return _policy(config, report)


def _policies(config: Mapping[object, object], key: str, report: Reporter) -> dict[str, CorsPolicy]:
    """Read ``views`` or ``paths``: policies by the name or the path they are for."""
    if key not in config:
        return {}
    value = config[key]
    if not isinstance(value, Mapping):
        _wrong_type(report, key, value, "a dict of policies")
        return {}
    policies: dict[str, CorsPolicy] = {}
    for name, policy in value.items():
        if not isinstance(name, str) or not name:
            report("CORS005", key, name, "it is no text.", "Write a URL name or a path.")
        elif key == "paths" and not name.startswith("/"):
            report(
                "CORS005",
                key,
                name,
                "a path begins with a slash.",
                f"Write {'/' + name.lstrip('^/')!r}; URL names go into 'views'.",
            )
        elif policy is False:
            policies[name] = CLOSED
        else:
            compiled = parse_policy(policy, report.findings, f"{report.setting}[{key!r}][{name!r}]")
            if compiled is not None:
                policies[name] = compiled
    return policies


def _unknown_keys(config: Mapping[object, object], known: Iterable[str], report: Reporter) -> None:
    for key in config:
        if isinstance(key, str) and key in known:
            continue
        close = difflib.get_close_matches(key, known, 1, 0.6) if isinstance(key, str) else []
        if close:
            fix = f"Write {close[0]!r}."
        elif isinstance(key, str) and key in SITE_KEYS:
            fix = "It belongs to RINGFENCE['cors'] itself, not to one policy."
        else:
            fix = f"Known are: {', '.join(sorted(known))}."
        report("CORS001", "", key, "there is no such option.", fix)


def _wrong_type(report: Reporter, key: str, value: object, wanted: str) -> None:
    report("CORS002", key, value, f"it is of the type {type(value).__name__}.", f"Write {wanted}.")


def _no_origins(report: Reporter, config: object) -> None:
    report(
        "CORS003",
        "",
        config,
        "it names no origins, so that it allows none.",
        "Add 'origins': ['https://app.example.com'], or write False in place of the policy.",
    )


def _flag(config: Mapping[object, object], key: str, report: Reporter) -> bool:
    value = config.get(key, False)
    if isinstance(value, bool):
        return value
    _wrong_type(report, key, value, "True or False")
    return False


@dataclass(slots=True)
class _Origins:
    """What the options that name origins come to."""

    rules: list[str]
    any_origin: bool = False
    null_origin: bool = False
    patterns: tuple[re.Pattern[str], ...] = ()
    dynamic: DynamicOrigins | str | None = None


def _policy(config: Mapping[object, object], report: Reporter) -> CorsPolicy:
    dangers = frozenset(key for key in DANGEROUS_KEYS if _flag(config, key, report))
    credentials = _flag(config, "credentials", report)
    if "origins" not in config and "origin_regexes" not in config:
        _no_origins(report, dict(config))
    origins = _origins(config, credentials, dangers, report)
    headers, any_header = _headers(config, credentials, dangers, report)
    policy = CorsPolicy(
        rules=OriginRules.compile(origins.rules),
        any_origin=origins.any_origin,
        null_origin=origins.null_origin,
        patterns=origins.patterns,
        dynamic=origins.dynamic,
        credentials=credentials,
        methods=_methods(config, report),
        headers=headers,
        any_header=any_header,
        expose=_expose(config, credentials, report),
        max_age=_max_age(config, report),
        private_network=_flag(config, "private_network", report),
        public_suffixes=PUBLIC_SUFFIXES in dangers,
    )
    if policy.any_origin and policy.credentials and ANY_ORIGIN not in dangers:
        report(
            "CORS101",
            "credentials",
            True,
            "every site on the web could read what its visitors' sessions can read here.",
            f"List the origins, or switch 'credentials' off; {ANY_ORIGIN!r}: True if it is meant.",
        )
        return replace(policy, any_origin=False)
    return policy


def _origins(
    config: Mapping[object, object], credentials: bool, dangers: frozenset[str], report: Reporter
) -> _Origins:
    found = _Origins([])
    value = config.get("origins", ())
    if value == "*":
        found.any_origin = True
    elif isinstance(value, str):
        if _DOTTED_PATH.fullmatch(value):
            found.dynamic = value
        else:
            report(
                "CORS004",
                "origins",
                value,
                "it is one string; each of its characters would count as an origin.",
                f"Write [{value!r}], or the dotted path of a callable.",
            )
    elif callable(value) and not isinstance(value, type):
        found.dynamic = value
    else:
        for entry in _strings(value, "origins", report):
            _origin(entry, found, credentials, dangers, report)
    if found.any_origin and (found.rules or found.null_origin):
        report(
            "CORS302",
            "origins",
            value,
            "'*' allows every origin already.",
            "Remove '*', or the origins beside it.",
        )
    found.patterns = _patterns(config, credentials, dangers, report)
    return found


def _origin(
    entry: str, found: _Origins, credentials: bool, dangers: frozenset[str], report: Reporter
) -> None:
    """Judge one entry of ``origins``, and keep it where it is allowed."""
    if entry == "*":
        found.any_origin = True
    elif entry.lower() == "null":
        found.null_origin = _null(entry, credentials, dangers, report)
    elif "*" in entry:
        parent = _wildcard_parent(entry, dangers, report)
        if parent is not None and _secure(entry, parent, credentials, dangers, report):
            found.rules.append(entry)
    else:
        origin = _parse_origin(entry, entry, report)
        if origin is not None and _secure(entry, origin, credentials, dangers, report):
            found.rules.append(entry)


def _null(entry: str, credentials: bool, dangers: frozenset[str], report: Reporter) -> bool:
    if credentials:
        if NULL_CREDENTIALS in dangers:
            return True
        report(
            "CORS103",
            "origins",
            entry,
            "any site can send it, from a sandboxed frame, with its visitor's credentials.",
            f"Name the origins that are meant; {NULL_CREDENTIALS!r}: True if it is meant.",
        )
    elif NULL_ORIGIN in dangers or NULL_CREDENTIALS in dangers:
        return True
    else:
        report(
            "CORS102",
            "origins",
            entry,
            "any site can send it, from a sandboxed frame.",
            f"Name the origins that are meant; {NULL_ORIGIN!r}: True if it is meant.",
        )
    return False


def _parse_origin(text: str, entry: str, report: Reporter) -> Origin | None:
    try:
        origin = Origin.parse(text)
    except OriginError as error:
        report("CORS107", "origins", entry, str(error), error.fix)
        return None
    if origin.scheme in _UNSENT_SCHEMES:
        report(
            "CORS107",
            "origins",
            entry,
            f"no browser sends an origin with the scheme {origin.scheme!r}.",
            "Write https:// .",
        )
        return None
    if origin.has_default_port and text.endswith(f":{origin.port}"):
        report(
            "CORS108",
            "origins",
            entry,
            "browsers leave a default port out, so that it reads as another origin than it is.",
            f"Write {entry.rpartition(':')[0]!r}.",
        )
        return None
    return origin


def _wildcard_parent(entry: str, dangers: frozenset[str], report: Reporter) -> Origin | None:
    """Return the origin that stands behind the ``*.`` of ``entry``, where it can be one."""
    scheme, separator, rest = entry.partition("://*.")
    if not separator or "*" in scheme or "*" in rest:
        report(
            "CORS106",
            "origins",
            entry,
            "a '*' can only stand for the leftmost labels of a host, followed by a dot.",
            "Write https://*.example.com, and list other schemes and ports one by one.",
        )
        return None
    parent = _parse_origin(f"{scheme}://{rest}", entry, report)
    if parent is None:
        return None
    labels = parent.host.strip(".").split(".")
    if parent.host.startswith("[") or labels[-1].isdigit():
        report(
            "CORS106",
            "origins",
            entry,
            "an address has no subdomains.",
            "List the addresses one by one.",
        )
        return None
    if len(labels) == 1 and not parent.is_loopback and PUBLIC_SUFFIXES not in dangers:
        report(
            "CORS105",
            "origins",
            entry,
            f"anyone can register a domain below {'.' + labels[0]!r}.",
            "Write the domain that you own, as https://*.example.com; "
            f"{PUBLIC_SUFFIXES!r}: True if it is meant.",
        )
        return None
    return parent


def _secure(
    entry: str, origin: Origin, credentials: bool, dangers: frozenset[str], report: Reporter
) -> bool:
    if not credentials or origin.scheme != "http" or origin.is_loopback or HTTP_ORIGINS in dangers:
        return True
    report(
        "CORS104",
        "origins",
        entry,
        "whoever stands between can put a script of their own on an http page, and read with it "
        "what the visitor's session can read here.",
        f"Write {'https' + entry[4:]!r}; {HTTP_ORIGINS!r}: True if it is meant.",
    )
    return False


def _patterns(
    config: Mapping[object, object], credentials: bool, dangers: frozenset[str], report: Reporter
) -> tuple[re.Pattern[str], ...]:
    key = "origin_regexes"
    value = config.get(key, ())
    if isinstance(value, (str, re.Pattern)):
        _wrong_type(report, key, value, "a list of regexes")
        return ()
    if not isinstance(value, (list, tuple, set, frozenset)):
        _wrong_type(report, key, value, "a list of regexes")
        return ()
    patterns: list[re.Pattern[str]] = []
    for entry in value:
        pattern = compile_pattern(entry, key, report)
        if pattern is None:
            continue
        if PERMISSIVE_REGEXES in dangers or _judge(pattern, key, credentials, dangers, report):
            patterns.append(pattern)
    return tuple(patterns)


def compile_pattern(entry: object, key: str, report: Reporter) -> re.Pattern[str] | None:
    """Compile one regex of a list; ``None`` with a finding where it is none."""
    if isinstance(entry, re.Pattern):
        if isinstance(entry.pattern, str):
            return entry
    elif isinstance(entry, str):
        try:
            return re.compile(entry)
        except (re.error, RecursionError, OverflowError) as error:
            report("CORS112", key, entry, f"it does not compile: {error}.", "Correct the regex.")
            return None
    _wrong_type(report, key, entry, "a regex of text")
    return None


def _judge(
    pattern: re.Pattern[str],
    key: str,
    credentials: bool,
    dangers: frozenset[str],
    report: Reporter,
) -> bool:
    judgement = judge(pattern)
    usable = True
    for problem in judgement.problems:
        refused = problem.code.startswith("CORS1")
        meant = f" {PERMISSIVE_REGEXES!r}: True if it is meant." if refused else ""
        report(problem.code, key, pattern.pattern, problem.reason, problem.fix + meant)
        usable = usable and not refused
    if usable and credentials and HTTP_ORIGINS not in dangers and "http" in judgement.schemes:
        for host in sorted(judgement.hosts | judgement.parents):
            if not Origin("http", host, 80).is_loopback:
                report(
                    "CORS104",
                    key,
                    pattern.pattern,
                    "it matches http origins, on whose pages whoever stands between can put a "
                    "script of their own.",
                    f"Begin with ^https:// ; {HTTP_ORIGINS!r}: True if it is meant.",
                )
                return False
    return usable


def _strings(value: object, key: str, report: Reporter) -> list[str]:
    """Return the strings of a list; what is no list of strings becomes findings."""
    if not isinstance(value, (list, tuple, set, frozenset)):
        _wrong_type(report, key, value, "a list of strings")
        return []
    strings: list[str] = []
    for entry in value:
        if isinstance(entry, str):
            strings.append(entry)
        else:
            _wrong_type(report, key, entry, "strings into the list")
    return strings


def _methods(config: Mapping[object, object], report: Reporter) -> frozenset[str]:
    if "methods" not in config:
        return DEFAULT_METHODS
    methods: set[str] = set()
    for method in _strings(config["methods"], "methods", report):
        if method == "*" or not is_token(method):
            report(
                "CORS114",
                "methods",
                method,
                "methods are listed one by one." if method == "*" else "it is no method.",
                "Write methods as ['GET', 'PATCH'].",
            )
        elif method.upper() in FORBIDDEN_METHODS:
            report(
                "CORS113",
                "methods",
                method,
                "no script can send it (Fetch standard, forbidden methods).",
                "Remove it.",
            )
        elif method.upper() in NORMALIZED_METHODS:
            if method != method.upper():
                report(
                    "CORS201",
                    "methods",
                    method,
                    "browsers ask for it in upper case; read as that.",
                    f"Write {method.upper()!r}.",
                )
            methods.add(method.upper())
        else:
            if method != method.upper():
                report(
                    "CORS201",
                    "methods",
                    method,
                    f"methods are compared by case: it is not {method.upper()!r}, which browsers "
                    "leave as a script wrote it.",
                    f"Write {method.upper()!r}, in the script too.",
                )
            methods.add(method)
    return frozenset(methods)


def _headers(
    config: Mapping[object, object], credentials: bool, dangers: frozenset[str], report: Reporter
) -> tuple[frozenset[str], bool]:
    if "headers" not in config:
        return DEFAULT_HEADERS, False
    value = config["headers"]
    any_header = False
    headers: set[str] = set()
    for name in ["*"] if value == "*" else _strings(value, "headers", report):
        lower = name.lower()
        if name == "*":
            if credentials and ANY_HEADER not in dangers:
                report(
                    "CORS118",
                    "headers",
                    name,
                    "with credentials, '*' names a header called '*' and nothing else.",
                    f"List the headers; {ANY_HEADER!r}: True if every header is meant.",
                )
            else:
                any_header = True
        elif not is_token(name):
            report("CORS116", "headers", name, "it is no header name.", "Write ['X-Token'].")
        elif is_forbidden_request_header(lower):
            report(
                "CORS115",
                "headers",
                name,
                "no script can set it (Fetch standard, forbidden request-headers).",
                "Remove it.",
            )
        else:
            headers.add(lower)
    return frozenset(headers), any_header


def _expose(config: Mapping[object, object], credentials: bool, report: Reporter) -> str:
    value = config.get("expose_headers", ())
    names: dict[str, str] = {}
    for name in ["*"] if value == "*" else _strings(value, "expose_headers", report):
        if not is_token(name):
            report("CORS116", "expose_headers", name, "it is no header name.", "Write ['X-Total'].")
        elif name.lower() in FORBIDDEN_RESPONSE_HEADERS:
            report(
                "CORS117",
                "expose_headers",
                name,
                "no script can read it (Fetch standard, forbidden response-header names).",
                "Remove it.",
            )
        elif name == "*" and credentials:
            report(
                "CORS118",
                "expose_headers",
                name,
                "with credentials, '*' names a header called '*' and nothing else.",
                "List the headers.",
            )
        else:
            names.setdefault(name.lower(), name)
    return ", ".join(names.values())


def _max_age(config: Mapping[object, object], report: Reporter) -> str | None:
    value = config.get("max_age", DEFAULT_MAX_AGE)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        _wrong_type(report, "max_age", value, f"seconds, as {DEFAULT_MAX_AGE}, or None")
    elif not 0 <= value <= MAX_AGE_LIMIT:
        report(
            "CORS119",
            "max_age",
            value,
            f"it is not between 0 and {MAX_AGE_LIMIT} seconds; no browser keeps it for longer.",
            f"Write {0 if value < 0 else MAX_AGE_LIMIT}.",
        )
    else:
        return str(value)
    return str(DEFAULT_MAX_AGE)
