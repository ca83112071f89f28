"""What a page may load code from: its own origin, and those that the site's policy names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import DisallowedHost

from ringfence.rings.escaping import site
from ringfence.rings.escaping.schemes import DEFAULT_SCHEMES

if TYPE_CHECKING:
    from ringfence.rings.escaping.policy import EscapingPolicy

__all__ = ["SiteTrust"]

_SCRIPT = ("script-src-elem", "script-src", "default-src")
#: The directives that decide about a destination, the first that the policy has (CSP3, 6.8.3).
#: Where there are several lists, the origin must be in each.
_DIRECTIVES = {
    "script": (_SCRIPT,),
    "importmap": (_SCRIPT,),
    "style": (("style-src-elem", "style-src", "default-src"),),
    "frame": (("frame-src", "child-src", "default-src"),),
    # The browser asks connect-src. But what comes is put into this page, not into a frame of its
    # own, and many a host that is connected to, as one that counts visits, writes no pages.
    "stream": (("connect-src", "default-src"), _SCRIPT),
    "object": (("object-src", "default-src"),),
    "base": (("base-uri",),),
}
#: What a source's scheme stands for beside itself (CSP3, section 6.7.2.8).
_STANDS_FOR = {"http": ("https",), "ws": ("wss", "http", "https"), "wss": ("https",)}
_PORTS = {"http": "80", "https": "443"}


class SiteTrust:
    """What the site trusts, looked up when a value asks for it."""

    __slots__ = ("_own", "request", "schemes")

    def __init__(self, request: Any, policy: EscapingPolicy) -> None:
        self.request = request
        self.schemes: frozenset[str] = (
            DEFAULT_SCHEMES | policy.schemes if policy.schemes else DEFAULT_SCHEMES
        )
        self._own: str | None = None

    def may_load(self, origin: str, destination: str) -> bool:
        """Whether code may be loaded from ``origin`` for ``destination``."""
        if origin == self.own or origin == _static_origin():
            return bool(origin)
        return all(
            any(_matches(source, origin, self.own) for source in site.csp_sources(directives))
            for directives in _DIRECTIVES.get(destination, _DIRECTIVES["script"])
        )

    @property
    def own(self) -> str:
        """The origin of the page, "" where it is not known."""
        if self._own is None:
            self._own = ""
            if self.request is not None:
                try:
                    host = self.request.get_host().lower()
                except (DisallowedHost, KeyError):
                    host = ""
                if host:
                    scheme = self.request.scheme
                    self._own = f"{scheme}://{host}"
                    if host.endswith(":" + _PORTS.get(scheme, "")):
                        self._own = self._own.rpartition(":")[0]
        return self._own


def _static_origin() -> str:
    """Return the origin of the site's static files, "" where it is the page's own."""
    url = (settings.STATIC_URL or "").lower()
    scheme, separator, rest = url.partition("//")
    if not separator or scheme not in ("https:", "http:", ""):
        return ""
    host = rest.partition("/")[0]
    return f"{scheme or 'https:'}//{host.removesuffix(':' + _PORTS.get(scheme[:-1], '443'))}"


def _matches(source: str, origin: str, own: str) -> bool:
    """Whether a host source names ``origin`` (CSP3, section 6.7.2.7).

    Sources that name no host are not asked: a policy that allows every host, beside nonces that
    switch such sources off, does not say whom the site trusts.
    """
    if source.startswith("'"):
        return False
    scheme, separator, rest = source.lower().rpartition("://")
    host = rest.partition("/")[0]
    if not separator and (source.endswith(":") or not host):
        return False
    host, _, port = host.partition(":")
    if not host or host == "*":
        return False
    origin_scheme, _, authority = origin.partition("://")
    origin_host, _, origin_port = authority.partition(":")
    wanted = scheme or own.partition("://")[0] or "https"
    if origin_scheme != wanted and origin_scheme not in _STANDS_FOR.get(wanted, ()):
        return False
    if port not in ("", "*") and port != (origin_port or _PORTS.get(origin_scheme, "")):
        return False
    if not port and origin_port and origin_port != _PORTS.get(origin_scheme):
        return False
    if host.startswith("*."):
        return origin_host.endswith(host[1:])
    return origin_host == host
