"""A form on the attacker's page posts itself to the site, with the victim's session."""

from __future__ import annotations

from ringfence.prove.forging import attack, by_form

__all__ = ["ATTACK"]

ATTACK = attack("forgery", title="cross-site POST with the victim's session", send=by_form())
