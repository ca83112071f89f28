"""LIVE402: Addresses of a site's pages leak to others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ringfence.audit.model import Hit, Live, Response
from ringfence.audit.rules._live import lacking, live, pages
from ringfence.finding import Severity

#: What browsers do where nothing is said is strict-origin-when-cross-origin.
_LEAKING: Final = frozenset({"unsafe-url", "no-referrer-when-downgrade"})
_KNOWN: Final = _LEAKING | {
    *("no-referrer", "origin", "origin-when-cross-origin", "same-origin", "strict-origin"),
    "strict-origin-when-cross-origin",
}


def _check(site: Live) -> Iterator[Hit]:
    fix = 'SECURE_REFERRER_POLICY = "same-origin"  # with SecurityMiddleware in MIDDLEWARE'
    yield from lacking(
        [each for each in pages(site) if _policy(each) in _LEAKING],
        "Referrer-Policy",
        "Whoever is linked to is told the whole address, with what may be secret in it.",
        fix,
    )
    yield from lacking(
        [each for each in pages(site) if not _policy(each)],
        "Referrer-Policy",
        "Nothing says what others are told of its addresses; the browser's default decides.",
        fix,
        severity=Severity.INFO,
    )


def _policy(response: Response) -> str:
    """Return the policy that holds: the last one that is known (Referrer Policy, section 8.1)."""
    words = [word.strip().lower() for word in response.get("referrer-policy").split(",")]
    return next((word for word in reversed(words) if word in _KNOWN), "")


RULE = live("LIVE402", _check)
