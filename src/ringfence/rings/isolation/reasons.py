"""Why the isolation ring refused a request."""

from __future__ import annotations

from typing import ClassVar

from ringfence.reason import Reason

__all__ = [
    "CrossSiteFrame",
    "CrossSiteResource",
    "InvalidMetadata",
    "ResourceRefusal",
    "SameSiteResource",
]


class ResourceRefusal(Reason):
    """A reason of the isolation ring."""

    __slots__ = ()


class CrossSiteResource(ResourceRefusal):
    """A page of another site asked for this as a resource: a script, an image, by ``fetch()``."""

    __slots__ = ()
    code: ClassVar[str] = "cross-site-resource"


class CrossSiteFrame(ResourceRefusal):
    """A page of another site asked for this as the content of a frame, object or embed."""

    __slots__ = ()
    code: ClassVar[str] = "cross-site-frame"


class SameSiteResource(ResourceRefusal):
    """Another origin of the same site asked, and the policy refuses those as well."""

    __slots__ = ()
    code: ClassVar[str] = "same-site-resource"


class InvalidMetadata(ResourceRefusal):
    """``Sec-Fetch-Site`` has a value that the standard does not know, or came more than once."""

    __slots__ = ()
    code: ClassVar[str] = "invalid-fetch-metadata"
