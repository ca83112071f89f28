"""Line numbers of a text, and what its lines say."""

from __future__ import annotations

import re
from bisect import bisect_right

from ringfence.audit.facts.values import Place

__all__ = ["Lines"]

_LONGEST_LINE = 200
#: Of a line no more than this is looked at: a page may be one of megabytes.
_LOOKED_AT = 5_000


class Lines:
    """Line numbers of a text."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def place(self, offset: int, scope: str = "", end: int = 0) -> Place:
        """Return where the offset is."""
        index = bisect_right(self.starts, offset) - 1
        start = self.starts[index]
        stop = self.text.find("\n", start, start + _LOOKED_AT)
        line = self.text[start : stop if stop >= 0 else start + _LOOKED_AT].strip()
        last = bisect_right(self.starts, end) if end else 0
        return Place(self.path, index + 1, last, scope, line[:_LONGEST_LINE])
