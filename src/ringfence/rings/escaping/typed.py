"""Strings a developer vouches for, each in the one language it is written in."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString

__all__ = ["EscapedMarkup", "Rendered", "SafeCSS", "SafeHTML", "SafeJS", "SafeURL"]


class SafeURL(str):
    """A URL that may stand wherever a URL may, whatever its scheme and origin.

    Everywhere else it is an ordinary string.

    >>> SafeURL("https://cdn.example/app.js")
    'https://cdn.example/app.js'
    """

    __slots__ = ()


class SafeJS(str):
    """JavaScript: an expression or statements, written by the developer.

    >>> SafeJS("start()")
    'start()'
    """

    __slots__ = ()


class SafeCSS(str):
    """CSS: a value, declarations or a style sheet, written by the developer.

    >>> SafeCSS("color: red")
    'color: red'
    """

    __slots__ = ()


class Rendered(SafeString):
    """What one of our templates rendered, from text to text: complete markup by construction.

    Form fields are rendered one inside the other; what the inner one made need not be read again
    by each outer one. Whatever changes the text makes an ordinary string of it.
    """

    def strip(self, chars: Any = None, /) -> str:
        """Return it without blanks around it, still known as what it is."""
        stripped = super().strip(chars)
        return Rendered(stripped) if chars is None else stripped


class EscapedMarkup(SafeString):
    """Markup behind ``|escapejs``: what a developer vouched for before it was escaped."""

    __slots__ = ()


class SafeHTML(SafeString):
    """Markup, as Django's ``SafeString``: the name beside the three others.

    >>> SafeHTML("<b>yes</b>")
    '<b>yes</b>'
    """
