"""What a template's variable holds leaves a string in an event handler.

Escaping for HTML brings the quote back there.
Oracle: as the stored script's.
"""

from __future__ import annotations

from ringfence.prove.poisoned import attack

__all__ = ["ATTACK"]

ATTACK = attack(
    "template_handler",
    "handler",
    title="a template's variable in an event handler",
    stopped_by=("csp", "escaping"),
    fix='write "BACKEND": "ringfence.template.DjangoTemplates" in TEMPLATES',
)
