"""Read and change policies as views do: what decorators leave on a response.

Tolerant, since these are read while a request is answered: a browser makes of them what it would
have made of Django's or django-csp's header.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ringfence.rings.csp.model import NONCE, NONE, CspPolicy, is_nonce
from ringfence.rings.csp.values import text_of
from ringfence.rings.csp.words import VALUELESS

__all__ = [
    "from_response_config",
    "parse_serialized",
    "replace",
    "update",
    "without_reporting",
]

#: What a header field's value cannot hold (RFC 9110, section 5.5); a tab can stand in it.
CONTROLS = frozenset(map(chr, (*range(9), *range(10, 32), 127)))


def parse_serialized(text: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Read a serialized policy as browsers do (CSP3, section 2.2.1); never raises.

    >>> parse_serialized("default-src 'self'; ; default-src *")
    (('default-src', ("'self'",)),)
    """
    directives: dict[str, tuple[str, ...]] = {}
    for part in text.split(";"):
        name, *values = part.split() or [""]
        name = name.lower()
        if not name.isascii() or not name:
            continue
        kept = tuple(value for value in values if value.isascii())
        if values and not kept and name not in VALUELESS:
            # A list of nothing but sources that browsers skip matches nothing.
            kept = (NONE,)
        directives.setdefault(name, kept)
    return tuple(directives.items())


def listed(value: object) -> list[object]:
    """Return a directive's value as a list; sets are sorted, so that headers stay the same."""
    if isinstance(value, (set, frozenset)):
        return sorted(value, key=str)
    if isinstance(value, (list, tuple)):
        return list(value)
    return [value]


def serialize_values(values: Iterable[object]) -> str:
    """Join a directive's values as the other packages do, with our placeholder for a nonce."""
    return " ".join(NONCE if is_nonce(value) else _text(value) for value in values)


def _text(value: object) -> str:
    text = text_of(value)
    if text is None:
        text = str(value)
    # A placeholder that stands inside another word was never replaced by anybody.
    if NONCE in text:
        text = " ".join(word for word in text.split(" ") if word == NONCE or NONCE not in word)
    return text


def from_response_config(config: Mapping[str, Any]) -> CspPolicy:
    """Read a policy that a view's decorator left on its response (Django's or django-csp's).

    Tolerant of everything but what would break the header.

    :raises ValueError: for control characters.

    >>> from_response_config({"img-src": ["'self'", "data:"]}).compile().plain
    "img-src 'self' data:"
    """
    parts = []
    for name, value in config.items():
        if value is None or value is False:
            continue
        values = [] if value is True else listed(value)
        if values == [False]:
            continue
        if value is True or values == [True]:
            values = []
        elif not values and str(name).lower() not in VALUELESS:
            # Django leaves an empty directive out; django-csp writes it, which allows nothing.
            # The response does not say whose decorator it was: the stricter reading holds.
            values = [NONE]
        parts.append(f"{name} {serialize_values(values)}")
    text = "; ".join(parts)
    if not CONTROLS.isdisjoint(text):
        raise ValueError("A Content-Security-Policy cannot hold control characters.")
    policy = CspPolicy(parse_serialized(text), keep_unsafe_inline=True)
    return _explicit(policy, explicit=policy.get("frame-ancestors") is not None)


def update(policy: CspPolicy, mapping: Mapping[str, Any]) -> CspPolicy:
    """Add sources to directives, as django-csp's ``csp_update`` does.

    :raises ValueError: as :func:`from_response_config`.

    >>> policy = CspPolicy((("img-src", ("'self'",)),))
    >>> update(policy, {"img-src": "cdn.example"}).compile().plain
    "img-src 'self' cdn.example"
    """
    for name, values in from_response_config(mapping).directives:
        present = policy.get(name) or ()
        policy = policy.with_directive(name, tuple(dict.fromkeys((*present, *values))))
    return _explicit(policy, explicit="frame-ancestors" in mapping)


def replace(policy: CspPolicy, mapping: Mapping[str, Any]) -> CspPolicy:
    """Replace directives, as django-csp's ``csp_replace`` does; None removes one.

    :raises ValueError: as :func:`from_response_config`.

    >>> replace(CspPolicy((("img-src", ("*",)),)), {"img-src": None}).directives
    ()
    """
    for name, value in mapping.items():
        if value is None or value is False:
            policy = policy.with_directive(str(name).lower(), None)
    for name, values in from_response_config(mapping).directives:
        policy = policy.with_directive(name, values)
    return _explicit(policy, explicit="frame-ancestors" in mapping)


def _explicit(policy: CspPolicy, *, explicit: bool) -> CspPolicy:
    explicit = explicit or policy.frame_ancestors_explicit
    return CspPolicy(policy.directives, explicit, policy.keep_unsafe_inline)


def without_reporting(policy: CspPolicy) -> CspPolicy:
    """Return ``policy`` without report-uri and report-to (django-csp's REPORT_PERCENTAGE)."""
    return policy.with_directive("report-uri", None).with_directive("report-to", None)
