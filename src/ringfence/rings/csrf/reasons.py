"""Why the CSRF ring refused a request."""

from __future__ import annotations

from typing import ClassVar

from ringfence.reason import Reason

__all__ = [
    "CrossSite",
    "CsrfReason",
    "InvalidFetchSite",
    "MalformedOrigin",
    "MissingOrigin",
    "NullOrigin",
    "OriginMismatch",
    "SameSite",
    "TokenRejected",
]


class CsrfReason(Reason):
    """A reason of the CSRF ring."""

    __slots__ = ()


class CrossSite(CsrfReason):
    """``Sec-Fetch-Site: cross-site`` from an origin that is not trusted."""

    __slots__ = ()
    code: ClassVar[str] = "cross-site"


class SameSite(CsrfReason):
    """``Sec-Fetch-Site: same-site`` (a sibling subdomain) from an origin that is not trusted."""

    __slots__ = ()
    code: ClassVar[str] = "same-site"


class InvalidFetchSite(CsrfReason):
    """``Sec-Fetch-Site`` has a value that the standard does not know, or came more than once."""

    __slots__ = ()
    code: ClassVar[str] = "invalid-fetch-site"


class OriginMismatch(CsrfReason):
    """``Origin`` names another origin than the request's own."""

    __slots__ = ()
    code: ClassVar[str] = "origin-mismatch"


class NullOrigin(CsrfReason):
    """``Origin: null``, and nothing else says where the request came from."""

    __slots__ = ()
    code: ClassVar[str] = "null-origin"


class MalformedOrigin(CsrfReason):
    """``Origin`` is not what a browser writes."""

    __slots__ = ()
    code: ClassVar[str] = "malformed-origin"


class MissingOrigin(CsrfReason):
    """Neither ``Sec-Fetch-Site`` nor ``Origin``, and the fallback is ``"deny"``."""

    __slots__ = ()
    code: ClassVar[str] = "missing-origin"


class TokenRejected(CsrfReason):
    """Django's token or Referer check refused; the text is Django's."""

    __slots__ = ()
    code: ClassVar[str] = "token-rejected"
