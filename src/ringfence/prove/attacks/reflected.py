"""Markup that a stranger put into a request of the visitor's becomes part of the answer.

A link, or a form on any page, is all it takes. Oracle: as the stored script's.
"""

from __future__ import annotations

from ringfence.prove.payloads import MARKUP
from ringfence.prove.reflected import attack

__all__ = ["ATTACK"]

ATTACK = attack(
    "reflected",
    digit=MARKUP,
    title="reflected markup that is code",
    stopped_by=("csp",),
    fix='escape the text where it is shown (no |safe); RINGFENCE = {"csp": "strict"}',
)
