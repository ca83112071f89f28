"""Tags as a third party writes them: transparent, wrapping, capturing, discarding, replacing."""

from __future__ import annotations

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import mark_safe

register = template.Library()


class Transparent(template.Node):
    def __init__(self, nodelist):
        self.nodelist = nodelist

    def render(self, context):
        return self.nodelist.render(context)


class Wrapping(Transparent):
    def render(self, context):
        return f"<section>{self.nodelist.render(context)}</section>"


class Capturing(Transparent):
    def render(self, context):
        context["captured"] = self.nodelist.render(context)
        return ""


class Discarding(Transparent):
    def render(self, context):
        self.nodelist.render(context)
        return ""


class Twice(Transparent):
    def render(self, context):
        return self.nodelist.render(context) + self.nodelist.render(context)


class Raising(Transparent):
    def render(self, context):
        self.nodelist.render(context)
        raise ValueError("on purpose")


class Leaf(template.Node):
    def render(self, context):
        return "<b>a leaf's</b>"


def _block(name, kind):
    def compile_tag(parser, token):
        nodelist = parser.parse((f"end{name}",))
        parser.delete_first_token()
        return kind(nodelist)

    register.tag(name, compile_tag)


for _kind in (Transparent, Wrapping, Capturing, Discarding, Twice, Raising):
    _block(_kind.__name__.lower(), _kind)


@register.tag
def leaf(parser, token):
    return Leaf()


@register.simple_tag
def simple(value):
    return value


@register.simple_tag(takes_context=True)
def link(context, text):
    return format_html('<a href="/">{}</a>', text)


@register.simple_tag
def vouched(value):
    return mark_safe(value)  # noqa: S308 -- what a tag of a third party may do


@register.inclusion_tag("part.html")
def inclusion(value):
    return {"x": value}


if hasattr(register, "simple_block_tag"):

    @register.simple_block_tag
    def boxed(content, color):
        return format_html("<div class='{}'>{}</div>", color, content)


@register.simple_tag
def without_request(name):
    """Render a template by itself, as for a mail."""
    return render_to_string(name)
