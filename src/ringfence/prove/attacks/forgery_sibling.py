"""As ``forgery``, from a subdomain of the site's own: ``SameSite`` has nothing against it."""

from __future__ import annotations

from ringfence.prove.forging import attack, by_form

__all__ = ["ATTACK"]

ATTACK = attack(
    "forgery_sibling",
    title="POST from a sibling subdomain with the victim's session",
    send=by_form(by="sibling"),
    stopped_by=("csrf",),
)
