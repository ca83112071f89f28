"""Tags of Django's that have a rendering of their own here."""

from __future__ import annotations

import html
from typing import Any

from django.template import defaulttags, loader_tags
from django.utils.safestring import SafeString

from ringfence.rings.escaping.css import Css
from ringfence.rings.escaping.html import Markup
from ringfence.rings.escaping.js import JavaScript
from ringfence.rings.escaping.language import Language
from ringfence.rings.escaping.place import start_of
from ringfence.rings.escaping.run import run_of
from ringfence.rings.escaping.source import annotate, filter_names
from ringfence.rings.escaping.variable import Variable

__all__ = [
    "CsrfTokenNode",
    "FilterNode",
    "IncludeNode",
    "SpacelessNode",
    "TemplateTagNode",
    "VerbatimNode",
]


def _is_code(state: Language) -> bool:
    inner: Language | None = state
    if isinstance(state, Markup):
        inner = state.value if state.value is not None else state.content
    return isinstance(inner, (JavaScript, Css))


class IncludeNode(loader_tags.IncludeNode):
    """Another template, rendered here: its variables cannot see the text that follows it here."""

    ringfence_variable: Variable

    def render_annotated(self, ctx: Any) -> Any:
        """Return what the template renders; errors are annotated for the debug page."""
        try:
            run = run_of(ctx)
            if run.place.looks_ahead:
                run.place = self.ringfence_variable.ahead(run.place)
            template = self._template(ctx)
            values = {name: each.resolve(ctx) for name, each in self.extra_context.items()}
            if self.isolated_context:
                return template.render(ctx.new(values))
            dicts = ctx.dicts
            dicts.append(values)
            try:
                return template.render(ctx)
            finally:
                dicts.pop()
        except Exception as error:
            annotate(error, self, ctx)
            raise

    def _template(self, ctx: Any) -> Any:
        """Return the template: given as one, or found by its name, once in a rendering."""
        named = self.template.resolve(ctx)
        if callable(getattr(named, "render", None)):
            return getattr(named, "template", named)
        names: tuple[str, ...]
        if isinstance(named, str):
            # A loader's name for a template may be bytes by its type, and is none.
            own: Any = self.origin.template_name
            names = (loader_tags.construct_relative_path(own, named),) if named else ()
        else:
            names = tuple(named or ())
        known = ctx.render_context.dicts[0].setdefault(self, {})
        template = known.get(names)
        if template is None:
            template = known[names] = ctx.template.engine.select_template(names)
        return template


class VerbatimNode(defaulttags.VerbatimNode):
    """Text that is not to be read as a template: a developer's all the same."""

    def render(self, ctx: Any) -> str:
        """Return the text, with what it is granted."""
        return run_of(ctx).literal(self.content)


class TemplateTagNode(defaulttags.TemplateTagNode):
    """Characters that a template cannot write as they are."""

    def render(self, ctx: Any) -> str:
        """Return the characters."""
        return run_of(ctx).literal(super().render(ctx))


class CsrfTokenNode(defaulttags.CsrfTokenNode):
    """The token of a form."""

    def render(self, ctx: Any) -> str:
        """Return the field: complete markup, which leaves the state as it is."""
        run = run_of(ctx)
        out = super().render(ctx)
        if out:
            run.form_action = None
        return out


class SpacelessNode(defaulttags.SpacelessNode):
    """What its children render, without blanks between tags: also those in a script's strings."""

    def render(self, ctx: Any) -> str:
        """Return the text; no hash is noted for what may have changed."""
        run = run_of(ctx)
        run.loose += 1
        try:
            return str(super().render(ctx))
        finally:
            run.loose -= 1


class FilterNode(defaulttags.FilterNode):
    """What its children render, through filters."""

    ringfence_variable: Variable

    def render(self, ctx: Any) -> str:
        """Return the filtered text as a value: the children rendered for text."""
        run = run_of(ctx)
        before = run.place
        captured, run.captured = run.captured, None
        recorded, run.recorded = run.recorded, None
        form_action, grants = run.form_action, run.grants
        # A filter may show markup as text: nothing in it is granted anything.
        run.replace_grants(None)
        if not before.plain:
            run.place = start_of(None)
        try:
            out = super().render(ctx)
        finally:
            run.place, run.captured, run.recorded = before, captured, recorded
            run.form_action = form_action
            run.replace_grants(grants)
        variable = self.ringfence_variable
        if not variable.filters:
            variable.filters = filter_names(self.filter_expr)
        if _is_code(before.state):
            # Data, as all that a variable brought, whatever it reads like.
            text = html.unescape(str.__str__(out))
            return run.write_text(text, text, False, variable)  # noqa: FBT003
        return run.write_text(SafeString(out), str(out), True, variable)  # noqa: FBT003
