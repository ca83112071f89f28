"""Text of a request leaves the string that it stands in, in an event handler of the answer's.

The browser resolves character references before it reads the script, so that escaping for HTML
brings the quote back. Oracle: as the stored script's.
"""

from __future__ import annotations

from ringfence.prove.payloads import STRING
from ringfence.prove.reflected import attack

__all__ = ["ATTACK"]

ATTACK = attack(
    "reflected_handler",
    digit=STRING,
    title="reflected text in an event handler",
    stopped_by=("csp", "escaping"),
    fix='write "BACKEND": "ringfence.template.DjangoTemplates" in TEMPLATES',
)
