"""The attacks: one file each."""

from __future__ import annotations

from ringfence.prove.attacks.attribute import ATTACK as ATTRIBUTE
from ringfence.prove.attacks.forgery import ATTACK as FORGERY
from ringfence.prove.attacks.framing import ATTACK as FRAMING
from ringfence.prove.attacks.handler import ATTACK as HANDLER
from ringfence.prove.attacks.link import ATTACK as LINK
from ringfence.prove.attacks.read import ATTACK as READ
from ringfence.prove.attacks.script import ATTACK as SCRIPT
from ringfence.prove.attacks.string import ATTACK as STRING

__all__ = ["ATTACKS"]

#: In the order in which they run in one state: what only looks comes before what changes the
#: victim's data, and what poisons the database last.
ATTACKS = (READ, FRAMING, FORGERY, SCRIPT, HANDLER, LINK, ATTRIBUTE, STRING)
