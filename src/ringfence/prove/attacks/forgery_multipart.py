"""As ``forgery``, encoded as what files are sent in: a view may read the one and not the other."""

from __future__ import annotations

from ringfence.prove.forging import attack, by_form

__all__ = ["ATTACK"]

ATTACK = attack(
    "forgery_multipart",
    title="cross-site POST as multipart/form-data",
    send=by_form("multipart/form-data"),
)
