"""What a call gives back."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from ringfence.audit.collect.python.attributes import ERROR, ERROR_LIST, ERRORS, subscript
from ringfence.audit.collect.python.effects import (
    CLEANS,
    KEEPING_METHODS,
    NUMBERS,
    PASSING,
    QUERYSET,
)
from ringfence.audit.collect.python.shapes import kept, with_items
from ringfence.audit.collect.python.state import Frame, Unit
from ringfence.audit.collect.python.values import (
    ALL_USES,
    EXCEPTION,
    NOTHING,
    SAFE,
    build,
    literal,
    made_safe,
    merge,
    named,
    of_source,
    only_numbers,
)
from ringfence.audit.model import UNKNOWN, Source, Value

__all__ = ["LAMBDA", "Called", "result"]

#: The name of a function without one that puts text together.
LAMBDA: Final = "lambda"
#: Methods that only managers and querysets have, and that give objects.
_MANAGERS: Final = frozenset(
    {"all", "exclude", "order_by", "select_related", "prefetch_related", "values_list"}
)
#: What gives an instance, or what users called themselves.
_OF_MODELS: Final = frozenset(
    {
        *("get_object_or_404", "get_list_or_404", "get_object"),
        *("get_full_name", "get_short_name", "get_username"),
    }
)
_FORM: Final = re.compile(r"(?i)(?:form|serializer)s?$")
_ANSWERS: Final = frozenset({"requests", "httpx", "urllib", "aiohttp"})
_HTML: Final = frozenset({"html"})
_CONTEXTS: Final = frozenset({"Context", "RequestContext"})
_LOADERS: Final = frozenset({"get_template", "select_template"})
#: Not more names of a function than these are kept.
_NAMES: Final = 60
#: Names that promise markup: what such a function makes of data is looked at where it stands.
_MAKES_MARKUP: Final = re.compile(
    r"(?i)render|html|markup|widget|_tag$|^tag$|icon|^as_|media|svg|badge|avatar|thumbnail_tag|img_tag"
)


@dataclass(slots=True)
class Called:
    """One call with the values of all that is in it."""

    target: str
    last: str
    args: tuple[Value, ...]
    kwargs: dict[str, Value]
    receiver: Value | None

    def values(self) -> list[Value]:
        """Return all that goes in, but for what it is a method of."""
        return [*self.args, *self.kwargs.values()]


def result(called: Called, unit: Unit, frame: Frame) -> Value:
    """Return what is known of the call's result."""
    last = called.last
    target = called.target
    receiver = called.receiver
    context = _context(called, frame)
    if context is not None:
        return context
    if receiver is not None and receiver.name == "request":
        return _of_request(called)
    if last == "quote" and target.startswith(("shlex", "pipes")):
        return made_safe(merge([*called.args, NOTHING]), frozenset({"shell"}))
    if last in CLEANS:
        return _clean(called)
    if last.endswith("reverse"):
        return SAFE
    found = None if receiver is None else _of_receiver(called, receiver)
    if found is not None:
        return found
    if last in NUMBERS:
        return SAFE
    if last in _OF_MODELS or (".objects." in target and last in QUERYSET):
        return of_source(Source.MODEL)
    if last in PASSING:
        return _pass(called)
    if target.partition(".")[0] in _ANSWERS and last != "Session":
        return of_source(Source.FILE, target + "()")
    return _of_last_resort(called)


def _of_receiver(called: Called, receiver: Value) -> Value | None:
    if called.last in _MANAGERS and receiver.literal is UNKNOWN:
        return of_source(Source.MODEL)
    return _of_method(called, receiver)


def _context(called: Called, frame: Frame) -> Value | None:
    """Return what becomes a template's context: the names in it, and their values."""
    if called.target == "locals" and not called.args:
        pairs = [(literal(name), value) for name, value in frame.env.items()]
        return Value(name="locals()", opaque=True, items=kept(tuple(pairs[:_NAMES])))
    if called.last in _CONTEXTS:
        return next((value for value in reversed(called.args) if value.items), None)
    if called.target == "dict" and called.kwargs and not called.args:
        pairs = [(literal(name), value) for name, value in called.kwargs.items()]
        return with_items(merge(list(called.kwargs.values())), tuple(pairs[:_NAMES]))
    if called.last in _LOADERS:
        return replace(_unknown(called), items=kept(called.args[:1]))
    return None


def _of_last_resort(called: Called) -> Value:
    if called.last in {"format_exc", "exc_info", "print_exc"}:
        return EXCEPTION
    if called.last == "format" and called.args:
        return _pass(called)
    return _unknown(called)


def _of_request(called: Called) -> Value:
    if called.last == "read":
        return of_source(Source.REQUEST, "request.read()")
    if called.last in CLEANS:
        return of_source(Source.REQUEST, called.target, CLEANS[called.last])
    return NOTHING


def _clean(called: Called) -> Value:
    if called.target == "super().clean":
        return of_source(Source.FORM, "form.cleaned_data")
    uses = CLEANS[called.last]
    if uses is ALL_USES or uses == ALL_USES:
        return SAFE
    values = called.values()
    if called.receiver is not None and not called.args and called.receiver.sources:
        values = [called.receiver]
    sources = {source for value in values for source in value.sources}
    if not sources - {Source.PARAMETER} and not any(value.calls for value in values):
        # A parameter that was escaped here is no matter of its callers any more.
        return Value(safe_for=uses, name=called.target + "()")
    joined = merge([*values, NOTHING])
    # Only what makes markup safe was looked at: a prefix that fixes the host is lost.
    return Value(
        sources=joined.sources,
        parameters=joined.parameters,
        safe_for=joined.safe_for | uses,
        name=called.target + "()",
    )


