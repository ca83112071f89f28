"""The grammar of a Content Security Policy's directives, level 3.

Section numbers are those of the W3C draft "Content Security Policy Level 3". Each check returns
what is wrong as :class:`Problem` values; every check is linear in the length of what it reads.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ringfence.rings.csp.model import NONCE, NONE

__all__ = [
    "DEPRECATED",
    "DIRECTIVES",
    "KEYWORDS",
    "SOURCE_LISTS",
    "Problem",
    "check_directive",
    "check_name",
]


class Problem(NamedTuple):
    """What is wrong with one value; ``value`` is None when it is the directive as a whole."""

    code: str
    value: str | None
    reason: str
    fix: str


#: Section 6.1 (fetch directives), 6.3.1 (base-uri), 6.4.1 (form-action); fenced-frame-src is of
#: the Fenced Frame draft.
SOURCE_LISTS = frozenset(
    [
        "base-uri",
        "child-src",
        "connect-src",
        "default-src",
        "fenced-frame-src",
        "font-src",
        "form-action",
        "frame-src",
        "img-src",
        "manifest-src",
        "media-src",
        "object-src",
        "prefetch-src",
        "navigate-to",
        "script-src",
        "script-src-attr",
        "script-src-elem",
        "style-src",
        "style-src-attr",
        "style-src-elem",
        "worker-src",
    ]
)

#: Where a nonce is looked at: sections 6.1.10 to 6.1.13 and, by fallback, default-src.
NONCE_DIRECTIVES = frozenset(
    ["default-src", "script-src", "script-src-elem", "style-src", "style-src-elem"]
)

#: Withdrawn or replaced; the second item says what to write instead.
DEPRECATED = {
    "block-all-mixed-content": "Write upgrade-insecure-requests; browsers block the rest anyway.",
    "navigate-to": "Leave it out: no browser shipped it.",
    "plugin-types": "Write object-src 'none'.",
    "prefetch-src": "Leave it out: default-src governs prefetching.",
    "referrer": "Use the Referrer-Policy header.",
    "reflected-xss": "Leave it out: no browser has a filter to steer any more.",
    "require-sri-for": "Leave it out: browsers removed it; write integrity attributes.",
}

#: keyword-source of section 2.3.1, with 'inline-speculation-rules' of the Speculation Rules.
KEYWORDS = frozenset(
    [
        "'self'",
        "'unsafe-inline'",
        "'unsafe-eval'",
        "'strict-dynamic'",
        "'unsafe-hashes'",
        "'report-sample'",
        "'unsafe-allow-redirects'",
        "'wasm-unsafe-eval'",
        "'trusted-types-eval'",
        "'report-sha256'",
        "'report-sha384'",
        "'report-sha512'",
        "'unsafe-webtransport-hashes'",
        "'inline-speculation-rules'",
    ]
)
_BARE_KEYWORDS = {keyword.strip("'"): keyword for keyword in (*KEYWORDS, NONE)}

#: The sandboxing flags of HTML, section "Sandboxing".
SANDBOX = frozenset(
    [
        "allow-downloads",
        "allow-forms",
        "allow-modals",
        "allow-orientation-lock",
        "allow-pointer-lock",
        "allow-popups",
        "allow-popups-to-escape-sandbox",
        "allow-presentation",
        "allow-same-origin",
        "allow-scripts",
        "allow-storage-access-by-user-activation",
        "allow-top-navigation",
        "allow-top-navigation-by-user-activation",
        "allow-top-navigation-to-custom-protocols",
    ]
)

_SCHEMES = frozenset(
    ["about", "blob", "data", "filesystem", "http", "https", "mediastream", "ws", "wss"]
)

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
_HASH = re.compile(r"'(sha256|sha384|sha512)-([^']*)'", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")
_HOST = re.compile(r"(?:\*\.)?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.?")
_PORT = re.compile(r"[0-9]{1,5}|\*")
#: RFC 3986 path-absolute without ";" and ","; a percent sign must begin a percent-encoding.
_PATH = re.compile(r"/(?:[A-Za-z0-9._~!$&'()*+=:@/-]|%[0-9A-Fa-f]{2})*")
#: RFC 3986 URI-reference by its characters, again without ";" and ",".
_URI = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+=:@/?#\[\]-]|%[0-9A-Fa-f]{2})+")
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_WORD = re.compile(r"[A-Za-z-]+")
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]+/[A-Za-z0-9!#$&^_.+-]+")
#: Trusted Types, section 4.1.2: tt-policy-name.
_TT_NAME = re.compile(r"[A-Za-z0-9#=_/@.%-]+")

#: Unpadded base64 length of each digest (SHA-2: 32, 48 and 64 bytes).
_DIGEST_LENGTH = {"sha256": 43, "sha384": 64, "sha512": 86}


def suggest(word: str, known: Sequence[str] | frozenset[str], otherwise: str) -> str:
    """Return the sentence that names the known word nearest to ``word``, or ``otherwise``."""
    # A long word is no slip of the pen, and comparing it would not be linear.
    close = difflib.get_close_matches(word, sorted(known), n=1) if len(word) <= 64 else []
    return f"Did you mean {close[0]}?" if close else otherwise


def check_name(name: str) -> Problem | None:
    """Check a directive's name.

    >>> check_name("script_src").fix
    'Did you mean script-src?'
    """
    lowered = name.lower()
    if lowered in DIRECTIVES:
        return None
    if any(ord(character) < 32 or ord(character) == 127 for character in name):
        return _control(name)
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


def _control(value: str) -> Problem:
    return Problem(
        "CSP104",
        value,
        "a control character ends the header or makes the server refuse it.",
        "Remove it.",
    )


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
        return _control(value)
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
    problems = [problem for value in values if (problem := _check_source(name, value)) is not None]
    return problems + _check_none(values)


def _check_none(values: Sequence[str]) -> list[Problem]:
    if len(values) > 1 and any(value.lower() == NONE for value in values):
        return [
            Problem(
                "CSP106",
                NONE,
                "browsers ignore 'none' when another source stands beside it.",
                "Write either 'none' alone or the sources.",
            )
        ]
    return []


def _check_source(name: str, value: str) -> Problem | None:
    if value == NONCE:
        if name in NONCE_DIRECTIVES:
            return None
        return Problem(
            "CSP215",
            value,
            f"browsers compare nonces with <script>, <style> and <link>, not for {name}.",
            "Remove it.",
        )
    lowered = value.lower()
    if lowered in KEYWORDS or lowered == NONE:
        return None
    if _HASH.fullmatch(value):
        return _check_hash(value)
    return _check_quoted(value) or _check_url_source(value)


def _check_quoted(value: str) -> Problem | None:
    """Everything that has quotes, or should have them."""
    lowered = value.lower()
    bare = lowered.strip("'\"`")
    if bare in _BARE_KEYWORDS:
        reason = (
            f"without its quotes {bare} is the name of a host."
            if bare == lowered
            else "it is not in one pair of single quotes."
        )
        return Problem("CSP102", value, reason, f'Write "{_BARE_KEYWORDS[bare]}".')
    if bare.startswith("nonce-") or NONCE in value:
        return Problem(
            "CSP105",
            value,
            "a nonce that stands in the settings is the same in every response, so that an "
            "attacker can read it once and use it (CSP3, section 7.1).",
            "Write CSP.NONCE, or NONCE (from ringfence import NONCE): a fresh one each time.",
        )
    if bare.startswith(("sha256-", "sha384-", "sha512-")):
        return _check_hash(value)
    if "'" in value[:1] + value[-1:] or '"' in value:
        inner = value.strip("'\"")
        if "." in inner or ":" in inner or inner == "*":
            return Problem(
                "CSP102", value, "hosts and schemes take no quotes.", f'Write "{inner}".'
            )
        return Problem(
            "CSP107",
            value,
            "it is no keyword of CSP level 3, and browsers ignore it.",
            suggest(
                f"'{bare}'",
                KEYWORDS | {NONE},
                f"The keywords are {', '.join(sorted(KEYWORDS | {NONE}))}.",
            ),
        )
    return None


def _check_hash(value: str) -> Problem | None:
    match = _HASH.fullmatch(value)
    if match is None:
        inner = value.strip("'\"")
        return Problem("CSP102", value, "a hash stands in single quotes.", f"Write \"'{inner}'\".")
    algorithm, digest = match[1].lower(), match[2]
    length = _DIGEST_LENGTH[algorithm]
    if _BASE64.fullmatch(digest) and len(digest.rstrip("=")) == length:
        return None
    return Problem(
        "CSP108",
        value,
        f"a {algorithm} digest in base64 has {length} characters besides its padding.",
        "Write the hash that the browser's console or `openssl dgst -binary | base64` gives.",
    )


def _check_url_source(value: str) -> Problem | None:
    """Check scheme-source or host-source, section 2.3.1."""
    if value == "*":
        return None
    if value.endswith(":") and _SCHEME.fullmatch(value, 0, len(value) - 1):
        return None
    scheme, separator, rest = value.partition("://")
    if not separator:
        scheme, rest = "", value
        if value.lower() in _SCHEMES:
            return Problem(
                "CSP214", value, "it names a host, not a scheme.", f'Write "{value.lower()}:".'
            )
    elif not _SCHEME.fullmatch(scheme):
        return _malformed(value, "its scheme is malformed.")
    reason = _host_reason(rest)
    return _malformed(value, reason) if reason else None


def _host_reason(rest: str) -> str:
    """Why ``rest`` is no host-part with port-part and path-part; "" when it is."""
    authority, slash, path = rest.partition("/")
    host, colon, port = authority.partition(":")
    if "?" in rest or "#" in rest:
        return "a source has no query and no fragment."
    if "@" in authority:
        return "a source has no user information."
    if authority.startswith("["):
        return "the grammar has no IPv6 addresses; browsers match none."
    if host != "*" and not _HOST.fullmatch(host):
        if "*" in host:
            return "a wildcard stands for whole labels at the left, as *.example.com."
        return "its host is malformed."
    if colon and (not _PORT.fullmatch(port) or (port != "*" and not 0 < int(port) < 65536)):
        return "its port is malformed."
    if slash and not _PATH.fullmatch(slash + path):
        return "its path is malformed."
    return ""


def _malformed(value: str, reason: str) -> Problem:
    return Problem(
        "CSP101",
        value,
        reason,
        "Write scheme:, host, *.host or scheme://host:port/path/, as https://cdn.example.com.",
    )


def _frame_ancestors(_name: str, values: Sequence[str]) -> list[Problem]:
    """Check ancestor-source-list, section 6.4.2: no keyword but 'self', no nonce, no hash."""
    problems = []
    for value in values:
        lowered = value.lower()
        if lowered in ("'self'", NONE):
            continue
        if value == NONCE or lowered in KEYWORDS or _HASH.fullmatch(value):
            problems.append(
                Problem(
                    "CSP101",
                    value,
                    "frame-ancestors knows hosts, schemes, 'self' and 'none' only.",
                    "Remove it.",
                )
            )
        elif problem := _check_quoted(value) or _check_url_source(value):
            problems.append(problem)
    return problems + _check_none(values)


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
    return problems + _check_none(values)


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

#: Directives that say something without any value.
VALUELESS = frozenset(
    ("block-all-mixed-content", "sandbox", "trusted-types", "upgrade-insecure-requests")
)
