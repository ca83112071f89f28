"""Stored text leaves the string that it stands in, in a script of the page's.

A template literal runs what stands in ``${…}``, which holds nothing that HTML would escape. The
script is the page's own, with the page's own nonce: no policy tells the two apart. Oracle: as the
stored script's.
"""

from __future__ import annotations

from ringfence.prove.stored import attack

__all__ = ["ATTACK"]

ATTACK = attack(
    "string",
    title="stored text in a script of the page",
    stopped_by=("escaping",),
    fix='write "BACKEND": "ringfence.template.DjangoTemplates" in TEMPLATES',
)
