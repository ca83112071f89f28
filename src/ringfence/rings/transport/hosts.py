"""What a Host header makes of a request's own origin, remembered for the hosts that are allowed.

Judging a host and parsing its origin costs more than all else that is done to a request that is
let through, and a site has few hosts. Only allowed ones are remembered, so that hostile headers
cannot fill the memory; a site that allows ``*.example.com`` has a bound all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ringfence.origin import Origin, OriginError

__all__ = ["HostCache", "HostOrigins", "own_origins"]

LIMIT = 1024
#: A host name and a port (RFC 1035, section 2.3.4): what is longer is not worth remembering.
LONGEST = 253 + 1 + 5


class HostOrigins(NamedTuple):
    """The origins of one host over http and https: as browsers write them, and parsed."""

    http_text: str
    https_text: str
    http: Origin
    https: Origin


def own_origins(host: str) -> HostOrigins | None:
    """Return the origins of ``host``, a host name or address with or without a port.

    None for what is no host.

    >>> own_origins("Example.com:443").https_text
    'https://example.com'
    >>> own_origins("exa mple") is None
    True
    """
    try:
        http, https = Origin.parse(f"http://{host}"), Origin.parse(f"https://{host}")
    except OriginError:
        return None
    return HostOrigins(http.serialize(), https.serialize(), http, https)


class HostCache:
    """A bounded mapping from a raw Host header to :class:`HostOrigins`.

    ``judge`` is asked for a header that is not remembered. It answers None, or raises, for a host
    that is not allowed; neither is remembered. Each step is a single dict operation, so that
    threads need no lock: at worst two of them judge the same host.

    >>> cache = HostCache(own_origins)
    >>> cache.get("example.com:8000").http_text
    'http://example.com:8000'
    """

    __slots__ = ("_known", "judge", "limit")

    def __init__(self, judge: Callable[[str], HostOrigins | None], *, limit: int = LIMIT) -> None:
        self.judge = judge
        self.limit = limit
        self._known: dict[str, HostOrigins] = {}

    def get(self, raw: str) -> HostOrigins | None:
        """Return the origins of the host ``raw``, None where it is not allowed.

        Raises whatever ``judge`` raises.
        """
        known = self._known.get(raw)
        if known is not None:
            return known
        origins = self.judge(raw)
        if origins is not None and len(raw) <= LONGEST:
            if len(self._known) >= self.limit:
                self._known.clear()
            self._known[raw] = origins
        return origins

    def clear(self) -> None:
        """Forget every host, as after a change of ``ALLOWED_HOSTS``."""
        self._known.clear()

    def __len__(self) -> int:
        return len(self._known)
