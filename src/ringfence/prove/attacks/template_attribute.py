"""What a template's variable holds leaves the attribute without quotes that it stands in.

A space ends such a value.
Oracle: as the stored script's.
"""

from __future__ import annotations

from ringfence.prove.poisoned import attack

__all__ = ["ATTACK"]

ATTACK = attack(
    "template_attribute",
    "attribute",
    title="a template's variable in an attribute without quotes",
    stopped_by=("csp", "escaping"),
    fix='write "BACKEND": "ringfence.template.DjangoTemplates" in TEMPLATES',
)
