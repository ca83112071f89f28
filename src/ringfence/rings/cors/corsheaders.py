"""Reads django-cors-headers' settings, which keep their meaning and their dangers.

Meanings are those of django-cors-headers 4.9: a regex matches a prefix, any origin with
credentials is reflected, hosts are compared as written. What is dangerous is named by a finding
that fails ``check --deploy`` and refuses nothing, so that moving in breaks no site.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final
from urllib.parse import urlsplit

from ringfence.finding import Findings, Severity, quote
from ringfence.origin import Origin, OriginError, OriginRules
from ringfence.rings.cors.decide import DEFAULT_HEADERS, DEFAULT_METHODS, CorsPolicy, CorsSite
from ringfence.rings.cors.fetch import FORBIDDEN_RESPONSE_HEADERS, is_token
from ringfence.rings.cors.options import Reporter
from ringfence.rings.cors.origins import compile_pattern
from ringfence.rings.cors.regex import judge

__all__ = ["SETTINGS", "from_corsheaders"]

#: Today's names, each with the older one it replaced.
SETTINGS: Final[Mapping[str, str]] = {
    "CORS_ALLOWED_ORIGINS": "CORS_ORIGIN_WHITELIST",
    "CORS_ALLOWED_ORIGIN_REGEXES": "CORS_ORIGIN_REGEX_WHITELIST",
    "CORS_ALLOW_ALL_ORIGINS": "CORS_ORIGIN_ALLOW_ALL",
    "CORS_ALLOW_CREDENTIALS": "",
    "CORS_ALLOW_HEADERS": "",
    "CORS_ALLOW_METHODS": "",
    "CORS_ALLOW_PRIVATE_NETWORK": "",
    "CORS_EXPOSE_HEADERS": "",
    "CORS_PREFLIGHT_MAX_AGE": "",
    "CORS_URLS_REGEX": "",
}
_KNOWN = frozenset(SETTINGS) | frozenset(filter(None, SETTINGS.values()))

#: django-cors-headers' own default, in seconds.
_DEFAULT_MAX_AGE = 86400

_EVERY_URL = r"^.*$"

#: Matches nothing: what stands in for a CORS_URLS_REGEX that cannot be read.
_NO_URL = re.compile(r"(?!)")

#: What pages opened from a file send on Chrome for Android; no tuple origin, but a common entry.
_FILE = "file://"


def from_corsheaders(settings: Mapping[str, object], findings: Findings) -> CorsSite | None:
    """Compile the ``CORS_*`` settings; ``None`` where none of them is set. Never raises.

    >>> site = from_corsheaders({"CORS_ALLOWED_ORIGINS": ["https://app.example"]}, Findings())
    >>> site.default.allows("https://app.example"), site.urls_regex
    (True, None)
    """
    _unknown(settings, findings)
    if not _KNOWN & settings.keys():
        return None
    return _Reader(settings, findings).site()


def _unknown(settings: Mapping[str, object], findings: Findings) -> None:
    for name in settings:
        if isinstance(name, str) and name.startswith("CORS_") and name not in _KNOWN:
            close = difflib.get_close_matches(name, _KNOWN, 1, 0.85)
            if close:
                findings.add(
                    "CORS001",
                    setting=name,
                    reason="there is no such setting.",
                    fix=f"Write {close[0]}.",
                    severity=Severity.DEPLOY_ERROR,
                )


class _Reader:
    """Reads the settings one by one; ``site`` puts them together."""

    def __init__(self, settings: Mapping[str, object], findings: Findings) -> None:
        self.settings = settings
        self.findings = findings

    def site(self) -> CorsSite:
        credentials = self._flag("CORS_ALLOW_CREDENTIALS")
        any_origin = self._flag("CORS_ALLOW_ALL_ORIGINS")
        rules, literals = self._origins(credentials=credentials, any_origin=any_origin)
        headers = self._names("CORS_ALLOW_HEADERS", DEFAULT_HEADERS)
        lower = frozenset(header.lower() for header in headers)
        if any_origin and credentials:
            self._report(
                "CORS101",
                "CORS_ALLOW_ALL_ORIGINS",
                any_origin,
                "with CORS_ALLOW_CREDENTIALS, every site on the web can read what its visitors' "
                "sessions can read here.",
                "List the origins in CORS_ALLOWED_ORIGINS.",
            )
            # Reflected whatever it is: these two are no tuple origins.
            literals |= {"null", _FILE}
        policy = CorsPolicy(
            rules=rules,
            any_origin=any_origin,
            legacy_patterns=self._patterns(credentials=credentials),
            legacy_literals=literals,
            credentials=credentials,
            methods=self._names("CORS_ALLOW_METHODS", DEFAULT_METHODS),
            headers=lower,
            # With credentials the browser reads it as a header called "*".
            any_header="*" in lower and not credentials,
            expose=self._expose(),
            max_age=self._max_age(),
            private_network=self._flag("CORS_ALLOW_PRIVATE_NETWORK"),
        )
        return CorsSite(default=policy, urls_regex=self._urls_regex())

    def _get(self, name: str, *, default: object) -> tuple[str, object]:
        """Return the name that holds, and its value; the older counts where today's is missing."""
        older = SETTINGS[name]
        if name in self.settings:
            if older and older in self.settings:
                self._report(
                    "CORS301",
                    older,
                    self.settings[older],
                    f"{name} is set too, and holds.",
                    "Remove it.",
                    Severity.WARNING,
                )
            return name, self.settings[name]
        if older and older in self.settings:
            return older, self.settings[older]
        return name, default

    def _report(
        self,
        code: str,
        name: str,
        value: object,
        reason: str,
        fix: str,
        severity: Severity = Severity.DEPLOY_ERROR,
    ) -> None:
        self.findings.add(
            code, setting=name, value=value, reason=reason, fix=fix, severity=severity
        )

    def _wrong_type(self, name: str, value: object, wanted: str) -> None:
        self._report(
            "CORS002", name, value, f"it is of the type {type(value).__name__}.", f"Write {wanted}."
        )

    def _flag(self, name: str) -> bool:
        used, value = self._get(name, default=False)
        if not isinstance(value, bool):
            self._wrong_type(used, value, "True or False")
        try:
            return bool(value)
        except Exception:  # noqa: BLE001 - an object's own __bool__ may do anything
            return False

    def _list(self, name: str, default: object) -> tuple[str, list[object]]:
        used, value = self._get(name, default=default)
        if isinstance(value, str):
            self._report(
                "CORS004" if "ORIGIN" in used else "CORS002",
                used,
                value,
                "it is one string, read letter by letter.",
                f"Write [{quote(value)}].",
            )
            return used, []
        if isinstance(value, AbstractSet):
            # It works, though django-cors-headers' own check asks for a sequence.
            return used, list(value)
        if not isinstance(value, Sequence) or isinstance(value, (bytes, bytearray)):
            self._wrong_type(used, value, "a list of strings")
            return used, []
        return used, list(value)

    def _strings(self, name: str, default: object) -> tuple[str, list[str]]:
        used, values = self._list(name, default)
        strings: list[str] = []
        for value in values:
            if isinstance(value, str):
                strings.append(value)
            else:
                self._wrong_type(used, value, "strings into the list")
        return used, strings

    def _origins(
        self, *, credentials: bool, any_origin: bool
    ) -> tuple[OriginRules, frozenset[str]]:
        name, entries = self._strings("CORS_ALLOWED_ORIGINS", ())
        rules: list[str] = []
        literals: set[str] = set()
        for entry in entries:
            if entry == "null":
                literals.add(entry)
                self._report(
                    "CORS103" if credentials else "CORS102",
                    name,
                    entry,
                    "any site can send it, from a sandboxed frame.",
                    "Name the origins that are meant.",
                )
                continue
            if entry == _FILE:
                literals.add(entry)
                continue
            text = self._compared(entry)
            if text is None:
                self._report(
                    "CORS107",
                    name,
                    entry,
                    "it has no scheme or no host.",
                    f"Write {quote('https://' + entry.partition('://')[2])}."
                    if "://" in entry
                    else f"Write {quote('https://' + entry)}.",
                )
                continue
            origin = _canonical(text)
            if origin is None:
                # Compared as written, so that it matches no browser; kept, and not widened.
                literals.add(text)
                self._report(
                    "CORS106" if "*" in entry else "CORS204",
                    name,
                    entry,
                    "it is compared with what browsers send as it stands, and they send no such "
                    "origin.",
                    "Move it to RINGFENCE['cors']['origins'], which knows https://*.example.com."
                    if "*" in entry
                    else "Write scheme and host in lower case and ASCII, without a default port.",
                    Severity.WARNING,
                )
                continue
            rules.append(text)
            if text != entry:
                self._report(
                    "CORS107",
                    name,
                    entry,
                    "an origin is a scheme, a host and a port; the rest is not read.",
                    f"Write {quote(text)}.",
                )
            if credentials and origin.scheme == "http" and not origin.is_loopback:
                self._insecure(name, entry)
        if any_origin and entries:
            self._report(
                "CORS302",
                name,
                entries,
                "CORS_ALLOW_ALL_ORIGINS allows every origin already.",
                "Remove one of them.",
                Severity.WARNING,
            )
        return OriginRules.compile(rules), frozenset(literals)

    def _compared(self, entry: str) -> str | None:
        """Return the part of an entry that django-cors-headers compares: scheme and host."""
        try:
            url = urlsplit(entry)
        except ValueError:
            return None
        return f"{url.scheme}://{url.netloc}" if url.scheme and url.netloc else None

    def _insecure(self, name: str, value: str) -> None:
        self._report(
            "CORS104",
            name,
            value,
            "whoever stands between can put a script of their own on an http page, and read with "
            "it what the visitor's session can read here.",
            "Allow https only.",
        )

    def _patterns(self, *, credentials: bool) -> tuple[re.Pattern[str], ...]:
        name, entries = self._list("CORS_ALLOWED_ORIGIN_REGEXES", ())
        report = Reporter(self.findings, name, Severity.DEPLOY_ERROR)
        patterns: list[re.Pattern[str]] = []
        for entry in entries:
            pattern = compile_pattern(entry, "", report)
            if pattern is None:
                continue
            patterns.append(pattern)
            judgement = judge(pattern, prefix=True)
            for problem in judgement.problems:
                dangerous = problem.code.startswith("CORS1")
                self._report(
                    problem.code,
                    name,
                    pattern.pattern,
                    problem.reason,
                    problem.fix,
                    Severity.DEPLOY_ERROR if dangerous else Severity.WARNING,
                )
            hosts = judgement.hosts | judgement.parents
            if (
                credentials
                and "http" in judgement.schemes
                and any(not Origin("http", host, 80).is_loopback for host in hosts)
            ):
                self._insecure(name, pattern.pattern)
        return tuple(patterns)

    def _names(self, name: str, default: frozenset[str]) -> frozenset[str]:
        used, values = self._strings(name, default)
        for value in values:
            if not is_token(value):
                self._report(
                    "CORS114" if "METHODS" in used else "CORS116",
                    used,
                    value,
                    "it is no method." if "METHODS" in used else "it is no header name.",
                    "Remove it.",
                )
        return frozenset(filter(is_token, values))

    def _expose(self) -> str:
        used, values = self._strings("CORS_EXPOSE_HEADERS", ())
        names: list[str] = []
        for value in values:
            if not is_token(value):
                self._report("CORS116", used, value, "it is no header name.", "Remove it.")
                continue
            if value.lower() in FORBIDDEN_RESPONSE_HEADERS:
                self._report(
                    "CORS117",
                    used,
                    value,
                    "no script can read it (Fetch standard, forbidden response-header names).",
                    "Remove it.",
                )
            names.append(value)
        return ", ".join(names)

    def _max_age(self) -> str | None:
        used, value = self._get("CORS_PREFLIGHT_MAX_AGE", default=_DEFAULT_MAX_AGE)
        if isinstance(value, bool) or not isinstance(value, int):
            self._wrong_type(used, value, "a number of seconds")
            return value if isinstance(value, str) and value.isdecimal() else None
        if value < 0:
            self._report("CORS119", used, value, "it is negative.", "Write 0.")
            return None
        return str(value) if value else None

    def _urls_regex(self) -> re.Pattern[str] | None:
        used, value = self._get("CORS_URLS_REGEX", default=_EVERY_URL)
        if value == _EVERY_URL:
            return None
        pattern = compile_pattern(value, "", Reporter(self.findings, used, Severity.DEPLOY_ERROR))
        return _NO_URL if pattern is None else pattern


def _canonical(text: str) -> Origin | None:
    """Return the origin that ``text`` is the browsers' serialisation of."""
    try:
        origin = Origin.parse(text)
    except OriginError:
        return None
    return origin if origin.serialize() == text else None
