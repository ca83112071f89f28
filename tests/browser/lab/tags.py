"""Template tags as a third party would write them."""

from __future__ import annotations

from django import template

register = template.Library()


@register.inclusion_tag("shown.html")
def shown(x):
    return {"x": x}


@register.inclusion_tag("bare.html")
def shown_bare(x):
    return {"x": x}


@register.simple_tag
def echo(x):
    return x
