"""What an attacker can do to the page without a script: frame, restyle, redirect its forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ringfence.rings.csp.browser.fallback import FALLBACKS
from ringfence.rings.csp.browser.source import Kind, Source, read_source
from ringfence.rings.csp.model import CspPolicy
from ringfence.rings.csp.problem import Problem

__all__ = ["CHECKS"]


def _governing(policy: CspPolicy, name: str) -> tuple[str, list[Source] | None]:
    for directive in FALLBACKS[name]:
        values = policy.get(directive)
        if values is not None:
            return directive, [source for value in values if (source := read_source(value))]
    return name, None


def framing(policy: CspPolicy) -> Iterator[Problem]:
    """Yield that anyone may frame the page; X-Frame-Options is not seen here."""
    _, sources = _governing(policy, "frame-ancestors")
    if sources is None:
        yield Problem(
            "CSP221",
            None,
            "without frame-ancestors any site may frame the page, unless X-Frame-Options forbids "
            "it.",
            "Add frame-ancestors 'self' (or 'none').",
        )
    for source in sources or ():
        if source.is_anywhere:
            yield Problem(
                "CSP221",
                f"frame-ancestors {source.text}",
                "any site may frame the page, and X-Frame-Options is not looked at beside it.",
                "Write frame-ancestors 'self', or name the sites that may.",
            )


def forms(policy: CspPolicy) -> Iterator[Problem]:
    """Yield that an injected form may send what users type, or the page's token, anywhere."""
    _, sources = _governing(policy, "form-action")
    if sources is None:
        yield Problem(
            "CSP222",
            None,
            "default-src does not cover forms: an injected <form> or formaction= sends what users "
            "type to an attacker.",
            "Add form-action 'self'.",
        )
    for source in sources or ():
        if source.is_anywhere:
            yield Problem(
                "CSP222",
                f"form-action {source.text}",
                "a form may be sent to an attacker's host.",
                "Name the hosts that forms are sent to.",
            )


def styles(policy: CspPolicy) -> Iterator[Problem]:
    """Yield that styles can be injected: they read attribute values and draw over the page."""
    seen = set()
    for name in ("style-src-elem", "style-src-attr"):
        directive, sources = _governing(policy, name)
        if directive in seen:
            continue
        seen.add(directive)
        if sources is None:
            # One line is enough where nothing is limited at all.
            limits = ("script-src", "script-src-elem", "sandbox")
            if any(policy.get(limit) is not None for limit in limits):
                yield _style(None, "neither style-src nor default-src is given")
                return
            continue
        # What switches 'unsafe-inline' off; 'strict-dynamic' does so in default-src alone.
        granted = any(
            source.kind in (Kind.NONCE, Kind.HASH)
            or (directive == "default-src" and source.text == "'strict-dynamic'")
            for source in sources
        )
        for source in sources:
            inline = source.text == "'unsafe-inline'" and not granted
            from_anywhere = source.is_anywhere or source.scheme == "data"
            if inline or (from_anywhere and name == "style-src-elem"):
                yield _style(f"{directive} {source.text}", "injected styles apply")


def _style(value: str | None, reason: str) -> Problem:
    return Problem(
        "CSP220",
        value,
        f"{reason}: they can read tokens out of attributes and draw over the page.",
        "Name the hosts of style sheets, and use a nonce for <style>.",
    )


#: Each is given what all enforced policies leave open.
CHECKS: tuple[Callable[[CspPolicy], Iterator[Problem]], ...] = (framing, forms, styles)
