"""The lab's two sets: places, attacks and harmless values that were written together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.browser.lab import contexts, harmless, payloads, second
from tests.browser.lab.second import harmless as second_harmless
from tests.browser.lab.second import payloads as second_payloads

__all__ = ["FIRST", "SECOND", "SETS", "LabSet"]


@dataclass(frozen=True, slots=True)
class LabSet:
    name: str
    contexts: tuple[contexts.Context, ...]
    payloads: tuple[str, ...]
    #: Harmless values, by the names of their groups.
    values: Mapping[str, tuple[Any, ...]]


#: The set that the ring was built with.
FIRST = LabSet("first", tuple(contexts.CONTEXTS), payloads.PAYLOADS, harmless.GROUPS)

#: Written afterwards from the standards, without a look at the first or at the ring.
SECOND = LabSet("second", second.CONTEXTS, second_payloads.PAYLOADS, second_harmless.GROUPS)

SETS = {one.name: one for one in (FIRST, SECOND)}