def _of_method(called: Called, receiver: Value) -> Value | None:
    """Return the result of a method of data, None if that is decided by its name alone."""
    last = called.last
    if last == "format" and (receiver.literal is not UNKNOWN or receiver.sources or receiver.built):
        return _format(called, receiver)
    if last == "join" and (isinstance(receiver.literal, str) or receiver.built):
        if not called.args:
            return NOTHING
        items = [item for item in called.args[0].items if isinstance(item, Value)]
        parts = items or [ERROR if called.args[0] is ERROR_LIST else called.args[0]]
        # Without markup of its own it is built no more than its elements are.
        return build(parts) if _has_markup(receiver) else merge(parts)
    if last == "save" and _FORM.search(receiver.name.removesuffix("()")):
        return of_source(Source.MODEL)  # what a form has made of what was sent
    if last == "get" and called.args and called.args[0].literal == "request":
        return subscript(receiver, called.args[0])
    if receiver.sources:
        return _of_sourced(called, receiver)
    if last == "get" and receiver.items and called.args:
        return merge([subscript(receiver, called.args[0]), *called.args[1:]])
    if receiver.literal is not UNKNOWN and last in KEEPING_METHODS:
        return merge([SAFE, *called.args]) if called.args else SAFE
    if (receiver.calls or receiver.built or receiver.safe_for) and last in KEEPING_METHODS:
        return merge([receiver, *called.args]) if called.args else receiver
    if last == "cursor":
        return named("cursor")
    return None


def _of_sourced(called: Called, receiver: Value) -> Value | None:
    last = called.last
    if receiver is ERRORS or receiver is ERROR_LIST:
        if last in CLEANS or called.kwargs.get("escape_html", NOTHING).literal is True:
            return ERRORS
        return ERROR_LIST if last in {"get", "values", "items"} else ERROR
    if last in NUMBERS:
        return SAFE
    if Source.MODEL in receiver.sources and last in QUERYSET:
        return of_source(Source.MODEL)
    if last == "get" and called.args and receiver.name in {"request.META", "self.kwargs"}:
        return subscript(receiver, called.args[0])
    if last == "get" and called.args and receiver.name == "request.headers":
        return subscript(receiver, called.args[0])
    if last in KEEPING_METHODS:
        own = Value(
            sources=receiver.sources,
            parameters=receiver.parameters,
            safe_for=receiver.safe_for,
            built=receiver.built,
            name=f"{receiver.name}.{last}" if receiver.name else "",
            opaque=receiver.opaque,
            calls=receiver.calls,
            through=receiver.through,
        )
        if last == "replace" and called.args and called.args[0].literal == "<":
            return made_safe(merge([own, *called.args]), _HTML)
        if last in {"replace", "join", "setdefault"} and called.args:
            return merge([own, *called.args])
        return own
    if last in PASSING:
        return _pass(called)
    return NOTHING


def _format(called: Called, receiver: Value) -> Value:
    text = receiver.literal
    if isinstance(text, str):
        if "%" in text and only_numbers(text) and "{" not in text:
            return SAFE
        prefix = text.partition("{")[0]
        return build([receiver, *called.values()], prefix=prefix)
    return build([receiver, *called.values()])


def _pass(called: Called) -> Value:
    values = called.values()
    if called.receiver is not None and not called.receiver.name and called.receiver.sources:
        values.append(called.receiver)
    if called.target in {
        "os.path.join",
        "os.path.normpath",
        "os.path.abspath",
        "urllib.parse.urljoin",
    }:
        return build(values) if len(values) > 1 else (values[0] if values else NOTHING)
    if called.last == "dumps" and any(value is ERRORS for value in values):
        return ERROR
    if called.last == "open":
        found = called.args[0] if called.args else NOTHING
        return Value(opaque=True, name=f"{called.target}()", items=kept((found,)))
    if called.last == "sub" and called.args and _puts_markup(called.args):
        return build([called.args[-1], literal("<>")])
    if called.last in {"sub", "getattr"} and len(values) > 1:
        values = values[1:]
    if called.last == "urljoin":
        return build(values)
    if not values:
        return NOTHING
    return values[0] if len(values) == 1 else merge(values)


@lru_cache(maxsize=10_000)
def _makes_markup(name: str) -> bool:
    return _MAKES_MARKUP.search(name) is not None


def _unknown(called: Called) -> Value:
    """Return the result of a function that may be one of the tree's own."""
    if _makes_markup(called.last):
        return Value(name=called.target + "()", safe_for=_HTML)
    if called.target.startswith("?"):
        return NOTHING
    through = [
        (name, source)
        for name, value in (
            *((str(at), value) for at, value in enumerate(called.args)),
            *called.kwargs.items(),
        )
        # A dictionary holds parameters and contexts, which seldom come out as they went in.
        if not (value.items and isinstance(value.items[0], tuple))
        for source in value.sources
        if source is not Source.PARAMETER
    ]
    return Value(
        name=called.target + "()",
        opaque=True,
        calls=frozenset({called.target}),
        through=frozenset(through),
    )


def _puts_markup(args: tuple[Value, ...]) -> bool:
    """Say whether what a pattern finds is replaced by markup: by a text, or by a function."""
    return any(_has_markup(value) or value.name == LAMBDA for value in args[:-1])


def _has_markup(value: Value) -> bool:
    return isinstance(value.literal, str) and "<" in value.literal
