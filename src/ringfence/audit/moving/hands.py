"""What somebody has to change by hand: where, why, and the text to put in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ringfence.audit.model import Place
from ringfence.replaced import ENGINES, FENCE, REPLACED, SINGLE

__all__ = ["ByHand", "text_for"]


@dataclass(frozen=True, slots=True)
class ByHand:
    """A change that no machine can make safely. ``text`` is what to write, in Python."""

    setting: str
    place: Place
    why: str
    text: str


def text_for(setting: str, entries: Sequence[Any] = (), *, missing: bool = False) -> str:
    """Return what to write below a setting; ``entries`` are what is known to be in it.

    ``missing`` says that it is set nowhere.

    >>> print(text_for("INSTALLED_APPS"))
    INSTALLED_APPS = ["ringfence", *INSTALLED_APPS]
    """
    if setting == "INSTALLED_APPS":
        own = 'INSTALLED_APPS = ["ringfence"'
        return f"{own}]" if missing else f"{own}, *INSTALLED_APPS]"
    if setting == "TEMPLATES":
        return "\n".join(
            f'"BACKEND": "{new}", "NAME": "{old.split(".")[-2]}",' for old, new in ENGINES.items()
        )
    if setting == "X_FRAME_OPTIONS":
        return 'X_FRAME_OPTIONS = "DENY"'
    if missing:
        return f'MIDDLEWARE = ["{FENCE}"]'
    known = [name for name in (*REPLACED, *SINGLE) if name in entries]
    names = known if known or entries else list(REPLACED)
    lines = [
        "REPLACED = {",
        *(f'    "{name}",' for name in names),
        "}",
        "MIDDLEWARE = [",
        f'    "{FENCE}",',
        "    *(name for name in MIDDLEWARE if name not in REPLACED),",
        "]",
    ]
    if not names:
        lines = [f'MIDDLEWARE = ["{FENCE}", *MIDDLEWARE]']
    return "\n".join(lines)
