"""Text of an attacked site, made harmless: a path, a column or an answer may hold anything."""

from __future__ import annotations

import unicodedata

__all__ = ["harmless"]

#: Control and format characters, lone surrogates, private use, line and paragraph separators.
_COMMANDING = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})


def harmless(text: str) -> str:
    r"""Return ``text`` on one line, with every character that commands a reader spelt out.

    Control and format characters (Unicode Cc, Cf, Zl, Zp), lone surrogates and private-use
    characters are written as escapes.

    >>> harmless("a\x1b[2Jb\u202ec")
    'a\\x1b[2Jb\\u202ec'
    """
    if text.isprintable():
        return text
    return "".join(
        char.encode("unicode_escape").decode()
        if unicodedata.category(char) in _COMMANDING
        else char
        for char in text
    )
