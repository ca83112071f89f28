"""Nodes that render one value, which is escaped for its place as a variable's is."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

from django.template import base, defaulttags, library
from django.templatetags import static
from django.utils.safestring import SafeData, SafeString

from ringfence.rings.escaping.run import run_of
from ringfence.rings.escaping.source import annotate, is_text_of_the_template
from ringfence.rings.escaping.variable import Variable

__all__ = ["VALUES", "render_value"]


#: A tag that writes nothing; one whose value is None writes "None", as a variable does.
_NOTHING = object()


def render_value(node: Any, original: Callable[[Any], Any], variable: Variable, ctx: Any) -> str:
    """Render a node that renders one value, which is escaped for its place."""
    run = run_of(ctx)
    before = run.place
    try:
        out = VALUES[type(node)](node, original, ctx)
    except Exception as error:
        run.place = before
        annotate(error, node, ctx)
        raise
    run.place = before
    if out is _NOTHING:
        return ""
    if _CSP_NONCE_ATTR is not None and getattr(node, "func", None) is _CSP_NONCE_ATTR:
        # A developer's own nonce, or media with it: as if it stood in the template.
        return run.literal(str(out))
    data = run.recorded_data
    text = run.write(out, ctx, variable)
    if _is_constant(node):
        run.recorded_data = data
    return text


#: Django 6.1's own tag, and no other of that name: what it returns is not looked at.
_CSP_NONCE_ATTR: Callable[..., Any] | None = getattr(defaulttags, "csp_nonce_attr", None)


def _is_constant(node: Any) -> bool:
    """Whether what the node renders is the developer's word: a URL by constant arguments, say."""
    if isinstance(node, defaulttags.URLNode):
        expressions = [node.view_name, *node.args, *node.kwargs.values()]
        return all(is_text_of_the_template(each) for each in expressions)
    if isinstance(node, static.StaticNode):
        return is_text_of_the_template(node.path)
    return isinstance(node, static.PrefixNode)


# How each gives its value before it is escaped. Autoescaping stays on while they do: filters and
# a tag's own function look at it.


def _unescaped(node: Any, original: Callable[[Any], Any], ctx: Any) -> Any:
    """Return what the node escaped: URLs and numbers are no markup to begin with."""
    del node
    out = original(ctx)
    if out == "":
        return _NOTHING
    if isinstance(out, SafeData) and ctx.autoescape:
        return html.unescape(str.__str__(out))
    return out


def _now(node: Any, original: Callable[[Any], Any], ctx: Any) -> Any:
    """Return the time: its format is the template's, and may hold markup."""
    del node
    out = original(ctx)
    return SafeString(out) if out else _NOTHING


def _first_of(node: Any, original: Callable[[Any], Any], ctx: Any) -> Any:
    if node.asvar:
        original(ctx)
        return _NOTHING
    for variable in node.vars:
        value = variable.resolve(ctx, ignore_failures=True)
        if value:
            return value
    return ""


def _cycle(node: Any, original: Callable[[Any], Any], ctx: Any) -> Any:
    del original
    if node not in ctx.render_context:
        node.reset(ctx)
    value = next(ctx.render_context[node]).resolve(ctx)
    if node.variable_name:
        ctx.set_upward(node.variable_name, value)
    return _NOTHING if node.silent else value


def _simple(node: Any, original: Callable[[Any], Any], ctx: Any) -> Any:
    if node.target_var is not None:
        original(ctx)
        return _NOTHING
    args, kwargs = node.get_resolved_arguments(ctx)
    return node.func(*args, **kwargs)


VALUES: dict[type[base.Node], Callable[[Any, Callable[[Any], Any], Any], Any]] = {
    defaulttags.URLNode: _unescaped,
    defaulttags.FirstOfNode: _first_of,
    defaulttags.CycleNode: _cycle,
    defaulttags.NowNode: _now,
    defaulttags.WidthRatioNode: _unescaped,
    static.StaticNode: _unescaped,
    static.PrefixNode: _unescaped,
    library.SimpleNode: _simple,
}
