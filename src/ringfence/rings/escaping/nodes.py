"""Django's template nodes, carried along with the state of the page.

Texts and variables become the classes here; every other node keeps its class, and what it renders
is looked at from outside. Which of three kinds a node is decides how:

- *transparent* nodes (``{% if %}``, ``{% for %}``, ``{% block %}``, ``{% include %}``...) return
  what their children rendered, and the children have carried the state already;
- *values* (``{% url %}``, ``{% firstof %}``, simple tags...) render one value, which is escaped
  for its place as a variable's is;
- all others may do anything with what their children rendered: keep it, change it, wrap it, store
  it for later. What they return is compared with that, and read as vouched markup if it differs.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.template import base, defaulttags, library, loader_tags
from django.templatetags import cache, i18n, l10n, tz
from django.utils.safestring import SafeString

from ringfence.rings.escaping.fragment import CacheNode
from ringfence.rings.escaping.html_vouched import COMPLETE
from ringfence.rings.escaping.joined import write_joined
from ringfence.rings.escaping.place import Place, Step
from ringfence.rings.escaping.run import Run, run_of
from ringfence.rings.escaping.source import (
    annotate,
    filter_names,
    following,
    is_of_attributes,
    joined_by,
    name_of_template,
    named,
)
from ringfence.rings.escaping.tags import (
    CsrfTokenNode,
    FilterNode,
    IncludeNode,
    SpacelessNode,
    TemplateTagNode,
    VerbatimNode,
)
from ringfence.rings.escaping.translations import BlockTranslateNode, TranslateNode
from ringfence.rings.escaping.typed import Rendered
from ringfence.rings.escaping.value_nodes import VALUES, render_value
from ringfence.rings.escaping.variable import Following, Variable
from ringfence.rings.escaping.watched import watch

__all__ = ["TextNode", "VariableNode", "adopt"]

#: A text node meets few states; one that meets more (a partial used everywhere) computes them.
_MOST_STEPS = 32


class TextNode(base.TextNode):
    """Literal text: a function from state to state, remembered for each state it meets."""

    steps: dict[Place, Step]

    def render(self, ctx: Any) -> str:
        """Return the text, with what it is granted, and go on to the state behind it."""
        return self.render_annotated(ctx)

    def render_annotated(self, ctx: Any) -> str:
        """Return the text, with what it is granted, and go on to the state behind it."""
        try:
            run: Run = ctx._ringfence_run
        except AttributeError:
            run = run_of(ctx)
        try:
            step: Step = self.steps[run.place]
        except KeyError:
            step = self._learn(run.place)
        run.place = step.place
        if step.parts is None:
            return step.text
        return run.perform(step)

    def _learn(self, place: Place) -> Step:
        step = place.step(self.s)
        if not place.volatile and len(self.steps) < _MOST_STEPS:
            self.steps[place] = step
        return step


class VariableNode(base.VariableNode):
    """A variable, escaped for where it stands."""

    variable: Variable
    resolve: Callable[[Any], Any]
    is_super: bool

    def render(self, ctx: Any) -> str:
        """Return the value as what may stand here."""
        try:
            run: Run = ctx._ringfence_run
        except AttributeError:
            run = run_of(ctx)
        if self.is_super:
            return self._super(ctx, run)
        try:
            value = self.resolve(ctx)
        except UnicodeDecodeError:
            return ""
        return self._write(run, ctx, value)

    def render_annotated(self, ctx: Any) -> str:  # noqa: C901, PLR0912 -- each call would cost
        """Return the value as what may stand here; errors are annotated for the debug page."""
        try:
            run: Run = ctx._ringfence_run
            value: str = self.resolve(ctx)  # Or anything else: its type is asked before it is used.
            kind: type[Any] = type(value)
            if run.place.plain and ctx.autoescape:
                if kind is str:
                    # Five searches for one character cost less than one for five.
                    if "<" in value or "&" in value or ">" in value or '"' in value or "'" in value:
                        return (
                            value.replace("&", "&amp;")
                            .replace("<", "&lt;")
                            .replace(">", "&gt;")
                            .replace('"', "&quot;")
                            .replace("'", "&#x27;")
                        )
                    return value
                if kind is int and not settings.USE_THOUSAND_SEPARATOR:
                    return str(value)
                if kind is Rendered and run.place.text and run.form_action is None:
                    return value
                if kind is SafeString and (
                    not ("<" in value or '"' in value or "'" in value or ">" in value)
                    or (
                        run.place.text
                        and run.form_action is None
                        and COMPLETE.fullmatch(value)
                        and "<form" not in value.lower()
                    )
                ):
                    return value
                return self._write(run, ctx, value)
            if kind is int or (kind is str and ctx.autoescape):
                place = run.place
                if self.variable.of_attributes and kind is str and not place.shows:
                    return self._write(run, ctx, value)
                if place.looks_ahead:
                    place = self.variable.ahead(place)
                if place.quick and not self.variable.filters:
                    found = place.glance(value if kind is str else str(value))
                    if found is not None:
                        text, run.place = found
                        if run.recorded is not None:
                            run.recorded.append(text)
                            run.recorded_data = True
                        return text
            return self._write(run, ctx, value)
        except UnicodeDecodeError:
            return ""
        except AttributeError as error:
            if not hasattr(ctx, "_ringfence_run"):
                run_of(ctx)
                return self.render_annotated(ctx)
            annotate(error, self, ctx)
            raise
        except Exception as error:
            annotate(error, self, ctx)
            raise

    def _write(self, run: Run, ctx: Any, value: Any) -> str:
        # Only what a block rendered here and now has carried the state: a context may hold some
        # other `block`, whose `super` is a value like any other.
        if self.is_super and isinstance(ctx.get("block"), loader_tags.BlockNode):
            return str(value)
        return run.write(value, ctx, self.variable)

    def _super(self, ctx: Any, run: Run) -> str:
        # {{ block.super }} renders the parent's block here and now: it has carried the state.
        return self._write(run, ctx, self.resolve(ctx))


class JoinedNode(VariableNode):
    """``{{ items|join:"', '" }}``: what stands between the items is the template's own text."""

    items: base.FilterExpression
    item: Variable
    separator: str

    def render_annotated(self, ctx: Any) -> str:
        """Return the items as what may stand here; in text and attributes as Django joins them."""
        run = run_of(ctx)
        if run.place.plain or not ctx.autoescape or self.variable.of_attributes:
            return super().render_annotated(ctx)
        try:
            found = self.items.resolve(ctx)
            if not isinstance(found, Iterable):
                return super().render_annotated(ctx)
            return write_joined(
                run, found, self.separator, lambda each: run.write(each, ctx, self.item)
            )
        except Exception as error:
            annotate(error, self, ctx)
            raise


