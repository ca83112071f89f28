"""The fence: the policies of all rings, compiled once from the settings, and frozen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ringfence.finding import Finding, Severity

if TYPE_CHECKING:
    from ringfence.rings.cors.policy import CorsSite
    from ringfence.rings.csp.policy import CspRing
    from ringfence.rings.csrf.policy import CsrfPolicy
    from ringfence.rings.escaping.policy import EscapingPolicy
    from ringfence.rings.isolation.policy import IsolationPolicy
    from ringfence.rings.transport.policy import TransportPolicy

__all__ = ["ANYONE", "RINGS", "Fence", "Framing"]

#: Sources of ``frame-ancestors`` that are no limit to anybody.
ANYONE = frozenset({"*", "https:", "http:", "https://*", "http://*"})

#: The rings that have settings of their own, outermost first.
RINGS = ("transport", "isolation", "cors", "csrf", "csp", "escaping")


@dataclass(frozen=True, slots=True)
class Framing:
    """Who may frame a page: the value of ``frame-ancestors`` and what X-Frame-Options says of it.

    ``explicit`` where a developer wrote the directive: then X_FRAME_OPTIONS and its decorators
    change nothing (``frame-ancestors`` wins in every browser: CSP3, section 6.4.2). ``fallback`` is
    the X-Frame-Options of a response that has no policy to say it in.
    """

    ancestors: tuple[str, ...] | None
    x_frame_options: str | None
    explicit: bool
    fallback: str = "DENY"


@dataclass(frozen=True, slots=True)
class Fence:
    """What protects the site. A ring that is None is switched off.

    Escaping itself is the template backend's, and on wherever a site uses it.

    ``behind_proxy`` says that a header tells the request's scheme (SECURE_PROXY_SSL_HEADER).
    ``cors_listens`` says that receivers of ``check_request_enabled`` are asked: they are, unless
    the CORS ring was switched off; without settings it is None all the same.
    ``findings`` is everything worth saying about the settings it was compiled from. A fence with
    :attr:`errors` serves nothing.
    """

    csrf: CsrfPolicy | None
    cors: CorsSite | None
    csp: CspRing | None
    escaping: EscapingPolicy | None
    isolation: IsolationPolicy | None
    transport: TransportPolicy | None
    framing: Framing
    csp_exclude: tuple[str, ...]
    csp_exclude_report_only: tuple[str, ...]
    report_percentage: float
    behind_proxy: bool
    cors_listens: bool
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that keep the site from being served."""
        return tuple(item for item in self.findings if item.severity is Severity.ERROR)

    def is_on(self, ring: str) -> bool:
        """Whether the ring of that name protects the site."""
        return getattr(self, ring) is not None
