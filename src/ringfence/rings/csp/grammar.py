"""The grammar of a Content Security Policy's directives, level 3.

Section numbers are those of the W3C draft "Content Security Policy Level 3". Each check returns
what is wrong as :class:`Problem` values; every check is linear in the length of what it reads.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ringfence.rings.csp.model import NONCE, NONE
from ringfence.rings.csp.problem import Problem, control_character, suggest
from ringfence.rings.csp.source import (
    HASH,
    check_none,
    check_quoted,
    check_source,
    check_url_source,
)
from ringfence.rings.csp.words import DEPRECATED, KEYWORDS, SANDBOX, SOURCE_LISTS

__all__ = ["DIRECTIVES", "check_directive", "check_name"]

#: RFC 3986 URI-reference by its characters, again without ";" and ",".
_URI = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+=:@/?#\[\]-]|%[0-9A-Fa-f]{2})+")
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_WORD = re.compile(r"[A-Za-z-]+")
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+")
#: Trusted Types, section 4.1.2: tt-policy-name.
_TT_NAME = re.compile(r"[A-Za-z0-9#=_/@.%-]+")


def check_name(name: str) -> Problem | None:
    """Check a directive's name.

    >>> check_name("script_src").fix
    'Did you mean script-src?'
    """
    lowered = name.lower()
    if lowered in DIRECTIVES:
        return None
    if any(ord(character) < 32 or ord(character) == 127 for character in name):
        return control_character(name)
    return Problem(
        "CSP001",
        name,
        "it is no directive of CSP level 3.",
        suggest(
            lowered.replace("_", "-"),
            frozenset(DIRECTIVES) - DEPRECATED.keys(),
            "Write one of the directives of CSP level 3, as script-src.",
        ),
    )


def check_directive(name: str, values: Sequence[str]) -> list[Problem]:
    """Check the values of directive ``name`` (a key of :data:`DIRECTIVES`, in lower case).

    >>> print(check_directive("script-src", ["self"])[0].fix)
    Write "'self'".
    >>> check_directive("script-src", ["'self'", "https://cdn.example:*/js/"])
    []
    """
    problems = []
    clean = []
    for value in values:
        problem = _check_characters(value)
        if problem:
            problems.append(problem)
        else:
            clean.append(value)
    return problems + DIRECTIVES[name](name, clean)


def _check_characters(value: str) -> Problem | None:
    if not value:
        return Problem("CSP101", value, "it is empty.", "Remove it.")
    if not value.isascii():
        return Problem(
            "CSP109",
            value,
            "browsers skip what is not ASCII.",
            "Write straight quotes, hosts in their ASCII form (xn--…), paths percent-encoded.",
        )
    if any(ord(character) < 32 or ord(character) == 127 for character in value):
        return control_character(value)
    if ";" in value or "," in value:
        mark, what = (";", "directive") if ";" in value else (",", "policy")
        return Problem(
            "CSP103",
            value,
            f"{mark!r} ends the {what}, and the rest would be read as another one.",
            "Write one value for each source; in a URL, write %3B for ';' and %2C for ','.",
        )
    if " " in value:
        parts = value.split()
        return Problem(
            "CSP103",
            value,
            "a space separates values.",
            f"Write {parts!r}." if len(value) <= 200 else "Write a list of values.",
        )
    return None


def _sources(name: str, values: Sequence[str]) -> list[Problem]:
    problems = [problem for value in values if (problem := check_source(name, value)) is not None]
    return problems + check_none(values)


def _frame_ancestors(_name: str, values: Sequence[str]) -> list[Problem]:
    """Check ancestor-source-list, section 6.4.2: no keyword but 'self', no nonce, no hash."""
    problems = []
    for value in values:
        lowered = value.lower()
        if lowered in ("'self'", NONE):
            continue
        if value == NONCE or lowered in KEYWORDS or HASH.fullmatch(value):
            problems.append(
                Problem(
                    "CSP101",
                    value,
                    "frame-ancestors knows hosts, schemes, 'self' and 'none' only.",
                    "Remove it.",
                )
            )
        elif problem := check_quoted(value) or check_url_source(value):
            problems.append(problem)
    return problems + check_none(values)


def _sandbox(_name: str, values: Sequence[str]) -> list[Problem]:
    return [
        Problem(
            "CSP101",
            value,
            "it is no sandboxing flag of HTML.",
            suggest(value.lower(), SANDBOX, f"The flags are {', '.join(sorted(SANDBOX))}."),
        )
        for value in values
        if value.lower() not in SANDBOX
    ]


def _trusted_types(_name: str, values: Sequence[str]) -> list[Problem]:
    problems = []
    for value in values:
        lowered = value.lower()
        if lowered in (NONE, "'allow-duplicates'") or value == "*":
            continue
        bare = lowered.strip("'\"")
        if bare in ("none", "allow-duplicates"):
            problems.append(
                Problem("CSP102", value, "keywords stand in single quotes.", f"Write \"'{bare}'\".")
            )
        elif not _TT_NAME.fullmatch(value):
            problems.append(
                Problem(
                    "CSP101",
                    value,
                    "it is no name of a Trusted Types policy.",
                    "Write letters, digits and -#=_/@.% only, without quotes.",
                )
            )
    return problems + check_none(values)


def _require_trusted_types_for(_name: str, values: Sequence[str]) -> list[Problem]:
    if [value.lower() for value in values] == ["'script'"]:
        return []
    shown = " ".join(values)
    return [Problem("CSP101", shown, "its one value is 'script'.", "Write \"'script'\".")]


def _report_to(_name: str, values: Sequence[str]) -> list[Problem]:
    if len(values) == 1 and _TOKEN.fullmatch(values[0]):
        return []
    return [
        Problem(
            "CSP101",
            " ".join(values),
            "report-to takes the name of one endpoint, a token.",
            "Write the name that Reporting-Endpoints gives it, or use the option report_to.",
        )
    ]


def _report_uri(_name: str, values: Sequence[str]) -> list[Problem]:
    return [
        Problem(
            "CSP101",
            value,
            "it is no URL.",
            "Write a path or an https URL, percent-encoded, as /csp-report/.",
        )
        for value in values
        if not _URI.fullmatch(value)
    ]


def _no_value(name: str, values: Sequence[str]) -> list[Problem]:
    if not values:
        return []
    return [Problem("CSP101", " ".join(values), f"{name} takes no value.", "Write True.")]


def _plugin_types(_name: str, values: Sequence[str]) -> list[Problem]:
    return [
        Problem("CSP101", value, "it is no media type.", "Write type/subtype.")
        for value in values
        if not _MEDIA_TYPE.fullmatch(value)
    ]


def _words(name: str, values: Sequence[str]) -> list[Problem]:
    return [
        Problem("CSP101", value, f"{name} takes plain words only.", "Remove it.")
        for value in values
        if not _WORD.fullmatch(value)
    ]


def _webrtc(_name: str, values: Sequence[str]) -> list[Problem]:
    """Check section 6.5.1: 'allow' or 'block'."""
    if [value.lower() for value in values] in (["'allow'"], ["'block'"]):
        return []
    shown = " ".join(values)
    return [Problem("CSP101", shown, "webrtc is 'allow' or 'block'.", "Write \"'block'\".")]


#: Every directive that is known, each with the check of its values.
DIRECTIVES: dict[str, Callable[[str, Sequence[str]], list[Problem]]] = {
    **dict.fromkeys(sorted(SOURCE_LISTS), _sources),
    "block-all-mixed-content": _no_value,
    "frame-ancestors": _frame_ancestors,
    "plugin-types": _plugin_types,
    "referrer": _words,
    "reflected-xss": _words,
    "report-to": _report_to,
    "report-uri": _report_uri,
    "require-sri-for": _words,
    "require-trusted-types-for": _require_trusted_types_for,
    "sandbox": _sandbox,
    "trusted-types": _trusted_types,
    "upgrade-insecure-requests": _no_value,
    "webrtc": _webrtc,
}
