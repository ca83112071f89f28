"""Which paths a ``.gitignore`` leaves out, without asking git.

Git itself is not run: a tree's own configuration can name programs for it to start
(``core.fsmonitor``). The rules are those of gitignore(5), less the character classes of POSIX.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Sequence
from functools import lru_cache

from ringfence.records import record

__all__ = ["Ignore"]

#: More than this many patterns in one file are not a list of paths.
_LIMIT = 2000


@record
class _Pattern:
    segments: tuple[str, ...]
    negated: bool
    directories_only: bool

    def matches(self, parts: Sequence[str], *, is_directory: bool) -> bool:
        if self.directories_only and not is_directory:
            return False
        return _match(self.segments, tuple(parts))


@lru_cache(maxsize=4096)
def _segment(pattern: str) -> re.Pattern[str]:
    return re.compile(fnmatch.translate(pattern))


def _match(segments: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    """Match from both ends of the table, so that ``**`` costs segments times parts, no more."""
    reach = {0}
    for segment in segments:
        if segment == "**":
            reach = set(range(min(reach), len(parts) + 1)) if reach else reach
            continue
        found = _segment(segment)
        reach = {at + 1 for at in reach if at < len(parts) and found.match(parts[at])}
    return len(parts) in reach


class Ignore:
    r"""The patterns of one ``.gitignore``, for paths relative to its directory.

    >>> ignore = Ignore("*.log\n/build/\n!keep.log\n")
    >>> ignore.decide(["a", "x.log"], is_directory=False)
    True
    >>> ignore.decide(["a", "keep.log"], is_directory=False)
    False
    >>> ignore.decide(["src", "build"], is_directory=True) is None
    True
    """

    __slots__ = ("_patterns",)

    def __init__(self, text: str) -> None:
        patterns = (_parse(line) for line in text.splitlines()[:_LIMIT])
        self._patterns = tuple(each for each in patterns if each is not None)

    def decide(self, parts: Sequence[str], *, is_directory: bool) -> bool | None:
        """Say whether a path is left out: the last pattern that names it decides, None if none."""
        for pattern in reversed(self._patterns):
            if pattern.matches(parts, is_directory=is_directory):
                return not pattern.negated
        return None


def _parse(line: str) -> _Pattern | None:
    line = line.rstrip()
    if not line or line.startswith("#") or len(line) > 300:
        return None
    negated = line.startswith("!")
    line = line[negated:].removeprefix("\\")
    directories_only = line.endswith("/")
    line = line.rstrip("/")
    anchored = "/" in line
    segments = tuple(part for part in line.split("/") if part)
    if not segments:
        return None
    return _Pattern(segments if anchored else ("**", *segments), negated, directories_only)
