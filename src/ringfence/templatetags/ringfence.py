"""Filters by which a developer vouches for a value: ``{% load ringfence %}``.

``safe_url``, ``safe_js``, ``safe_css`` and ``safe_html`` say that the text is a URL, JavaScript,
CSS or markup of the developer's own; nothing checks it, so they are for values that no visitor
had a part in. ``sanitize`` is for those that a visitor wrote: it takes out of markup all that could
do more than arrange text.
"""

from __future__ import annotations

from typing import Any

from django import template
from django.core.exceptions import ImproperlyConfigured

from ringfence.rings.escaping.typed import SafeCSS, SafeHTML, SafeJS, SafeURL

__all__ = ["register", "safe_css", "safe_html", "safe_js", "safe_url", "sanitize"]

register = template.Library()


@register.filter
def safe_url(value: Any) -> SafeURL:
    """Vouch for a URL: it may stand wherever a URL may, whatever its scheme and origin.

    >>> type(safe_url("tel-link:123")).__name__
    'SafeURL'
    """
    return SafeURL(value)


@register.filter
def safe_js(value: Any) -> SafeJS:
    """Vouch for JavaScript: an expression or statements.

    >>> type(safe_js("start()")).__name__
    'SafeJS'
    """
    return SafeJS(value)


@register.filter
def safe_css(value: Any) -> SafeCSS:
    """Vouch for CSS: a value, declarations or a style sheet.

    >>> type(safe_css("color: red")).__name__
    'SafeCSS'
    """
    return SafeCSS(value)


@register.filter
def safe_html(value: Any) -> SafeHTML:
    """Vouch for markup, as Django's ``safe`` does.

    >>> type(safe_html("<b>yes</b>")).__name__
    'SafeHTML'
    """
    return SafeHTML(value)


@register.filter
def sanitize(value: Any) -> SafeHTML:
    """Return markup that a visitor wrote with only harmless elements and attributes left in it.

    nh3's own lists decide: no script, style, form or frame, no event handler, no ``style`` and no
    ``class``; links with the usual schemes only, each with ``rel="noopener noreferrer"``. Nothing
    for None.

    :raises ImproperlyConfigured: if nh3, of the extra ``sanitize``, is not installed.
    """
    try:
        import nh3  # noqa: PLC0415 -- an extra
    except ImportError:
        raise ImproperlyConfigured(
            "The filter sanitize needs nh3, which is not installed: "
            'pip install "django-ringfence[sanitize]"'
        ) from None
    if value is None:
        return SafeHTML("")
    return SafeHTML(nh3.clean(str(value)))
