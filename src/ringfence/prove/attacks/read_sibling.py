"""As ``read``, from a subdomain of the site's own: the same site, and no reason to trust it."""

from __future__ import annotations

from ringfence.prove.reading import attack

__all__ = ["ATTACK"]

ATTACK = attack(
    "read_sibling",
    title="read by a sibling subdomain",
    by=("sibling",),
    stopped_by=("cors",),
)
