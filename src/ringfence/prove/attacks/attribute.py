"""Stored text leaves the attribute without quotes that it stands in, and brings a handler.

``<input value={{ name }}>``: a space ends such a value. Oracle: as the stored script's.
"""

from __future__ import annotations

from ringfence.prove.stored import attack

__all__ = ["ATTACK"]

ATTACK = attack(
    "attribute",
    title="stored text in an attribute without quotes",
    stopped_by=("csp", "escaping"),
    fix='write "BACKEND": "ringfence.template.DjangoTemplates" in TEMPLATES',
)
