"""Text of a request leaves the attribute that the answer shows it in, and brings a handler.

Oracle: as the stored script's.
"""

from __future__ import annotations

from ringfence.prove.payloads import ATTRIBUTE
from ringfence.prove.reflected import attack

__all__ = ["ATTACK"]

ATTACK = attack(
    "reflected_attribute",
    digit=ATTRIBUTE,
    title="reflected text that leaves its attribute",
    stopped_by=("csp", "escaping"),
    fix='write "BACKEND": "ringfence.template.DjangoTemplates" in TEMPLATES',
)
