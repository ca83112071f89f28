"""What a template's variable holds becomes markup with a script.

A template that marks a variable as safe trusts whoever fills it, today and later.
Oracle: as the stored script's.
"""

from __future__ import annotations

from ringfence.prove.poisoned import attack

__all__ = ["ATTACK"]

ATTACK = attack(
    "template",
    "script",
    title="a template's variable that is markup",
    stopped_by=("csp",),
    fix='escape the variable (no |safe); RINGFENCE = {"csp": "strict"}',
)