def adopt(node: base.Node, parser: Any, token: Any) -> None:
    """Make ``node``, just parsed, carry the state."""
    kind = type(node)
    if "render_annotated" in node.__dict__:
        return  # One node stands in several places: {% cycle name %}.
    if kind is base.TextNode:
        node.__class__ = TextNode
        node.steps = {}  # type: ignore[attr-defined]
    elif kind is base.VariableNode:
        _adopt_variable(node, parser, token)
    elif kind in _TRANSPARENT:
        pass
    elif isinstance(node, library.InclusionNode):
        node.render_annotated = functools.partial(  # type: ignore[method-assign]
            _render_ahead, node.render_annotated, named(parser, token)
        )
    elif kind in _OWN:
        node.__class__ = _OWN[kind]
        node.ringfence_variable = named(parser, token)  # type: ignore[attr-defined]
    elif kind in VALUES:
        node.render_annotated = functools.partial(  # type: ignore[method-assign]
            render_value, node, node.render_annotated, named(parser, token)
        )
    else:
        watch(node, named(parser, token))


def _adopt_variable(node: Any, parser: Any, token: Any) -> None:
    expression = node.filter_expression
    node.__class__ = VariableNode
    node.resolve = expression.resolve
    filters = filter_names(expression)
    name = str(getattr(expression.var, "var", ""))
    node.is_super = name == "block.super" and set(filters) <= {"safe"}
    node.variable = Variable(
        token.contents, name_of_template(parser), token.lineno, filters, following(parser)
    )
    node.variable.of_attributes = is_of_attributes(parser, name)
    joined = joined_by(expression)
    if joined is not None:
        node.__class__ = JoinedNode
        node.items, node.separator = joined
        behind = node.variable.following
        node.item = Variable(
            token.contents,
            node.variable.template,
            token.lineno,
            filter_names(node.items),
            behind and Following([node.separator, *behind.texts[behind.start :]], 0),
        )


def _render_ahead(original: Callable[[Any], Any], variable: Variable, ctx: Any) -> str:
    """Render another template here: its variables cannot see the text that follows it here."""
    run = run_of(ctx)
    if run.place.looks_ahead:
        run.place = variable.ahead(run.place)
    return str(original(ctx))


#: Nodes whose output is what their children rendered, in order, or nothing.
_TRANSPARENT: set[type[base.Node]] = {
    defaulttags.AutoEscapeControlNode,
    defaulttags.CommentNode,
    defaulttags.ForNode,
    defaulttags.IfNode,
    defaulttags.LoadNode,
    defaulttags.RegroupNode,
    defaulttags.ResetCycleNode,
    defaulttags.WithNode,
    loader_tags.BlockNode,
    loader_tags.ExtendsNode,
    i18n.LanguageNode,
    i18n.GetAvailableLanguagesNode,
    i18n.GetLanguageInfoNode,
    i18n.GetLanguageInfoListNode,
    i18n.GetCurrentLanguageNode,
    i18n.GetCurrentLanguageBidiNode,
    l10n.LocalizeNode,
    tz.LocalTimeNode,
    tz.TimezoneNode,
    tz.GetCurrentTimezoneNode,
}
for _optional in ("PartialNode", "PartialDefNode"):
    if hasattr(defaulttags, _optional):
        _TRANSPARENT.add(getattr(defaulttags, _optional))

_OWN: dict[type[base.Node], type[base.Node]] = {
    defaulttags.VerbatimNode: VerbatimNode,
    defaulttags.TemplateTagNode: TemplateTagNode,
    defaulttags.CsrfTokenNode: CsrfTokenNode,
    defaulttags.FilterNode: FilterNode,
    defaulttags.SpacelessNode: SpacelessNode,
    cache.CacheNode: CacheNode,
    loader_tags.IncludeNode: IncludeNode,
    i18n.TranslateNode: TranslateNode,
    i18n.BlockTranslateNode: BlockTranslateNode,
}
