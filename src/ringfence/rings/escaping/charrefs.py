"""Character references, resolved as the HTML standard does (WHATWG HTML, section 13.2.5.72)."""

from __future__ import annotations

import html
import re
from html.entities import html5

__all__ = ["decode", "split_unfinished"]

#: The longest name is `CounterClockwiseContourIntegral;`; a longer run is no reference.
_LONGEST = max(map(len, html5))
_REFERENCE = re.compile(r"&(?:#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[a-zA-Z][a-zA-Z0-9]{0,40};?)")
_UNFINISHED = re.compile(r"&(?:#[a-zA-Z0-9]*+|[a-zA-Z0-9]{0,40}+)\Z")


def decode(text: str, *, attribute: bool) -> str:
    """Return ``text`` with its character references resolved.

    In an attribute a name without its semicolon is no reference where a letter, a digit or ``=``
    follows: ``?a=1&copy=2`` is about a parameter named ``copy``.

    >>> decode("java&#115;cript&colon;", attribute=True)
    'javascript:'
    >>> decode("?a&copy=1", attribute=True), decode("?a&copy=1", attribute=False)
    ('?a&copy=1', '?a©=1')
    """
    if "&" not in text:
        return text

    def resolve(match: re.Match[str]) -> str:
        found = match[0]
        if found[1] == "#" or found[1:] in html5:
            # Numbers out of range and the Windows-1252 ones: the library knows the table.
            if not found.endswith(";") and found[1] != "#" and _is_text(match, attribute=attribute):
                return found
            return html.unescape(found)
        for end in range(min(len(found), _LONGEST), 1, -1):
            char = html5.get(found[1:end])
            if char is not None:
                if attribute and (found[end : end + 1].isalnum() or _next(match, end) == "="):
                    return found
                return char + found[end:]
        return found

    return _REFERENCE.sub(resolve, text)


def _next(match: re.Match[str], end: int) -> str:
    at = match.start() + end
    return match.string[at : at + 1]


def _is_text(match: re.Match[str], *, attribute: bool) -> bool:
    following = match.string[match.end() : match.end() + 1]
    return attribute and (following == "=" or (following.isascii() and following.isalnum()))


def split_unfinished(text: str) -> tuple[str, str]:
    """Split a reference that what follows may go on with off the end of ``text``.

    >>> split_unfinished("a&amp;b&#11")
    ('a&amp;b', '&#11')
    >>> split_unfinished("R & D")
    ('R & D', '')
    """
    at = text.rfind("&")
    if at < 0 or not _UNFINISHED.match(text, at):
        return text, ""
    return text[:at], text[at:]
