"""A rendering of a Jinja2 template, and what writes values into it.

A buffer (a macro's body, ``{% set %}…{% endset %}``, ``super()``) is rendered where its expression
stands, before it is known what becomes of its text. So it carries the state along, puts it back,
and returns a text that knows where it began and ended: written there, it goes on at its end.
"""

# ruff: noqa: SLF001 -- what a text knows of itself must have names no sandboxed template reaches

from __future__ import annotations

import html
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, NamedTuple

import markupsafe
from django.forms import Media
from django.utils.safestring import SafeString
from jinja2.runtime import Undefined
from markupsafe import Markup

from ringfence.rings.escaping import html as html_language
from ringfence.rings.escaping.js import JavaScript
from ringfence.rings.escaping.js_tokens import STRINGS
from ringfence.rings.escaping.language import Language, Refused
from ringfence.rings.escaping.place import Place, start_of
from ringfence.rings.escaping.run import RefusedVariable, Run
from ringfence.rings.escaping.typed import SafeCSS, SafeJS, SafeURL
from ringfence.rings.escaping.variable import Variable

__all__ = [
    "JinjaRun",
    "Rendered",
    "RenderedElsewhere",
    "RenderedText",
    "is_markup",
    "rendering",
    "run_of",
    "write",
    "write_raw",
]

_TYPED = (SafeURL, SafeJS, SafeCSS)
_ESCAPED = frozenset(("e", "escape", "forceescape"))
#: Behind these a space may stand, and attributes behind it.
_BEFORE_ATTRIBUTES = frozenset(("tag name", "attribute name"))

#: The rendering that is going on; None outside any.
rendering: ContextVar[JinjaRun | None] = ContextVar("ringfence.jinja", default=None)

# MarkupSafe 3 has the C function by itself; what is around it makes a Markup of every answer.
_escape: Callable[[str], str] = getattr(
    markupsafe, "_escape_inner", lambda text: str(markupsafe.escape(text))
)


class _Made(NamedTuple):
    """Where a buffer began and ended, in which run, and what else it changed."""

    begin: Place
    end: Place
    token: object
    after: tuple[Any, ...] | None


class Rendered(Markup):
    """What a buffer rendered, and where it may be put in as it is."""

    _made: _Made | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        return Markup, (str(self),)


class RenderedText(str):  # noqa: SLOT000 -- a subclass of str cannot have slots with defaults
    """The same where autoescaping is off, and Jinja2 makes no ``Markup``."""

    _made: _Made | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        return str, (str(self),)


