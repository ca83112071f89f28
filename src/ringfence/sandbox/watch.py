"""Watches the site write its pages: Django's and Jinja2's templates, markup made in Python.

Only in the process of the sandbox, and only until it ends. What is watched is what the template
engines themselves do; the rings are asked nothing.
"""

# What is replaced here is private, or a method: there is no other way to look on.
# mypy: disable-error-code="method-assign, assignment"

from __future__ import annotations

import functools
import re
import sys
import sysconfig
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import django
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.template import base
from django.utils import safestring

from ringfence.sandbox.taint import Taint
from ringfence.sandbox.trail import MADE, RESPONSE, TEMPLATE, Spot, Trail

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import CodeType, FrameType

__all__ = ["shown", "watching"]

_DJANGO: Final = str(Path(django.__file__).parent)
_RINGFENCE: Final = str(Path(__file__).parent.parent)
_PACKAGES: Final = ("/site-packages/", "/dist-packages/")
_STANDARD: Final = tuple(
    {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"), str(Path(re.__file__).parent)}
)
#: A frame of a template engine's: what called it has not made the text.
_ENGINES: Final = (f"{_DJANGO}/template/", "/jinja2/")
_MOST_FRAMES: Final = 60
_MOST_TEXT: Final = 200


@contextmanager
def watching(trail: Trail, taint: Taint) -> Iterator[None]:
    """Note on ``trail`` what writes the numbers that it follows, for the block.

    Let each variable that a template writes pass through ``taint``.
    """
    with ExitStack() as stack:
        for watch in (_nodes, _made, _responses):
            stack.enter_context(watch(trail))
        stack.enter_context(_jinja(trail, taint))
        stack.enter_context(_variables(taint))
        yield


# Django's template engine


@contextmanager
def _nodes(trail: Trail) -> Iterator[None]:
    original = base.Node.render_annotated

    def render_annotated(self: Any, context: Any) -> Any:
        out = original(self, context)
        if not isinstance(out, str) or not trail.holds(out):
            return out
        return _alike(out, trail.through(_spot_of_node(self), out))

    with _replaced(base.Node, "render_annotated", render_annotated):
        yield


@contextmanager
def _variables(taint: Taint) -> Iterator[None]:
    original = base.Parser.extend_nodelist

    def extend_nodelist(self: Any, nodelist: Any, node: Any, token: Any) -> None:
        if type(node) is base.VariableNode:
            expression: Any = node.filter_expression
            spot = _spot_of(token, self.origin)
            # {{ block.super }} is no value: it renders a part of the template.
            if spot.own and str(getattr(expression.var, "var", "")) != "block.super":
                expression.filters.insert(0, (taint.filter_for(spot), []))
        original(self, nodelist, node, token)

    with _replaced(base.Parser, "extend_nodelist", extend_nodelist):
        yield


def _spot_of_node(node: Any) -> Spot:
    return _spot_of(getattr(node, "token", None), getattr(node, "origin", None))


def _spot_of(token: Any, origin: Any) -> Spot:
    file = str(getattr(origin, "name", ""))
    contents = str(getattr(token, "contents", ""))[:_MOST_TEXT]
    is_variable = getattr(token, "token_type", None) is base.TokenType.VAR
    text = f"{{{{ {contents} }}}}" if is_variable else f"{{% {contents} %}}"
    return Spot(TEMPLATE, text, shown(file), int(getattr(token, "lineno", 0)), _is_own(file))


# Jinja2


@contextmanager
def _jinja(trail: Trail, taint: Taint) -> Iterator[None]:
    try:
        import jinja2  # noqa: PLC0415 - a site may do without
    except ImportError:
        yield
        return
    original = jinja2.Environment.__init__
    generate = jinja2.Environment._generate  # noqa: SLF001 - documented for overriding

    @functools.wraps(original)
    def begin(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        self.finalize = _finalizer(trail, self.finalize)
        # What is compiled here calls what nothing else has.
        self.bytecode_cache = None

    def tainted(self: Any, source: Any, name: Any, filename: Any, *rest: Any, **more: Any) -> Any:
        if _is_own(filename or ""):
            _taint_outputs(self, source, filename or name or "", taint)
        return generate(self, source, name, filename, *rest, **more)

    with (
        _replaced(jinja2.Environment, "__init__", begin),
        _replaced(jinja2.Environment, "_generate", tainted),
    ):
        yield


def _taint_outputs(environment: Any, tree: Any, file: str, taint: Taint) -> None:
    """Put a filter of its own before the others of each expression that is written."""
    from jinja2 import nodes  # noqa: PLC0415 - a site may do without

    for output in tree.find_all(nodes.Output):
        for number, written in enumerate(output.nodes):
            outer, inner = None, written
            while isinstance(inner, nodes.Filter) and inner.node is not None:
                outer, inner = inner, inner.node
            if isinstance(inner, nodes.TemplateData | nodes.Const):
                continue
            line = written.lineno
            spot = Spot(TEMPLATE, _variable_at(file, line), shown(file), line)
            name = f"ringfence_taint_{len(environment.filters)}"
            environment.filters[name] = taint.filter_for(spot)
            made = nodes.Filter(inner, name, [], [], None, None, lineno=line)
            made.set_environment(environment)
            if outer is None:
                output.nodes[number] = made
            else:
                outer.node = made


def _finalizer(trail: Trail, inner: Callable[..., Any] | None) -> Callable[..., Any]:
    """Return what Jinja2 passes each value through before it is escaped and written."""

    def finalize(*args: Any) -> Any:
        value = args[-1] if inner is None else inner(*args)
        if not isinstance(value, str) or not trail.holds(value):
            return value
        return _alike(value, trail.through(_spot_of_jinja(sys._getframe(1)), value))  # noqa: SLF001 - documented

    passed = getattr(inner, "jinja_pass_arg", None)
    if passed is not None:
        finalize.jinja_pass_arg = passed  # type: ignore[attr-defined]  # how Jinja2 knows
    return finalize


def _spot_of_jinja(frame: FrameType) -> Spot:
    file = frame.f_code.co_filename
    line = 0
    # "1=12&3=15": lines of the template and of the code made of it, in order.
    for pair in str(frame.f_globals.get("debug_info", "")).split("&"):
        source, _, code = pair.partition("=")
        if not code.isdecimal() or int(code) > frame.f_lineno:
            break
        line = int(source)
    return Spot(TEMPLATE, _variable_at(file, line), shown(file), line, _is_own(file))


def _variable_at(file: str, line: int) -> str:
    try:
        text = Path(file).read_text(encoding="utf-8").splitlines()[line - 1].strip()
    except (OSError, UnicodeDecodeError, IndexError):
        return ""
    opened = text.partition("{{")[2]
    inner, closed, rest = opened.partition("}}")
    return f"{{{{{inner}}}}}" if closed and "{{" not in rest else text[:_MOST_TEXT]


# Markup and answers that are made in Python


def _marking(s: Any) -> Any:
    """Do what Django's ``mark_safe`` does, and tell; its globals are that function's."""
    if hasattr(s, "__html__"):
        return s
    if callable(s):
        return _safety_decorator(mark_safe, s)  # type: ignore[name-defined]  # noqa: F821
    return SafeString(_ringfence_made(s))  # type: ignore[name-defined]  # noqa: F821


@contextmanager
def _made(trail: Trail) -> Iterator[None]:
    inner: Any = getattr(safestring.mark_safe, "__wrapped__", safestring.mark_safe)

    def made(text: Any) -> Any:
        if not isinstance(text, str) or not trail.holds(text):
            return text
        spot = _spot_of_python(MADE, sys._getframe(1))  # noqa: SLF001 - documented
        return text if spot is None else trail.through(spot, text)

    # Everybody has imported the function itself: only its code can be another.
    before: CodeType = inner.__code__
    with _replaced(safestring, "_ringfence_made", made):
        inner.__code__ = _marking.__code__
        try:
            yield
        finally:
            inner.__code__ = before


@contextmanager
def _responses(trail: Trail) -> Iterator[None]:
    begin = HttpResponseBase.__init__
    content: Any = HttpResponse.content

    @functools.wraps(begin)
    def noted(self: Any, *args: Any, **kwargs: Any) -> None:
        self._ringfence_spot = _spot_of_python(RESPONSE, sys._getframe(1))  # noqa: SLF001 - documented
        begin(self, *args, **kwargs)

    def set_content(self: Any, value: Any) -> None:
        content.fset(self, value)
        spot = getattr(self, "_ringfence_spot", None)
        # Of one character a byte: bytes of any encoding, in which digits are digits.
        text = b"".join(self._container).decode("latin-1")
        if spot is not None and trail.holds(text):
            self._container = [trail.through(spot, text).encode("latin-1")]

    with (
        _replaced(HttpResponseBase, "__init__", noted),
        _replaced(HttpResponse, "content", property(content.fget, set_content)),
    ):
        yield


def _spot_of_python(kind: str, frame: FrameType | None) -> Spot | None:
    """Return the line of the project's that led here, None where a template engine did."""
    first = None
    for _ in range(_MOST_FRAMES):
        if frame is None:
            break
        file = frame.f_code.co_filename
        if kind == MADE and any(part in file for part in _ENGINES):
            break
        if not _is_machinery(file):
            spot = _spot_of_frame(kind, frame)
            if spot.own:
                return spot
            first = first or spot
        frame = frame.f_back
    return first


def _spot_of_frame(kind: str, frame: FrameType) -> Spot:
    code = frame.f_code
    name = f"{frame.f_globals.get('__name__', '')}.{code.co_qualname}"
    return Spot(
        kind, name, shown(code.co_filename), frame.f_lineno, not _is_package(code.co_filename)
    )


# Files


def _is_machinery(file: str) -> bool:
    """Whether a file is Django's, Python's, or our own: it does what it is told."""
    if file.startswith((_DJANGO, _RINGFENCE, "<")):
        return True
    return file.startswith(_STANDARD) and not _is_package(file)


def _is_package(file: str) -> bool:
    return any(part in file for part in _PACKAGES)


def _is_own(file: str) -> bool:
    """Whether a template is the project's own."""
    return not file.startswith((_DJANGO, _RINGFENCE, "<")) and not _is_package(file)


def shown(file: str) -> str:
    """Return the file relative to where the command runs, if it is below."""
    path = Path(file)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else file


def _alike(before: str, text: str) -> str:
    """Return ``text`` as the kind of string that ``before`` is."""
    return text if type(before) is str else type(before)(text)


@contextmanager
def _replaced(owner: Any, name: str, value: Any) -> Iterator[None]:
    missing = object()
    before = vars(owner).get(name, missing)
    setattr(owner, name, value)
    try:
        yield
    finally:
        if before is missing:
            delattr(owner, name)
        else:
            setattr(owner, name, before)
