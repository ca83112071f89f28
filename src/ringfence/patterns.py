"""Regular expressions that are compiled when they are first asked something.

Compiling the large ones takes longer than most runs of a command that never asks them.
"""

from __future__ import annotations

import re
from typing import Any, cast

__all__ = ["later"]


class _Later:
    """A pattern's text; what is asked of it is from then on the compiled pattern's own method."""

    def __init__(self, pattern: str, flags: int) -> None:
        self._given = (pattern, flags)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        found = getattr(re.compile(*self._given), name)
        # The next one who asks finds it without coming here.
        self.__dict__[name] = found
        return found


def later(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return what has the methods of ``re.compile(pattern, flags)``.

    :raises re.error: when it is first asked, if ``pattern`` is none.

    >>> later("a+").fullmatch("aa") is not None
    True
    """
    return cast("re.Pattern[str]", _Later(pattern, flags))
