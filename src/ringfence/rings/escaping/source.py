"""Where a node stands in its template: what the parser knows of it, and the debug page asks."""

from __future__ import annotations

import copy
import re
from typing import Any

from django.template import base, defaultfilters

from ringfence.rings.escaping.variable import Following, Variable

__all__ = [
    "annotate",
    "filter_names",
    "following",
    "is_of_attributes",
    "is_text_of_the_template",
    "joined_by",
    "name_of_template",
    "named",
]


def annotate(error: Exception, node: base.Node, ctx: Any) -> None:
    """Tell Django's debug page which node raised (as ``Node.render_annotated`` does)."""
    if not ctx.template.engine.debug:
        return
    if not hasattr(error, "_culprit_node"):
        error._culprit_node = node  # type: ignore[attr-defined]
    culprit = error._culprit_node  # type: ignore[attr-defined]
    template = ctx.render_context.template
    if not hasattr(error, "template_debug") and template.origin == culprit.origin:
        error.template_debug = template.get_exception_info(error, culprit.token)  # type: ignore[attr-defined]


_ATTRIBUTE_LOOP = re.compile(r"for\s+(\w+)\s*,\s*(\w+)\s+in\s+([\w.]+)\.items")
_WIDGETS = re.compile(r"(?:\w+\.)*widget\.attrs")


def is_of_attributes(parser: Any, name: str) -> bool:
    """Whether the variable is a name or a value of the loop that writes a widget's attributes.

    ``{% for name, value in widget.attrs.items %}`` is how Django writes them, and how others do
    who bring form templates, some by an ``attrs.html`` that is included: what stands in that dict
    was written in Python. Of no other dict is that known.
    """
    for command, token in parser.command_stack:
        match = _ATTRIBUTE_LOOP.fullmatch(token.contents) if command == "for" else None
        if match is None or name not in match.groups()[:2]:
            continue
        included = (
            match[3] == "attrs" and name_of_template(parser).rpartition("/")[2] == "attrs.html"
        )
        if included or _WIDGETS.fullmatch(match[3]):
            return True
    return False


def filter_names(expression: Any) -> tuple[str, ...]:
    """Return the names of the filters that a value goes through."""
    return tuple(
        getattr(function, "_filter_name", getattr(function, "__name__", ""))
        for function, _ in expression.filters
    )


def joined_by(expression: Any) -> tuple[base.FilterExpression, str] | None:
    """Return what ``|join`` with a text of the template joins last, and that text; else None."""
    filters = list(expression.filters)
    while filters and filters[-1][0] is defaultfilters.safe:
        filters.pop()  # What is joined is vouched for already.
    if not filters or filters[-1][0] is not defaultfilters.join:
        return None
    ((is_variable, separator),) = filters.pop()[1]
    if is_variable:
        return None
    items = copy.copy(expression)
    items.filters = filters
    return items, str(separator)


def name_of_template(parser: Any) -> str:
    """Return the name of the template that is parsed, "" where it has none."""
    origin = parser.origin
    return str(getattr(origin, "template_name", None) or getattr(origin, "name", "") or "")


def following(parser: Any) -> Following | None:
    """Return where the literal text behind the token that was read last is to be found."""
    texts = getattr(parser, "ringfence_texts", None)
    return None if texts is None else Following(texts, len(texts) - len(parser.tokens))


def named(parser: Any, token: Any) -> Variable:
    """Return what a message says about a tag."""
    return Variable(
        f"% {token.contents} %", name_of_template(parser), token.lineno, (), following(parser)
    )


def is_text_of_the_template(expression: Any) -> bool:
    """Whether an expression is a constant, written in the template, through no filter."""
    variable = getattr(expression, "var", None)
    if isinstance(variable, base.Variable):
        return variable.lookups is None and not expression.filters
    return isinstance(variable, str)
