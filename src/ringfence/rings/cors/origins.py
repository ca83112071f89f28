"""Which origins a policy allows: the options ``origins`` and ``origin_regexes``."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass

from ringfence.finding import quote
from ringfence.origin import Origin, OriginError
from ringfence.rings.cors.decide import DynamicOrigins
from ringfence.rings.cors.options import (
    HTTP_ORIGINS,
    NULL_CREDENTIALS,
    NULL_ORIGIN,
    PERMISSIVE_REGEXES,
    PUBLIC_SUFFIXES,
    Reporter,
    Scope,
    read_strings,
    wrong_type,
)
from ringfence.rings.cors.regex import judge

__all__ = ["Origins", "compile_pattern", "read_origins"]

_DOTTED_PATH = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")

#: Schemes of URLs that no document with a tuple origin has, so that no Origin header names them.
_UNSENT_SCHEMES = frozenset({"about", "blob", "data", "file", "ftp", "javascript", "ws", "wss"})


@dataclass(slots=True)
class Origins:
    """What the options that name origins come to."""

    rules: list[str]
    any_origin: bool = False
    null_origin: bool = False
    patterns: tuple[re.Pattern[str], ...] = ()
    dynamic: DynamicOrigins | str | None = None


def read_origins(scope: Scope) -> Origins:
    """Read ``origins`` and ``origin_regexes``; what is refused is left out."""
    found = Origins([])
    value = scope.config.get("origins", ())
    if isinstance(value, str) and value == "*":
        found.any_origin = True
    elif isinstance(value, str):
        if _DOTTED_PATH.fullmatch(value):
            found.dynamic = value
        else:
            scope.report(
                "CORS004",
                "origins",
                value,
                "it is one string; each of its characters would count as an origin.",
                f"Write [{quote(value)}], or the dotted path of a callable.",
            )
    elif callable(value) and not isinstance(value, type):
        found.dynamic = value
    else:
        for entry in read_strings(value, "origins", scope.report):
            _origin(entry, found, scope)
    if found.any_origin and (found.rules or found.null_origin):
        scope.report(
            "CORS302",
            "origins",
            value,
            "'*' allows every origin already.",
            "Remove '*', or the origins beside it.",
        )
    found.patterns = _patterns(scope)
    return found


def _origin(entry: str, found: Origins, scope: Scope) -> None:
    """Judge one entry of ``origins``, and keep it where it is allowed."""
    if entry == "*":
        found.any_origin = True
    elif entry.lower() == "null":
        found.null_origin = _null(entry, scope)
    elif "*" in entry:
        parent = _wildcard_parent(entry, scope)
        if parent is not None and _secure(entry, parent, scope):
            found.rules.append(entry)
    else:
        origin = _parse_origin(entry, entry, scope)
        if origin is not None and _secure(entry, origin, scope):
            found.rules.append(entry)


def _null(entry: str, scope: Scope) -> bool:
    if scope.credentials:
        if NULL_CREDENTIALS in scope.dangers:
            return True
        scope.report(
            "CORS103",
            "origins",
            entry,
            "any site can send it, from a sandboxed frame, with its visitor's credentials.",
            f"Name the origins that are meant; {NULL_CREDENTIALS!r}: True if it is meant.",
        )
    elif NULL_ORIGIN in scope.dangers or NULL_CREDENTIALS in scope.dangers:
        return True
    else:
        scope.report(
            "CORS102",
            "origins",
            entry,
            "any site can send it, from a sandboxed frame.",
            f"Name the origins that are meant; {NULL_ORIGIN!r}: True if it is meant.",
        )
    return False


def _parse_origin(text: str, entry: str, scope: Scope) -> Origin | None:
    try:
        origin = Origin.parse(text)
    except OriginError as error:
        scope.report("CORS107", "origins", entry, str(error), error.fix)
        return None
    if origin.scheme in _UNSENT_SCHEMES:
        scope.report(
            "CORS107",
            "origins",
            entry,
            f"no browser sends an origin with the scheme {origin.scheme!r}.",
            "Write https:// .",
        )
        return None
    if origin.has_default_port and text.endswith(f":{origin.port}"):
        scope.report(
            "CORS108",
            "origins",
            entry,
            "browsers leave a default port out, so that it reads as another origin than it is.",
            f"Write {entry.rpartition(':')[0]!r}.",
        )
        return None
    return origin


def _wildcard_parent(entry: str, scope: Scope) -> Origin | None:
    """Return the origin that stands behind the ``*.`` of ``entry``, where it can be one."""
    scheme, separator, rest = entry.partition("://*.")
    if not separator or "*" in scheme or "*" in rest:
        scope.report(
            "CORS106",
            "origins",
            entry,
            "a '*' can only stand for the leftmost labels of a host, followed by a dot.",
            "Write https://*.example.com, and list other schemes and ports one by one.",
        )
        return None
    parent = _parse_origin(f"{scheme}://{rest}", entry, scope)
    if parent is None:
        return None
    labels = parent.host.strip(".").split(".")
    if parent.host.startswith("[") or labels[-1].isdigit():
        scope.report(
            "CORS106",
            "origins",
            entry,
            "an address has no subdomains.",
            "List the addresses one by one.",
        )
        return None
    if len(labels) == 1 and not parent.is_loopback and PUBLIC_SUFFIXES not in scope.dangers:
        scope.report(
            "CORS105",
            "origins",
            entry,
            f"anyone can register a domain below {'.' + labels[0]!r}.",
            "Write the domain that you own, as https://*.example.com; "
            f"{PUBLIC_SUFFIXES!r}: True if it is meant.",
        )
        return None
    return parent


def _secure(entry: str, origin: Origin, scope: Scope) -> bool:
    if (
        not scope.credentials
        or origin.scheme != "http"
        or origin.is_loopback
        or HTTP_ORIGINS in scope.dangers
    ):
        return True
    scope.report(
        "CORS104",
        "origins",
        entry,
        "whoever stands between can put a script of their own on an http page, and read with it "
        "what the visitor's session can read here.",
        f"Write {'https' + entry[4:]!r}; {HTTP_ORIGINS!r}: True if it is meant.",
    )
    return False


def _patterns(scope: Scope) -> tuple[re.Pattern[str], ...]:
    key = "origin_regexes"
    value = scope.config.get(key, ())
    if isinstance(value, (str, re.Pattern)):
        wrong_type(scope.report, key, value, "a list of regexes")
        return ()
    if not isinstance(value, (list, tuple, set, frozenset)):
        wrong_type(scope.report, key, value, "a list of regexes")
        return ()
    patterns: list[re.Pattern[str]] = []
    for entry in value:
        pattern = compile_pattern(entry, key, scope.report)
        if pattern is None:
            continue
        if PERMISSIVE_REGEXES in scope.dangers or _judge(pattern, key, scope):
            patterns.append(pattern)
    return tuple(patterns)


def compile_pattern(entry: object, key: str, report: Reporter) -> re.Pattern[str] | None:
    """Compile one regex of a list; ``None`` with a finding where it is none."""
    if isinstance(entry, re.Pattern):
        if isinstance(entry.pattern, str):
            return entry
    elif isinstance(entry, str):
        try:
            with warnings.catch_warnings():
                # A site that turns warnings into errors shall still get a finding.
                warnings.simplefilter("ignore")
                return re.compile(entry)
        except (re.error, RecursionError, OverflowError) as error:
            report(
                "CORS112",
                key,
                entry,
                f"it does not compile: {str(error)[:200]}.",
                "Correct the regex.",
            )
            return None
    wrong_type(report, key, entry, "a regex of text")
    return None


def _judge(
    pattern: re.Pattern[str],
    key: str,
    scope: Scope,
) -> bool:
    judgement = judge(pattern)
    usable = True
    for problem in judgement.problems:
        refused = problem.code.startswith("CORS1")
        meant = f" {PERMISSIVE_REGEXES!r}: True if it is meant." if refused else ""
        scope.report(problem.code, key, pattern.pattern, problem.reason, problem.fix + meant)
        usable = usable and not refused
    if (
        usable
        and scope.credentials
        and HTTP_ORIGINS not in scope.dangers
        and "http" in judgement.schemes
    ):
        for host in sorted(judgement.hosts | judgement.parents):
            if not Origin("http", host, 80).is_loopback:
                scope.report(
                    "CORS104",
                    key,
                    pattern.pattern,
                    "it matches http origins, on whose pages whoever stands between can put a "
                    "script of their own.",
                    f"Begin with ^https:// ; {HTTP_ORIGINS!r}: True if it is meant.",
                )
                return False
    return usable
