"""Text of a request leaves the string that it stands in, in a script of the answer's.

The script is the page's own, with the page's own nonce: no policy tells the two apart. Oracle: as
the stored script's.
"""

from __future__ import annotations

from ringfence.prove.payloads import STRING
from ringfence.prove.reflected import attack

__all__ = ["ATTACK"]

ATTACK = attack(
    "reflected_string",
    digit=STRING,
    title="reflected text in a script of the page",
    stopped_by=("escaping",),
    fix='write "BACKEND": "ringfence.template.DjangoTemplates" in TEMPLATES',
)
