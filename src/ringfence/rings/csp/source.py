"""One source of a Content Security Policy: keywords, nonces, hashes, hosts and schemes.

Section numbers are those of the W3C draft "Content Security Policy Level 3". Every check is linear
in the length of what it reads.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ringfence.rings.csp.model import NONCE, NONE
from ringfence.rings.csp.problem import Problem, suggest
from ringfence.rings.csp.words import KEYWORDS, NONCE_DIRECTIVES

__all__ = ["HASH", "check_none", "check_quoted", "check_source", "check_url_source"]

_BARE_KEYWORDS = {keyword.strip("'"): keyword for keyword in (*KEYWORDS, NONE)}
_SCHEMES = frozenset(
    ["about", "blob", "data", "filesystem", "http", "https", "mediastream", "ws", "wss"]
)

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]+={0,2}")
HASH = re.compile(r"'(sha256|sha384|sha512)-([^']*)'", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")
_HOST = re.compile(r"(?:\*\.)?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.?")
_PORT = re.compile(r"[0-9]{1,5}|\*")
#: RFC 3986 path-absolute without ";" and ","; a percent sign must begin a percent-encoding.
_PATH = re.compile(r"/(?:[A-Za-z0-9._~!$&'()*+=:@/-]|%[0-9A-Fa-f]{2})*")

#: Unpadded base64 length of each digest (SHA-2: 32, 48 and 64 bytes).
_DIGEST_LENGTH = {"sha256": 43, "sha384": 64, "sha512": 86}


def check_none(values: Sequence[str]) -> list[Problem]:
    """Check that 'none' stands alone."""
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


def check_source(name: str, value: str) -> Problem | None:
    """Check one value of the source list of directive ``name``."""
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
    if HASH.fullmatch(value):
        return _check_hash(value)
    return check_quoted(value) or check_url_source(value)


def check_quoted(value: str) -> Problem | None:
    """Check what has quotes, or should have them."""
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
    match = HASH.fullmatch(value)
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


def check_url_source(value: str) -> Problem | None:
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
