"""What a template's variable holds leaves a string in a script of the page.

The script is the page's own, with the page's own nonce: no policy tells the two apart.
Oracle: as the stored script's.
"""

from __future__ import annotations

from ringfence.prove.poisoned import attack

__all__ = ["ATTACK"]

ATTACK = attack(
    "template_string",
    "string",
    title="a template's variable in a script of the page",
    stopped_by=("escaping",),
    fix='write "BACKEND": "ringfence.template.DjangoTemplates" in TEMPLATES',
)
