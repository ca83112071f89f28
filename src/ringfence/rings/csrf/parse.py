"""Settings to a :class:`~ringfence.rings.csrf.policy.CsrfPolicy`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import cast

from ringfence.finding import Findings, Severity, unknown_keys
from ringfence.origin import Origin, OriginError, OriginRules
from ringfence.rings.csrf.policy import CsrfPolicy, Fallback, Tokens

__all__ = ["from_django", "parse"]

KEYS = (
    "trusted_origins",
    "fallback",
    "tokens",
    "report_only",
    "dangerously_insecure_origins",
)
FALLBACKS = ("token", "deny", "dangerously_allow")
TOKENS = ("auto", "always", "never")


def parse(
    config: object, findings: Findings, base: CsrfPolicy, setting: str = "RINGFENCE['csrf']"
) -> CsrfPolicy | None:
    """Compile ``RINGFENCE["csrf"]``; what it does not say stays as in ``base``.

    ``False`` switches the ring off (None is returned). Every problem is added to ``findings``.
    """
    if config is False:
        return None
    if config is True:
        return base
    if not isinstance(config, Mapping):
        findings.add(
            "CSRF002",
            setting=setting,
            value=config,
            reason="it is neither a dict nor False.",
            fix='Write a dict, as {"trusted_origins": ["https://checkout.example.com"]}.',
        )
        return base
    unknown_keys(config, KEYS, findings, setting=setting, code="CSRF001")
    trusted = _trusted_origins(config, findings, setting)
    fallback = _choice(config, "fallback", FALLBACKS, base.fallback, findings, setting)
    tokens = _choice(config, "tokens", TOKENS, base.tokens, findings, setting)
    report_only = _flag(config, "report_only", findings, setting)
    if tokens == "never" and fallback == "token":
        findings.add(
            "CSRF301",
            setting=f"{setting}['tokens']",
            value=tokens,
            reason="no form carries a token, so a request that only a token could admit is lost.",
            fix='Write "fallback": "deny" beside it, or "tokens": "auto".',
        )
    if fallback == "dangerously_allow":
        findings.add(
            "CSRF105",
            setting=f"{setting}['fallback']",
            value=fallback,
            reason="a browser that sends neither Sec-Fetch-Site nor Origin is not protected.",
            fix='Write "token" or "deny" unless every such client is known.',
        )
    if report_only:
        findings.add(
            "CSRF201",
            setting=f"{setting}['report_only']",
            value=True,
            reason="denials are only reported; Django's token check decides as before.",
            fix="Remove it when the log shows no denial of a request of your own.",
        )
    return replace(
        base,
        trusted=trusted,
        fallback=cast("Fallback", fallback),
        tokens=cast("Tokens", tokens),
        report_only=report_only,
    )


def from_django(settings: Mapping[str, object], findings: Findings) -> CsrfPolicy:
    """Read Django's ``CSRF_TRUSTED_ORIGINS``, whose requests keep needing the token.

    A pattern ``https://*.example.com`` covers ``https://example.com`` too, as it does in Django.
    """
    value = settings.get("CSRF_TRUSTED_ORIGINS") or ()
    patterns: list[str] = []
    for entry in value if isinstance(value, (list, tuple, set, frozenset)) else ():
        try:
            OriginRules.compile([entry])
        except (OriginError, AttributeError, TypeError) as error:
            findings.add(
                "CSRF106",
                setting="CSRF_TRUSTED_ORIGINS",
                value=entry,
                reason=str(error) if isinstance(error, OriginError) else "it is no string.",
                fix="Write scheme://host or scheme://*.host; this entry matches nothing.",
            )
            continue
        patterns.append(entry)
        if "://*." in entry:
            patterns.append(entry.replace("://*.", "://", 1))
    return CsrfPolicy(token_trusted=OriginRules.compile(patterns))


def _trusted_origins(config: Mapping[str, object], findings: Findings, setting: str) -> OriginRules:
    value = config.get("trusted_origins", ())
    where = f"{setting}['trusted_origins']"
    if isinstance(value, str) or not isinstance(value, (list, tuple, set, frozenset)):
        findings.add(
            "CSRF002",
            setting=where,
            value=value,
            reason="it is not a list.",
            fix='Write a list of origins, as ["https://checkout.example.com"].',
        )
        return OriginRules.compile(())
    insecure = _flag(config, "dangerously_insecure_origins", findings, setting)
    return OriginRules.compile(_checked(value, findings, where, insecure=insecure))


def _checked(
    value: Iterable[object], findings: Findings, where: str, *, insecure: bool
) -> list[str]:
    good: list[str] = []
    for entry in value:
        if not isinstance(entry, str):
            findings.add(
                "CSRF002",
                setting=where,
                value=entry,
                reason="it is no string.",
                fix="Write each origin as a string.",
            )
            continue
        if entry == "null":
            findings.add(
                "CSRF102",
                setting=where,
                value=entry,
                reason="every sandboxed frame of every site sends Origin: null.",
                fix="Remove it; make the view csrf_exempt if it needs no session.",
            )
            continue
        text, wildcard = entry, "://*." in entry
        if wildcard:
            text = entry.replace("://*.", "://", 1)
        try:
            origin = Origin.parse(text)
        except OriginError as error:
            findings.add("CSRF101", setting=where, value=entry, reason=str(error), fix=error.fix)
            continue
        canonical = origin.serialize()
        if wildcard and "." not in origin.host.rstrip("."):
            findings.add(
                "CSRF104",
                setting=where,
                value=entry,
                reason=f"it trusts every site under .{origin.host}.",
                fix=f"Name a domain of your own, as https://*.example.{origin.host}.",
            )
            continue
        if origin.scheme not in ("http", "https"):
            findings.add(
                "CSRF101",
                setting=where,
                value=entry,
                reason=f"a page cannot have the scheme {origin.scheme!r} and a session here.",
                fix=f"Write https://{origin.host}.",
            )
            continue
        if origin.scheme == "http" and not origin.is_loopback and not insecure:
            findings.add(
                "CSRF103",
                setting=where,
                value=entry,
                reason="anyone on the network path can speak for a plain-http origin.",
                fix=f"Write {canonical.replace('http', 'https', 1)}, or set "
                '"dangerously_insecure_origins": True beside it.',
            )
            continue
        if canonical != text:
            findings.add(
                "CSRF101",
                setting=where,
                value=entry,
                reason="a browser never writes it so (lower case, default port left out).",
                fix=f"Write {canonical.replace('://', '://*.', 1) if wildcard else canonical}.",
            )
            continue
        good.append(entry)
    return good


def _choice(
    config: Mapping[str, object],
    key: str,
    allowed: tuple[str, ...],
    default: str,
    findings: Findings,
    setting: str,
) -> str:
    value = config.get(key, default)
    if isinstance(value, str) and value in allowed:
        return value
    findings.add(
        "CSRF002",
        setting=f"{setting}[{key!r}]",
        value=value,
        reason="it is none of the values that this option has.",
        fix=f"Write one of {', '.join(repr(item) for item in allowed)}.",
    )
    return default


def _flag(config: Mapping[str, object], key: str, findings: Findings, setting: str) -> bool:
    value = config.get(key, False)
    if isinstance(value, bool):
        return value
    findings.add(
        "CSRF002",
        setting=f"{setting}[{key!r}]",
        value=value,
        reason="it is neither True nor False.",
        fix="Write True or False.",
        severity=Severity.ERROR,
    )
    return False
