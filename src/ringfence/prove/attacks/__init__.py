"""The attacks: one file each."""

from __future__ import annotations

from ringfence.prove.attacks.forgery import ATTACK as FORGERY
from ringfence.prove.attacks.framing import ATTACK as FRAMING
from ringfence.prove.attacks.read import ATTACK as READ
from ringfence.prove.attacks.script import ATTACK as SCRIPT

__all__ = ["ATTACKS"]

#: In the order in which they run in one state: what only looks comes before what changes the
#: victim's data, and what poisons the database last.
ATTACKS = (READ, FRAMING, FORGERY, SCRIPT)
