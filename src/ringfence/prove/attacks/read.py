"""A script on the attacker's page fetches a page of the site with the victim's session."""

from __future__ import annotations

from ringfence.prove.reading import attack

__all__ = ["ATTACK"]

ATTACK = attack("read", title="cross-origin read of a page with the victim's data")