class RenderedElsewhere(str):  # noqa: SLOT000 -- as above
    """The same with tags in it, rendered where no tag may stand: markup for that place alone.

    A link in it was not judged as a link. Whatever is done to it makes text of it.
    """

    _made: _Made | None = None

    def __html__(self) -> str:
        return _escape(str.__str__(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return str, (str.__str__(self),)


class JinjaRun(Run):
    """A rendering of a Jinja2 template."""

    __slots__ = ("marked", "token")

    def __init__(self, place: Place, context: Any = None) -> None:
        super().__init__(place, context, debug=True)
        #: The values in translated sentences, by the marks that stand for them.
        self.marked: list[tuple[Any, Variable]] = []
        # Stands for the run where a text outlives it: a text must not keep a request alive.
        self.token = object()

    # Buffers

    def mark(self) -> tuple[Any, ...]:
        """Return what :meth:`unmark` needs to come back to this point."""
        recorded = self.recorded
        return (
            self.place,
            recorded,
            0 if recorded is None else len(recorded),
            self.recorded_data,
            self.code,
            self.last_url,
            self.form_action,
        )

    def to_text(self) -> None:
        """Render what follows for HTML text: a filter will read it."""
        place = self.place
        if not place.plain or getattr(place.state, "at", "data") != "data":
            self.place = start_of(None)
            self.recorded = None

    def to_value(self) -> None:
        """Render what follows for HTML text, if this is a script or a style.

        A value that is put together there may be meant for any place in it.
        """
        if _is_code(self.place):
            self.to_text()

    def unmark(self, mark: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """Go back to ``mark``, and return what was different here; None for nothing."""
        self.place, recorded, length, data, code, url, action = mark
        now, self.recorded = self.recorded, recorded
        if recorded is None and now is None:
            if code is self.code and url is self.last_url and action == self.form_action:
                return None
            piece, goes_on = None, False
        else:
            goes_on = now is recorded
            piece = now[length:] if goes_on and now is not None else now
            if recorded is not None:
                del recorded[length:]
        after = (goes_on, piece, self.recorded_data, self.code, self.last_url, self.form_action)
        self.recorded_data, self.code, self.last_url, self.form_action = data, code, url, action
        return after

    def finish(self, mark: tuple[Any, ...], text: str, autoescape: bool) -> Any:  # noqa: FBT001 -- generated code calls it
        """Return what was rendered since ``mark``, and go back there."""
        end = self.place
        kind: type[str] = Rendered if autoescape else RenderedText
        if autoescape and not mark[0].text and "<" in text and not _is_judged(mark[0], end):
            kind = RenderedElsewhere
        made: Any = str.__new__(kind, text)
        made._made = _Made(mark[0], end, self.token, self.unmark(mark))
        return made

    def finish_value(self, mark: tuple[Any, ...], text: str, autoescape: bool) -> Any:  # noqa: FBT001 -- generated code calls it
        """Return what was rendered since ``mark`` and :meth:`to_value`, and go back there."""
        if not _is_code(mark[0]):
            return self.finish(mark, text, autoescape)
        # Nothing of it was made for the place where it began: it is a value like any other.
        self.unmark(mark)
        return Markup(text) if autoescape else text  # noqa: S704 -- as Jinja2: values are escaped

    def finish_literal(self, mark: tuple[Any, ...], text: str, autoescape: bool) -> Any:  # noqa: FBT001 -- generated code calls it
        """Return what was rendered since ``mark`` of the template's own text alone."""
        made = self.finish(mark, text, autoescape)
        if type(made) is RenderedElsewhere:
            kept = made._made
            made = str.__new__(Rendered, text)
            made._made = kept
        return made

    def accept(self, text: Rendered | RenderedText | RenderedElsewhere) -> str | None:
        """Put in what a buffer rendered at this very place; None for what it did not."""
        made = text._made
        if made is None or made.begin is not self.place or made.token is not self.token:
            return None
        self.place = made.end
        if made.after is not None:
            goes_on, piece, data, self.code, self.last_url, self.form_action = made.after
            if not goes_on:
                self.recorded = None if piece is None else list(piece)
                self.recorded_data = data
            elif self.recorded is not None:
                self.recorded += piece
                self.recorded_data = self.recorded_data or data
        elif self.form_action is not None and "csrfmiddlewaretoken" in text:
            self.form_action = None
        return str.__str__(text)

    # Values

    def value(self, raw: Any, text: str, vouched: bool, variable: Variable) -> str:  # noqa: FBT001 -- as write_text()
        """Return a value as what may stand here, in Jinja2's spelling."""
        place = self.place
        state = place.state
        if place.plain and not vouched:
            return _escape(text)
        before = ""
        if vouched and not place.plain:
            filters = [name for name in variable.filters if name != "safe"]
            if filters and filters[-1] in _ESCAPED:
                # It was text before it was escaped for HTML, and is now, where no HTML stands.
                text, vouched = html.unescape(text), False
                raw = text
            elif (
                type(state) is html_language.Markup
                and text[:1].isspace()
                and (state.at in _BEFORE_ATTRIBUTES or filters[-1:] == ["xmlattr"])
            ):
                before = self.translated(" ")
                text = text[1:]
                state = self.place.state
        out = self.write_text(raw, text, vouched, variable)
        if "&" in out and not vouched:
            out = _spelled(out, place)
        return before + out

    def refuse(self, refusal: Refused, variable: Variable, context: str) -> str:
        """Refuse as every run does; what is raised knows the variable."""
        try:
            return super().refuse(refusal, variable, context)
        except RefusedVariable as error:
            error.variable = variable  # type: ignore[attr-defined]
            raise


def _is_code(place: Place) -> bool:
    """Whether a script or a style is going on at ``place``."""
    return getattr(place.state, "content", None) is not None


def is_markup(state: Language) -> bool:
    """Whether tags may stand here: in text, or in that of a template in a script."""
    if type(state) is not html_language.Markup or state.value is not None:
        return False
    return state.at == "data" if state.content is None else is_markup(state.content)


def _is_judged(begin: Place, end: Place) -> bool:
    """Whether what was rendered between them was read as markup: as it is, or in a string."""
    if is_markup(begin.state):
        return True
    inner, after = getattr(begin.state, "content", None), getattr(end.state, "content", None)
    return (
        type(inner) is JavaScript
        and type(after) is JavaScript
        and inner.mode == after.mode
        and inner.mode in STRINGS
    )


def run_of(context: Any) -> JinjaRun:
    """Return the rendering that ``context`` belongs to, begun if need be."""
    current = rendering.get()
    if current is None:
        # Somebody calls a template's functions without rendering it: one run for each context.
        run: JinjaRun | None = context.__dict__.get("_ringfence_run")
        if run is None:
            run = context._ringfence_run = JinjaRun(start_of(context.name), context)
        return run
    if current.context is None:
        current.context = context
    return current


def _spelled(text: str, place: Place) -> str:
    """Return escaped text with its quotes in Jinja2's spelling, where they are references."""
    state = place.state
    if type(state) is not html_language.Markup or state.content is not None:
        return text
    return text.replace("&quot;", "&#34;").replace("&#x27;", "&#39;")


def write(run: JinjaRun, raw: Any, variable: Variable) -> str:
    """Return a value as what may stand here, and go on to the place behind it."""
    kind = type(raw)
    if kind is str:
        text: str = raw
        place = run.place
        if place.plain:
            return _escape(text)
    elif kind is int:
        place = run.place
        if place.plain:
            return str(raw)
        text = str(raw)
    else:
        return _write_other(run, raw, kind, variable)
    if place.looks_ahead:
        place = variable.ahead(place)
    if place.quick and not variable.filters:
        found = place.glance(text)
        if found is not None:
            text, run.place = found
            if run.recorded is not None:
                run.recorded.append(text)
                run.recorded_data = True
            return _spelled(text, place) if "&" in text else text
    return run.value(raw, text, False, variable)  # noqa: FBT003


def _write_other(run: JinjaRun, raw: Any, kind: type, variable: Variable) -> str:
    if kind is Rendered or kind is RenderedText or kind is RenderedElsewhere:
        text = run.accept(raw)
        if text is not None:
            return text
        if kind is RenderedElsewhere:
            text = str.__str__(raw)
            return run.value(text, text, False, variable)  # noqa: FBT003
    elif (kind is Markup or kind is SafeString) and run.place.plain:
        if not ("<" in raw or '"' in raw or "'" in raw or ">" in raw):
            return str.__str__(raw)
    elif isinstance(raw, _TYPED):
        return run.value(raw, str.__str__(raw), False, variable)  # noqa: FBT003
    elif isinstance(raw, Media) and run.in_text:
        # A form's own scripts and styles: written in Python, by a developer.
        return run.literal(str(raw))
    elif isinstance(raw, Undefined):
        text = str(raw)
        return run.value(text, text, False, variable)  # noqa: FBT003
    if hasattr(raw, "__html__"):
        return run.value(raw, str(raw.__html__()), True, variable)  # noqa: FBT003
    return run.value(raw, str(raw), False, variable)  # noqa: FBT003


def write_raw(run: JinjaRun, raw: Any, variable: Variable) -> str:
    """Return a value that is vouched for, since autoescaping is off."""
    kind = type(raw)
    if kind is RenderedText or kind is Rendered or kind is RenderedElsewhere:
        accepted = run.accept(raw)
        if accepted is not None:
            return accepted
    text = str(raw)
    return run.value(raw, text, not isinstance(raw, (*_TYPED, RenderedElsewhere)), variable)
