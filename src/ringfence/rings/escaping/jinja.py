"""The Jinja2 backend: Django's own, whose templates carry the state of the page.

The environment is the site's, whoever made it: its code generator, its templates and its contexts
become ours, everything else stays.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import jinja2
from django.template.backends import jinja2 as django_backend
from jinja2.bccache import Bucket, BytecodeCache

from ringfence.rings.escaping.jinja_code import CodeGenerator
from ringfence.rings.escaping.jinja_runtime import VERSION, Context
from ringfence.rings.escaping.jinja_runtime import Template as JinjaTemplate
from ringfence.rings.escaping.run import RefusedVariable

if TYPE_CHECKING:
    from django.http import HttpRequest

__all__ = ["Jinja2", "Template", "adopt"]


class Template(django_backend.Template):
    """A template whose variables cannot become code, wherever they stand."""

    def render(self, context: Any = None, request: HttpRequest | None = None) -> str:
        """Render the template; a refusal that is raised says where on the debug page."""
        try:
            return str(super().render(context, request))
        except RefusedVariable as error:
            variable = getattr(error, "variable", None)
            if variable is not None and not hasattr(error, "template_debug"):
                self._locate(error, variable)
            raise

    def _locate(self, error: RefusedVariable, variable: Any) -> None:
        environment = self.template.environment
        name = variable.template
        if environment.loader is None:
            return
        try:
            source, filename, _ = environment.loader.get_source(environment, name)
        except (RuntimeError, jinja2.TemplateNotFound):
            return
        found: Any = SimpleNamespace(
            lineno=variable.line,
            source=source,
            filename=filename or name,
            message=str(error),
        )
        error.template_debug = django_backend.get_exception_info(found)  # type: ignore[attr-defined]


class Jinja2(django_backend.Jinja2):
    """Django's Jinja2 backend with contextual escaping: what ``"BACKEND"`` names.

    Takes the ``OPTIONS`` that Django's takes, and means the same by them.
    """

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)
        adopt(self.env)

    def from_string(self, template_code: str) -> Template:
        """Return a template made of its source."""
        return Template(super().from_string(template_code).template, self)

    def get_template(self, template_name: str) -> Template:
        """Return the template of that name."""
        return Template(super().get_template(template_name).template, self)


def adopt(environment: jinja2.Environment) -> None:
    """Make ``environment``, and what is overlaid on it, compile to code that carries the state.

    Templates that it has compiled already are forgotten.
    """
    if isinstance(environment.code_generator_class, type) and issubclass(
        environment.code_generator_class, CodeGenerator
    ):
        return
    environment.code_generator_class = _with(CodeGenerator, environment.code_generator_class)
    environment.template_class = _with(JinjaTemplate, environment.template_class)
    environment.context_class = _with(Context, environment.context_class)
    if environment.cache is not None:
        environment.cache.clear()
    if environment.bytecode_cache is not None:
        environment.bytecode_cache = _Bytecode(environment.bytecode_cache)


def _with(own: type[Any], theirs: type[Any]) -> type[Any]:
    """Return ``own``, with what the site's own class does beside it."""
    if issubclass(own, theirs):
        return own
    return type(own.__name__, (own, theirs), {"__module__": own.__module__})


class _Bytecode(BytecodeCache):
    """A bytecode cache that keeps our code apart from what Jinja2 compiles."""

    def __init__(self, inner: BytecodeCache) -> None:
        self.inner = inner

    def load_bytecode(self, bucket: Bucket) -> None:
        self.inner.load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.inner.dump_bytecode(bucket)

    def clear(self) -> None:
        self.inner.clear()

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        return f"{self.inner.get_cache_key(name, filename)}-ringfence{VERSION}"

    def get_source_checksum(self, source: str) -> str:
        return f"{self.inner.get_source_checksum(source)}-ringfence{VERSION}"
