"""What the fence knows of one request, kept at ``request._ringfence``."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ringfence.guard import Guard
    from ringfence.rings.cors.policy import CorsPolicy
    from ringfence.rings.csp.nonce import Nonce
    from ringfence.rings.csrf.policy import OwnOrigin, Verdict
    from ringfence.rings.escaping.policy import EscapingPolicy
    from ringfence.rings.escaping.provenance import Grants

__all__ = ["RequestState"]


class RequestState:
    """The rings' decisions about one request, as far as they are made.

    ``csrf`` is the CSRF ring's verdict, None for a safe method or with the ring off;
    ``cors`` the CORS policy of the view, ``cors_allowed`` whether it allows the ``Origin``
    (None: not asked yet); ``own`` the origin the request was sent to, as far as it is known;
    ``grants`` what the templates' own text needs the policy to allow, None until something does;
    ``foreign_site`` the value of ``Sec-Fetch-Site`` where it names another site, and
    ``waits_for_view`` says that some decision needs the resolved view.
    """

    guard: Guard
    csrf: Verdict | None = None
    cors: CorsPolicy | None = None
    cors_known = False
    cors_allowed: bool | None = None
    foreign_site: str | None = None
    is_preflight = False
    waits_for_view = False
    secure = False
    nonce: Nonce | None = None
    own: OwnOrigin | None = None
    #: The escaping ring's, where template text can be granted anything.
    provenance: EscapingPolicy | None = None
    grants: Grants | None = None

    @property
    def csrf_on(self) -> bool:
        """Whether the CSRF ring is on."""
        return self.guard.csrf is not None

    @property
    def no_tokens(self) -> bool:
        """Whether the site wants no CSRF tokens in its pages."""
        return self.guard.csrf is not None and self.guard.csrf.tokens == "never"
