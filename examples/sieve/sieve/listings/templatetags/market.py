"""The market's template tags."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def stamp(place: str) -> SafeString:
    """Return where something is, as a stamp."""
    return mark_safe(f'<span class="stamp">{place}</span>')  # hole: stored-tag


@register.simple_tag
def seal(district: str) -> SafeString:
    """Return in which district something is, as a seal."""
    return format_html('<span class="seal">{}</span>', district)  # twin: stored-tag


@register.simple_tag
def price_line(unit: str, price: int) -> SafeString:
    """Return the price by a unit."""
    return format_html("<i>{} {}</i>", mark_safe(unit), price)  # hole: stored-format-html


@register.simple_tag
def price_tag(currency: str, price: int) -> SafeString:
    """Return the price in a currency."""
    return format_html("<i>{} {}</i>", currency, price)  # twin: stored-format-html


@register.inclusion_tag("pages/ticker.html")
def ticker(text: str) -> dict[str, Any]:
    """Show a line of news."""
    return {"text": text}


@register.inclusion_tag("pages/tape.html")
def tape(text: str) -> dict[str, Any]:
    """Show a line of news."""
    return {"text": text}
