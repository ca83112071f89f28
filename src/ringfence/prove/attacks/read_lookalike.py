"""As ``read``, from hosts that only look like the site's: its name with something before or behind.

A pattern without an anchor, or a comparison of beginnings or ends, takes them for the site's own.
"""

from __future__ import annotations

from ringfence.prove.reading import attack

__all__ = ["ATTACK"]

ATTACK = attack(
    "read_lookalike",
    title="read by a host whose name looks like the site's",
    by=("suffixed", "prefixed"),
)
