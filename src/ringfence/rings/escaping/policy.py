"""The escaping ring: what a variable may become in a page, and what template text is granted.

Every variable is escaped for the place it stands in; that is no option. What is decided here is
what happens beside it: which tags, handlers and styles of the templates' own text the Content
Security Policy allows, and which URL schemes links may have.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, cast

from ringfence.finding import Findings, unknown_keys

__all__ = ["DANGEROUS_SCHEMES", "HANDLERS", "HASHES", "KEYS", "EscapingPolicy", "parse"]

Handlers = Literal["literal", "all", "none"]
Hashes = Literal["auto", "always", "never"]

HANDLERS = ("literal", "all", "none")
HASHES = ("auto", "always", "never")

#: What ``RINGFENCE["escaping"]`` may hold.
KEYS = (
    "strict",
    "provenance",
    "handlers",
    "hashes",
    "hash_budget",
    "noopener",
    "integrity",
    "csrf_token",
    "schemes",
)

#: Schemes whose URLs run code, or bring a document that does, in some browser.
DANGEROUS_SCHEMES = frozenset(
    {
        "blob",
        "data",
        "feed",
        "filesystem",
        "jar",
        "javascript",
        "livescript",
        "mhtml",
        "mocha",
        "vbscript",
        "view-source",
    }
)

#: Servers and proxies refuse a response whose headers exceed 8 kilobytes (nginx, Apache and
#: gunicorn by default); a policy is more than its hashes.
BUDGET_LIMIT = 6144

#: RFC 3986, section 3.1.
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*")


@dataclass(frozen=True, slots=True)
class EscapingPolicy:
    """What the escaping ring was told.

    ``strict`` raises where a value is refused, instead of writing a placeholder.
    ``provenance`` lets the tags of template text have nonces, hashes and CSRF tokens at all;
    ``handlers`` says which event handlers and style attributes of template text are allowed by
    hash: those without data in them, all, or none. ``hashes`` says when inline scripts and styles
    are allowed by hash and not by nonce: ``"auto"`` where all on the page are literal,
    ``"always"`` also with data in them, ``"never"``. ``hash_budget`` is how many bytes of the
    response's headers hashes may take. ``schemes`` are URL schemes that links may have beside the
    usual ones, in lower case.

    >>> EscapingPolicy().handlers
    'literal'
    """

    strict: bool = False
    provenance: bool = True
    handlers: Handlers = "literal"
    hashes: Hashes = "auto"
    hash_budget: int = 2048
    noopener: bool = True
    integrity: bool = False
    csrf_token: bool = True
    schemes: frozenset[str] = frozenset()


def parse(
    config: object, findings: Findings, *, setting: str = "RINGFENCE['escaping']"
) -> EscapingPolicy | None:
    """Return the policy that ``config`` (``RINGFENCE["escaping"]``) describes.

    ``config`` is a dict of :data:`KEYS`, None for nothing said, or False for a ring that only
    escapes: no provenance, no findings (the answer is None). Whatever is wrong becomes a finding;
    never raises.

    >>> found = Findings()
    >>> parse({"schemes": ["javascript"]}, found).schemes
    frozenset()
    >>> found.errors[0].code
    'ESC102'
    """
    if config is False:
        return None
    base = EscapingPolicy()
    if config is None:
        return base
    if not isinstance(config, Mapping):
        _wrong_type(findings, setting, config, "a dict of options, or False")
        return base
    unknown_keys(config, KEYS, findings, setting=setting, code="ESC001")

    def flag(key: str, *, default: bool) -> bool:
        value = config.get(key, default)
        if isinstance(value, bool):
            return value
        _wrong_type(findings, f"{setting}[{key!r}]", value, "True or False")
        return default

    policy = EscapingPolicy(
        strict=flag("strict", default=base.strict),
        provenance=flag("provenance", default=base.provenance),
        handlers=cast(
            "Handlers", _word(config, "handlers", HANDLERS, base.handlers, findings, setting)
        ),
        hashes=cast("Hashes", _word(config, "hashes", HASHES, base.hashes, findings, setting)),
        hash_budget=_budget(config, base.hash_budget, findings, setting),
        noopener=flag("noopener", default=base.noopener),
        integrity=flag("integrity", default=base.integrity),
        csrf_token=flag("csrf_token", default=base.csrf_token),
        schemes=_schemes(config.get("schemes", ()), findings, f"{setting}['schemes']"),
    )
    if policy.handlers == "all":
        findings.add(
            "ESC202",
            setting=f"{setting}['handlers']",
            value="all",
            reason="whoever can inject markup can use a handler again that was allowed with "
            "another visitor's data in it.",
            fix='Write "literal", and hand data to handlers in data- attributes.',
        )
    if not policy.provenance:
        _name_what_is_idle(config, findings, setting)
    return policy


def _name_what_is_idle(config: Mapping[object, object], findings: Findings, setting: str) -> None:
    for key in ("handlers", "hashes", "hash_budget"):
        if key in config:
            findings.add(
                "ESC301",
                setting=f"{setting}[{key!r}]",
                value=config[key],
                reason="template text is granted nothing with 'provenance' False.",
                fix="Remove one of the two.",
            )


def _wrong_type(findings: Findings, setting: str, value: object, expected: str) -> None:
    findings.add(
        "ESC002",
        setting=setting,
        value=value,
        reason=f"it is of the type {type(value).__name__}.",
        fix=f"Write {expected}.",
    )


def _word(
    config: Mapping[object, object],
    key: str,
    known: Collection[str],
    default: str,
    findings: Findings,
    setting: str,
) -> str:
    value = config.get(key, default)
    if isinstance(value, str) and value in known:
        return value
    place = f"{setting}[{key!r}]"
    if not isinstance(value, str):
        _wrong_type(findings, place, value, " or ".join(f'"{word}"' for word in known))
        return default
    near = difflib.get_close_matches(value[:64].lower(), known, n=1)
    findings.add(
        "ESC101",
        setting=place,
        value=value,
        reason="there is no such choice.",
        fix=f'Did you mean "{near[0]}"?' if near else f"Known are {', '.join(known)}.",
    )
    return default


def _budget(config: Mapping[object, object], default: int, findings: Findings, setting: str) -> int:
    value = config.get("hash_budget", default)
    place = f"{setting}['hash_budget']"
    if isinstance(value, bool) or not isinstance(value, int):
        _wrong_type(findings, place, value, "a number of bytes")
        return default
    if 0 <= value <= BUDGET_LIMIT:
        return value
    findings.add(
        "ESC104",
        setting=place,
        value=value,
        reason="servers refuse headers of more than 8 kilobytes, policy and cookies included.",
        fix=f"Write a number of bytes from 0 to {BUDGET_LIMIT}.",
    )
    return default


def _schemes(value: object, findings: Findings, setting: str) -> frozenset[str]:
    if isinstance(value, str) or not isinstance(value, Collection) or isinstance(value, Mapping):
        _wrong_type(findings, setting, value, 'a list of schemes, as ["matrix", "tg"]')
        return frozenset()
    kept = set()
    for item in value:
        if not isinstance(item, str):
            _wrong_type(findings, setting, item, 'each scheme as a string, as "matrix"')
            continue
        scheme = item.lower()
        if _SCHEME.fullmatch(scheme) is None:
            name = scheme.partition(":")[0]
            findings.add(
                "ESC103",
                setting=setting,
                value=item,
                reason="it is no URL scheme (RFC 3986, section 3.1).",
                fix=f'Write "{name}".'
                if _SCHEME.fullmatch(name) and name not in DANGEROUS_SCHEMES
                else 'Write its name alone, as "matrix".',
            )
        elif scheme in DANGEROUS_SCHEMES:
            findings.add(
                "ESC102",
                setting=setting,
                value=item,
                reason="a link with this scheme runs what a visitor wrote.",
                fix="Remove it; mark single URLs of your own as SafeURL.",
            )
        else:
            kept.add(scheme)
    return frozenset(kept)
