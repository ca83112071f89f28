"""Text of a request is the address of a link in the answer, and code.

There is nothing in ``javascript:…`` that HTML would escape. Oracle: as the stored script's, once
the link is followed.
"""

from __future__ import annotations

from ringfence.prove.payloads import LINK
from ringfence.prove.reflected import attack

__all__ = ["ATTACK"]

ATTACK = attack(
    "reflected_link",
    digit=LINK,
    title="reflected javascript: link",
    stopped_by=("csp", "escaping"),
    fix='write "BACKEND": "ringfence.template.DjangoTemplates" in TEMPLATES',
)
