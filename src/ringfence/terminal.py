"""What may be written to a terminal."""

from __future__ import annotations

__all__ = ["printable"]


def printable(text: str) -> str:
    r"""Return ``text`` with everything escaped that a terminal might obey.

    >>> print(printable("a\x1b[31m\u202e"))
    a\x1b[31m\u202e
    """
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii")
        for char in text
    )
