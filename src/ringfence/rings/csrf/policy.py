"""The CSRF ring: whether a request may change something.

Decided from what the browser says about where the request came from, in this order:

1. a safe method (RFC 9110, section 9.2.1) changes nothing: allowed;
2. ``Sec-Fetch-Site`` (Fetch Metadata Request Headers, section 2.3), which no page can forge;
3. ``Origin`` (RFC 6454, section 7; Fetch, "append a request Origin header");
4. neither: an old browser over plain http, or no browser at all. The fallback decides.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Literal, NamedTuple

from ringfence.origin import NO_ORIGINS, Origin, OriginError, OriginRules
from ringfence.reason import shown
from ringfence.rings.csrf.reasons import (
    CrossSite,
    CsrfReason,
    InvalidFetchSite,
    MalformedOrigin,
    MissingOrigin,
    NullOrigin,
    OriginMismatch,
    SameSite,
)

__all__ = ["SAFE_METHODS", "CsrfPolicy", "Outcome", "OwnOrigin", "Verdict", "decide"]

#: RFC 9110, section 9.2.1.
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

Fallback = Literal["token", "deny", "dangerously_allow"]
Tokens = Literal["auto", "always", "never"]


class Outcome(enum.Enum):
    """What the headers prove."""

    ALLOW = "allow"
    DENY = "deny"
    #: They prove nothing: Django's token and Referer check decides.
    TOKEN = "token"  # noqa: S105 - an outcome, no password


class Verdict(NamedTuple):
    """An outcome, and for a denial its reason."""

    outcome: Outcome
    reason: CsrfReason | None = None


ALLOWED = Verdict(Outcome.ALLOW)
BY_TOKEN = Verdict(Outcome.TOKEN)


class OwnOrigin(NamedTuple):
    """The origin that a request was sent to: as a browser writes it, and parsed."""

    text: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class CsrfPolicy:
    """What the CSRF ring was told.

    ``trusted`` are the origins whose requests need no token (``RINGFENCE``); ``token_trusted``
    those of Django's ``CSRF_TRUSTED_ORIGINS``, whose requests still need it.
    """

    trusted: OriginRules = NO_ORIGINS
    token_trusted: OriginRules = NO_ORIGINS
    fallback: Fallback = "token"
    tokens: Tokens = "auto"
    report_only: bool = False


def decide(
    policy: CsrfPolicy,
    *,
    method: str,
    sec_fetch_site: str | None,
    origin: str | None,
    own: OwnOrigin | None,
) -> Verdict:
    """Decide on one request.

    ``sec_fetch_site`` and ``origin`` are the headers' values, None where absent; a header that
    came more than once arrives joined with commas and so is no known value. ``own`` is the origin
    the request was sent to, None where its host is not allowed. Never raises.

    >>> own = OwnOrigin("https://a.example", Origin.parse("https://a.example"))
    >>> def post(site, origin):
    ...     verdict = decide(
    ...         CsrfPolicy(), method="POST", sec_fetch_site=site, origin=origin, own=own
    ...     )
    ...     return verdict.outcome.value
    >>> post("same-origin", "https://a.example"), post("cross-site", "https://b.example")
    ('allow', 'deny')
    >>> post(None, "https://a.example"), post(None, "null"), post(None, None)
    ('allow', 'deny', 'token')
    """
    if method in SAFE_METHODS:
        return ALLOWED
    if sec_fetch_site is not None:
        return _decide_by_fetch_site(policy, sec_fetch_site, origin, own)
    if origin is not None:
        return _decide_by_origin(policy, origin, own)
    if policy.fallback == "token":
        return BY_TOKEN
    if policy.fallback == "dangerously_allow":
        # The one branch that fails open: the site said so, by a name that says what it does.
        return ALLOWED
    return Verdict(
        Outcome.DENY,
        MissingOrigin(
            "The request has neither a Sec-Fetch-Site nor an Origin header.",
            "Browsers send one of them with every request that changes something. A client that "
            "is no browser should authenticate without cookies on a csrf_exempt view; for very "
            'old browsers set RINGFENCE["csrf"]["fallback"] to "token".',
        ),
    )


def _decide_by_fetch_site(
    policy: CsrfPolicy, site: str, origin: str | None, own: OwnOrigin | None
) -> Verdict:
    if site in ("same-origin", "none"):
        # "none" is the user's own doing: the address bar, a bookmark. Browsers send "null" in
        # Origin under Referrer-Policy: no-referrer (Fetch, "append a request Origin header"),
        # so it contradicts neither; another origin contradicts both.
        if origin is None or origin == "null" or _is_own(origin, own):
            return ALLOWED
        trusted = _trusted(policy, origin)
        if trusted is not None and site == "none":
            return trusted
        return Verdict(Outcome.DENY, _mismatch(origin, own))
    if origin is not None:
        trusted = _trusted(policy, origin)
        if trusted is not None:
            return trusted
    return Verdict(Outcome.DENY, _foreign(site, origin))


def _decide_by_origin(policy: CsrfPolicy, origin: str, own: OwnOrigin | None) -> Verdict:
    if _is_own(origin, own):
        return ALLOWED
    trusted = _trusted(policy, origin)
    if trusted is not None:
        return trusted
    return Verdict(Outcome.DENY, _mismatch(origin, own))


def _is_own(origin: str, own: OwnOrigin | None) -> bool:
    if own is None:
        return False
    if origin == own.text:
        return True
    try:
        return Origin.parse(origin) == own.origin
    except OriginError:
        return False


def _trusted(policy: CsrfPolicy, origin: str) -> Verdict | None:
    if policy.trusted and policy.trusted.matches(origin):
        return ALLOWED
    if policy.token_trusted and policy.token_trusted.matches(origin):
        return BY_TOKEN
    return None


def _foreign(site: str, origin: str | None) -> CsrfReason:
    sender = "an origin that was not named" if origin is None else shown(origin)
    trust = (
        'If that origin is yours, add it to RINGFENCE["csrf"]["trusted_origins"].'
        if origin not in (None, "null")
        else ""
    )
    if site == "cross-site":
        return CrossSite(f"The browser says that {sender} on another site sent the request.", trust)
    if site == "same-site":
        return SameSite(
            f"The browser says that {sender}, another origin of the same site, sent the request.",
            trust,
        )
    return InvalidFetchSite(
        f"The Sec-Fetch-Site header has the value {shown(site)}, which no browser sends.",
        "A proxy or a script that writes Sec-Fetch-Site must pass on the browser's own value once.",
    )


def _mismatch(text: str, own: OwnOrigin | None) -> CsrfReason:
    """Say in which part ``text`` differs from the request's own origin, and why that may be."""
    if text == "null":
        return NullOrigin(
            "The Origin header is 'null'.",
            "A sandboxed frame, a data: page or a redirect across origins sent the request. If it "
            "came from a page of yours, allow-same-origin is missing from its sandbox.",
        )
    try:
        origin = Origin.parse(text)
    except OriginError as error:
        return MalformedOrigin(f"The Origin header is {shown(text)}: {error}")
    if own is None:
        return OriginMismatch(
            f"The Origin header is {shown(text)}, and the request's own host is not allowed.",
            "Add the host to ALLOWED_HOSTS.",
        )
    where = f"The Origin header is {shown(text)}, but the request was sent to {shown(own.text)}."
    if origin.host != own.origin.host:
        hint = (
            "If a proxy replaces the Host header, let it pass the original on or set "
            "USE_X_FORWARDED_HOST; if the origin is another one of yours, add it to "
            'RINGFENCE["csrf"]["trusted_origins"].'
        )
    elif origin.scheme == "https" and own.origin.scheme == "http":
        hint = "Your proxy hides https: set SECURE_PROXY_SSL_HEADER."
    elif origin.scheme != own.origin.scheme:
        hint = "A page served over plain http must not post to https: redirect it to https first."
    else:
        hint = (
            "The port differs: let the proxy pass it on in the Host header (nginx: $http_host) "
            "or set USE_X_FORWARDED_HOST."
        )
    return OriginMismatch(where, hint)
