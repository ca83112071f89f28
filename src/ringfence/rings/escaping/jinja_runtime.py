"""What compiled Jinja2 templates call, and what Jinja2 calls in its own classes' stead."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

from jinja2 import environment, runtime
from jinja2.filters import sync_do_join
from jinja2.utils import internalcode
from markupsafe import Markup

from ringfence.rings.escaping.jinja_run import JinjaRun, rendering, run_of, write, write_raw
from ringfence.rings.escaping.jinja_sentences import raw_text, sentence, write_translated
from ringfence.rings.escaping.joined import write_joined as write_each
from ringfence.rings.escaping.place import Place, Step, start_of
from ringfence.rings.escaping.variable import Variable

__all__ = [
    "VERSION",
    "BlockReference",
    "Context",
    "Macro",
    "Template",
    "TemplateReference",
    "Text",
    "current",
    "put",
    "raw_text",
    "run_of",
    "sentence",
    "write",
    "write_joined",
    "write_raw",
    "write_translated",
]

#: Changes whenever the generated code does: bytecode of another version is not used.
VERSION = 3

#: A text meets few states; one that meets more computes them.
_MOST_STEPS = 32

#: Return the rendering that is going on, None outside any.
current: Callable[[], JinjaRun | None] = rendering.get

#: Statements (``{% call %}``, ``{% filter %}``, an extension's tags) write what they return as it
#: is: in Jinja2 it is never escaped.
put = write_raw


def write_joined(  # noqa: PLR0917 -- generated code calls it
    run: JinjaRun,
    eval_ctx: Any,
    items: Any,
    separator: str,
    safe: bool,  # noqa: FBT001 -- as above
    variable: Variable,
    item: Variable,
) -> str:
    """Return joined items; in text and attributes as Jinja2 joins them."""
    if run.place.plain:
        text = sync_do_join(eval_ctx, items, separator)
        return write(run, Markup(text) if safe else text, variable)  # noqa: S704 -- the template says so
    return write_each(run, items, separator, lambda each: write(run, each, item))


class Text(dict[Place, Step]):
    """A literal text: what it does in each place, learnt when it is first asked."""

    __slots__ = ("source",)

    def __init__(self, source: str) -> None:
        super().__init__()
        self.source = source

    def __missing__(self, place: Place) -> Step:
        step = place.step(self.source)
        if not place.volatile and len(self) < _MOST_STEPS:
            self[place] = step
        return step


class Macro(runtime.Macro):
    """A macro, whose text knows where it began and ended."""

    def _invoke(self, arguments: list[Any], autoescape: bool) -> Any:  # noqa: FBT001 -- Jinja2's
        if self._environment.is_async:
            return self._async_invoke(arguments, autoescape)
        run = rendering.get()
        if run is None:
            token = rendering.set(JinjaRun(start_of(None)))
            try:
                return self._invoke(arguments, autoescape)
            finally:
                rendering.reset(token)
        mark = run.mark()
        try:
            text = self._func(*arguments)
        except BaseException:
            run.unmark(mark)
            raise
        return run.finish(mark, text, autoescape)

    async def _async_invoke(self, arguments: list[Any], autoescape: bool) -> Any:  # noqa: FBT001 -- Jinja2's
        run = rendering.get()
        if run is None:
            token = rendering.set(JinjaRun(start_of(None)))
            try:
                return await self._async_invoke(arguments, autoescape)
            finally:
                rendering.reset(token)
        mark = run.mark()
        try:
            text = await self._func(*arguments)  # type: ignore[misc]
        except BaseException:
            run.unmark(mark)
            raise
        return run.finish(mark, text, autoescape)


class BlockReference(runtime.BlockReference):
    """``super()`` and ``self.name()``."""

    @property
    def super(self) -> Any:
        """The parent of this block."""
        found = super().super
        if type(found) is runtime.BlockReference:
            found.__class__ = BlockReference
        return found

    @internalcode
    def __call__(self) -> Any:
        """Render the block."""
        if self._context.environment.is_async:
            return self._async_call()
        run = run_of(self._context)
        mark = run.mark()
        try:
            text = self._context.environment.concat(self._stack[self._depth](self._context))
        except BaseException:
            run.unmark(mark)
            raise
        return run.finish(mark, text, bool(self._context.eval_ctx.autoescape))

    @internalcode
    async def _async_call(self) -> Any:
        run = run_of(self._context)
        mark = run.mark()
        try:
            parts = [part async for part in self._stack[self._depth](self._context)]  # type: ignore[attr-defined]
        except BaseException:
            run.unmark(mark)
            raise
        text = self._context.environment.concat(parts)
        return run.finish(mark, text, bool(self._context.eval_ctx.autoescape))


class TemplateReference(runtime.TemplateReference):
    """``self`` in a template."""

    def __getitem__(self, name: str) -> Any:
        found = super().__getitem__(name)
        found.__class__ = BlockReference
        return found


class Context(runtime.Context):
    """A context whose ``super()`` carries the state."""

    def super(self, name: str, current: Any) -> Any:
        """Return the parent's block, or an undefined."""
        found = super().super(name, current)
        if type(found) is runtime.BlockReference:
            found.__class__ = BlockReference
        return found


