"""A script on the attacker's page posts a form's fields, and wants no answer (``no-cors``)."""

from __future__ import annotations

from ringfence.prove.forging import attack, by_fetch

__all__ = ["ATTACK"]

ATTACK = attack(
    "forgery_fetch",
    title="cross-site POST by a script",
    send=by_fetch,
    stopped_by=("csrf", "isolation", "transport"),
)
