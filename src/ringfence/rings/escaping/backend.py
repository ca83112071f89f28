"""The template backend: Django's own, whose templates carry the state of the page."""

from __future__ import annotations

from typing import Any

from django.template import Context, base, engine
from django.template.backends import django as django_backend
from django.template.exceptions import TemplateSyntaxError
from django.template.loaders import cached

from ringfence.rings.escaping.nodes import adopt
from ringfence.rings.escaping.place import Place, remembered, start_of
from ringfence.rings.escaping.resolve import FilterExpression
from ringfence.rings.escaping.run import Run
from ringfence.rings.escaping.typed import Rendered
from ringfence.seams import templates

__all__ = ["DjangoTemplates", "Engine", "Template", "compile_nodelist", "statistics"]


class _Rendered:
    """What a template and a partial have in common: a rendering begins with them."""

    ringfence_start: Place | None = None

    def render(self, ctx: Any) -> Any:
        """Render, beginning a run unless this is a part of one."""
        if ctx.template is not None:
            return super().render(ctx)  # type: ignore[misc]
        content_type = templates.content_type.get()
        if content_type:
            # It is this template's, and no other's that is rendered on the way.
            templates.content_type.set("")
            start = start_of(_name_of(self), content_type)
        elif self.ringfence_start is None:
            start = self.ringfence_start = start_of(_name_of(self))
        else:
            start = self.ringfence_start
        outer = ctx.__dict__.get("_ringfence_run")
        run = ctx._ringfence_run = Run(start, ctx, debug=self.engine.debug)  # type: ignore[attr-defined]
        try:
            rendered = self._begin(ctx)
        finally:
            if outer is None:
                del ctx._ringfence_run
            else:
                ctx._ringfence_run = outer
        complete = start.text and run.place.text and not run.brought_form
        return Rendered(rendered) if complete else rendered

    def _begin(self, ctx: Any) -> Any:
        return super().render(ctx)  # type: ignore[misc]


def _name_of(template: Any) -> str | None:
    name = getattr(template.origin, "template_name", None) or template.name
    return None if name is None else str(name)


class Template(_Rendered, base.Template):
    """A template whose variables cannot become code, wherever they stand."""

    def render(self, ctx: Any) -> Any:
        """Render; inside another template, without the cost of context managers."""
        return super().render(ctx) if ctx.template is None else self._within(ctx)

    def _begin(self, ctx: Any) -> Any:
        if type(ctx) is not Context:
            return super()._begin(ctx)
        ctx.template, ctx.template_name = self, self.name
        try:
            return self._within(ctx)
        finally:
            ctx.template = None

    def _within(self, ctx: Any) -> Any:
        state = ctx.render_context
        outer, state.template = state.template, self
        state.dicts.append({})
        try:
            return self._render(ctx)  # type: ignore[attr-defined]  # the stubs miss it
        finally:
            state.dicts.pop()
            state.template = outer


_Partial: type[Any] | None = getattr(base, "PartialTemplate", None)
if _Partial is not None:

    class PartialTemplate(_Rendered, _Partial):  # type: ignore[valid-type, misc]
        """A part of such a template, rendered by itself."""


class Parser(base.Parser):
    """Django's parser, whose nodes carry the state."""

    def __init__(self, tokens: Any, *args: Any, **kwargs: Any) -> None:
        tokens = list(tokens)
        super().__init__(tokens, *args, **kwargs)
        #: The literal text of each token, None for tags and variables.
        self.ringfence_texts = [
            token.contents if token.token_type.value == 0 else None for token in tokens
        ]

    def compile_filter(self, token: str) -> FilterExpression:
        """Return the expression, whose variable is found faster."""
        return FilterExpression(token, self)

    def extend_nodelist(self, nodelist: Any, node: Any, token: Any) -> None:
        """Append a node, made ours."""
        super().extend_nodelist(nodelist, node, token)
        adopt(node, self, token)


def compile_nodelist(template: Any) -> Any:
    """Compile a template of one of our engines: as Django's does, with the parser above."""
    if type(template) is base.Template:
        template.__class__ = Template
    lexer = base.DebugLexer if template.engine.debug else base.Lexer
    parser = Parser(
        lexer(template.source).tokenize(),
        template.engine.template_libraries,
        template.engine.template_builtins,
        template.origin,
    )
    try:
        nodelist = parser.parse()
    except Exception as error:
        if template.engine.debug:
            error.template_debug = template.get_exception_info(error, error.token)  # type: ignore[attr-defined]
        _name_the_template(error, template)
        raise
    template.extra_data = getattr(parser, "extra_data", {})
    return nodelist


def _name_the_template(error: Exception, template: Any) -> None:
    # Django 6 and later put the template's name in front of a syntax error's message.
    if not hasattr(base, "PartialTemplate") or not isinstance(error, TemplateSyntaxError):
        return
    if template.origin.name != base.UNKNOWN_SOURCE and error.args:
        error.raw_error_message = error.args[0]  # type: ignore[attr-defined]
        error.args = (f"Template: {template.origin.name}, {error.args[0]}", *error.args[1:])


class Engine(engine.Engine):
    """Django's engine for the templates above."""

    #: How a seam knows whose templates it compiles.
    ringfence_compile = staticmethod(compile_nodelist)

    def get_template(self, template_name: str) -> Any:
        """Return the template, or the part of one, of that name."""
        loaders = self.template_loaders
        if len(loaders) == 1 and type(loaders[0]) is cached.Loader:
            # What Django's loader has in its cache under that name it would return.
            known = loaders[0].get_template_cache.get(template_name)
            if type(known) is Template:
                return known
        found = super().get_template(template_name)
        if _Partial is not None and type(found) is _Partial:
            found.__class__ = PartialTemplate
        return found


class DjangoTemplates(django_backend.DjangoTemplates):
    """Django's template backend with contextual escaping: what ``"BACKEND"`` names.

    Takes the ``OPTIONS`` that Django's takes, and means the same by them.
    """

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)
        templates.note_backend()
        stock = self.engine
        self.engine = Engine(
            dirs=stock.dirs,
            app_dirs=stock.app_dirs,
            context_processors=stock.context_processors,
            debug=stock.debug,
            loaders=stock.loaders if params.get("OPTIONS", {}).get("loaders") else None,
            string_if_invalid=stock.string_if_invalid,
            file_charset=stock.file_charset,
            libraries=stock.libraries,
            builtins=params.get("OPTIONS", {}).get("builtins"),
            autoescape=stock.autoescape,
        )


def statistics() -> dict[str, int]:
    """Return what is remembered: ``places``, the number of states met so far in this process."""
    return {"places": remembered()}
