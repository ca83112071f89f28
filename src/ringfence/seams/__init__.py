"""Seams: the few places where Django's own code is asked to agree with the fence.

Each module names what it changes and why nothing less would do; each changes nothing for a
request that did not pass :class:`ringfence.middleware.RingfenceMiddleware`.
"""

from __future__ import annotations

from ringfence.seams import cache, csrf, sessions, tokens

__all__ = ["install"]


def install() -> None:
    """Install every seam. Calling it again changes nothing."""
    csrf.install()
    sessions.install()
    cache.install()
    tokens.install()
