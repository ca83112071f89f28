"""Stored text is the address of a link, and code.

``<a href="{{ website }}">``: there is nothing in ``javascript:…`` that HTML would escape. Oracle:
as the stored script's, once the link is followed.
"""

from __future__ import annotations

from ringfence.prove.stored import attack

__all__ = ["ATTACK"]

ATTACK = attack(
    "link",
    title="stored javascript: link",
    stopped_by=("csp", "escaping"),
    fix='write "BACKEND": "ringfence.template.DjangoTemplates" in TEMPLATES',
)
