"""As ``read``, by whoever answers for the site's own name over plain http.

A site that allows ``http://`` of itself lets anybody on the network read what TLS protects.
"""

from __future__ import annotations

from ringfence.prove.reading import attack

__all__ = ["ATTACK"]

ATTACK = attack(
    "read_downgraded",
    title="read by the site's own name over plain http",
    by=("downgraded",),
)
