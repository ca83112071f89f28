"""One attack, one file: ``ATTACK``, found by looking into this folder."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ringfence.prove.stage import Attack

__all__ = ["ATTACKS"]

#: Every attack, by name.
ATTACKS: tuple[Attack, ...] = tuple(
    import_module(f"{__name__}.{module.name}").ATTACK
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name)
)
