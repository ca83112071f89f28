"""Stored text leaves the string that it stands in, in an event handler of the page's.

``onclick="greet('{{ name }}')"``: the browser resolves character references before it reads the
script, so that escaping for HTML brings the quote back. Oracle: as the stored script's.
"""

from __future__ import annotations

from ringfence.prove.stored import attack

__all__ = ["ATTACK"]

ATTACK = attack(
    "handler",
    title="stored text in an event handler",
    stopped_by=("csp", "escaping"),
    fix='write "BACKEND": "ringfence.template.DjangoTemplates" in TEMPLATES',
)
