"""Reading a dict of the settings key by key, with a finding for everything that is not right."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping

from ringfence.finding import Findings

__all__ = ["did_you_mean", "is_header_safe", "read_flag", "wrong_type"]


def did_you_mean(word: object, known: Collection[str]) -> str:
    """Return a sentence that names the nearest known word, or all of them when there are few.

    >>> did_you_mean("hst", ["hsts", "nosniff"])
    'Did you mean "hsts"?'
    """
    near = difflib.get_close_matches(word.lower(), known, n=1) if isinstance(word, str) else []
    if near:
        return f'Did you mean "{near[0]}"?'
    if len(known) <= 20:
        return f"Known are {', '.join(sorted(known))}."
    return ""


def wrong_type(findings: Findings, setting: str, value: object, expected: str) -> None:
    """Add an error for a value of the wrong type; ``expected`` completes "Write ..."."""
    findings.add(
        "TLS002",
        setting=setting,
        value=value,
        reason=f"it is of the type {type(value).__name__}.",
        fix=f"Write {expected}.",
    )


def read_flag(
    config: Mapping[object, object], key: str, findings: Findings, setting: str, *, default: bool
) -> bool:
    """Return ``config[key]``, which must be a bool, or ``default``."""
    value = config.get(key, default)
    if isinstance(value, bool):
        return value
    wrong_type(findings, f"{setting}['{key}']", value, "True or False")
    return default


def is_header_safe(text: str) -> bool:
    r"""Whether ``text`` is printable ASCII, which no header is split by (RFC 9110, section 5.5).

    >>> is_header_safe("no-referrer"), is_header_safe("a\r\nb")
    (True, False)
    """
    return text.isascii() and text.isprintable()
