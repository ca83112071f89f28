"""What Django would write for a value before it escapes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.formats import localize
from django.utils.functional import Promise
from django.utils.html import conditional_escape
from django.utils.safestring import SafeData
from django.utils.timezone import template_localtime  # type: ignore[attr-defined]  # the stubs miss it

from ringfence.rings.escaping.typed import Rendered, SafeCSS, SafeJS, SafeURL

__all__ = ["text_of", "unwrapped"]

_TYPED = (SafeURL, SafeJS, SafeCSS)


def text_of(raw: Any, context: Any) -> tuple[str, bool]:
    """Return what Django would write before it escapes, and whether that is vouched for."""
    if type(raw) is str:
        return raw, not context.autoescape
    if issubclass(type(raw), str):
        if isinstance(raw, SafeData):
            return (raw if type(raw) is Rendered else str.__str__(raw)), True
        if isinstance(raw, _TYPED):
            return str.__str__(raw), False
    value = template_localtime(raw, use_tz=context.use_tz)
    value = localize(value, use_l10n=context.use_l10n)
    if not context.autoescape:
        return str(value), True
    if isinstance(raw, (int, float, Decimal)):
        # Numbers come back marked safe, which says nothing: they are not markup.
        return str(value), False
    if not issubclass(type(value), str):
        value = str(value)
    if isinstance(value, SafeData) or hasattr(value, "__html__"):
        return (value if type(value) is Rendered else str(conditional_escape(value))), True
    return str(value), False


def unwrapped(lazy: Any) -> Any:
    """Return the object that a lazy one stands for."""
    if isinstance(lazy, Promise):
        return str(lazy) if isinstance(lazy, str) or hasattr(lazy, "_proxy____str_cast") else lazy
    bool(lazy.__class__)  # Asking for anything sets it up.
    return lazy._wrapped