class Template(environment.Template):
    """A template, each rendering of which is a run."""

    @classmethod
    def _from_namespace(cls, environment: Any, namespace: Any, globals: Any) -> Any:  # noqa: A002 -- Jinja2's
        if namespace.get("rf_version") != VERSION:
            raise RuntimeError(
                f"The template {namespace.get('name')!r} was compiled without ringfence, or by "
                "another version of it, and would be escaped for HTML text alone. Compile it "
                "again, with compile_templates() of this environment."
            )
        return super()._from_namespace(environment, namespace, globals)

    def _ringfence_run(self) -> JinjaRun:
        return JinjaRun(start_of(self.name))

    def render(self, *args: Any, **kwargs: Any) -> str:
        """Render the template, as Jinja2 does."""
        token = rendering.set(self._ringfence_run())
        try:
            return super().render(*args, **kwargs)
        finally:
            rendering.reset(token)

    async def render_async(self, *args: Any, **kwargs: Any) -> str:
        """Render the template in an event loop, as Jinja2 does."""
        token = rendering.set(self._ringfence_run())
        try:
            return await super().render_async(*args, **kwargs)
        finally:
            rendering.reset(token)

    def generate(self, *args: Any, **kwargs: Any) -> Iterator[str]:
        """Yield the parts of the page; between two of them the run is nobody's."""
        run = self._ringfence_run()
        parts: Any = super().generate(*args, **kwargs)
        try:
            while True:
                token = rendering.set(run)
                try:
                    part = next(parts)
                except StopIteration:
                    return
                finally:
                    rendering.reset(token)
                yield part
        finally:
            parts.close()

    async def generate_async(self, *args: Any, **kwargs: Any) -> AsyncIterator[str]:  # type: ignore[override]  # it is a generator
        """Yield the parts of the page in an event loop."""
        run = self._ringfence_run()
        parts: Any = super().generate_async(*args, **kwargs)
        try:
            while True:
                token = rendering.set(run)
                try:
                    part = await anext(parts)
                except StopAsyncIteration:
                    return
                finally:
                    rendering.reset(token)
                yield part
        finally:
            await parts.aclose()

    # A module's own text is thrown away, or kept for other responses: nothing is granted to it.

    def make_module(self, *args: Any, **kwargs: Any) -> Any:
        """Return the template as a module."""
        token = rendering.set(self._ringfence_module_run())
        try:
            return super().make_module(*args, **kwargs)
        finally:
            rendering.reset(token)

    async def make_module_async(self, *args: Any, **kwargs: Any) -> Any:
        """Return the template as a module, in an event loop."""
        token = rendering.set(self._ringfence_module_run())
        try:
            return await super().make_module_async(*args, **kwargs)
        finally:
            rendering.reset(token)

    def _ringfence_module_run(self) -> JinjaRun:
        run = self._ringfence_run()
        run.replace_grants(None)
        return run
