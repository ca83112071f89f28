"""Looking a variable up: Django's rules, decided once for each variable where that is possible.

``Variable.resolve`` of Django tries a subscript first and finds out by an exception that an object
has none. Here the type says so. What happens, and in which order, is the same; whatever fails is
looked up again by Django's own code, so that failures are Django's.
"""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any

from django.template import base
from django.template.context import Context, RequestContext

__all__ = ["resolver"]

_CONTEXTS = (Context, RequestContext)
_MISSING = object()


def resolver(expression: Any) -> Callable[[Any], Any]:
    """Return what resolves the filter expression against a context."""
    variable = expression.var
    if (
        expression.filters
        or type(expression) is not base.FilterExpression
        or type(variable) is not base.Variable
        or variable.lookups is None
        or variable.translate
    ):
        return expression.resolve  # type: ignore[no-any-return]
    lookup = _lookup_of(variable)
    slow = expression.resolve

    def resolve(ctx: Any) -> Any:
        value = lookup(ctx)
        return slow(ctx) if value is _MISSING else value

    return resolve


def _lookup_of(variable: Any) -> Callable[[Any], Any]:
    first, *rest = variable.lookups
    if not rest:

        def lookup_one(ctx: Any) -> Any:
            if ctx.__class__ not in _CONTEXTS:
                return _MISSING
            for level in reversed(ctx.dicts):
                if first in level:
                    value = level[first]
                    return _called(value, ctx) if callable(value) else value
            return _MISSING

        return lookup_one

    def lookup_path(ctx: Any) -> Any:
        if ctx.__class__ not in _CONTEXTS:
            return _MISSING
        for level in reversed(ctx.dicts):
            if first in level:
                value = level[first]
                break
        else:
            return _MISSING
        if callable(value):
            value = _called(value, ctx)
        for bit in rest:
            if value is _MISSING:
                return value
            kind = value.__class__
            if kind is dict and bit in value:
                value = value[bit]
            elif hasattr(kind, "__getitem__"):
                value = _subscript(value, bit)
            else:
                try:
                    value = getattr(value, bit)
                except (TypeError, AttributeError):
                    return _MISSING
            if callable(value):
                value = _called(value, ctx)
        return value

    return lookup_path


def _subscript(value: Any, bit: str) -> Any:
    try:
        return value[bit]
    except (TypeError, AttributeError, KeyError, ValueError, IndexError):
        try:
            return getattr(value, bit)
        except (TypeError, AttributeError):
            if bit in dir(value):
                return _MISSING
            try:
                return value[int(bit)]
            except (IndexError, ValueError, KeyError, TypeError):
                return _MISSING


def _called(value: Any, ctx: Any) -> Any:
    if value is _MISSING or getattr(value, "do_not_call_in_templates", False):
        return value
    if getattr(value, "alters_data", False):
        return ctx.template.engine.string_if_invalid
    try:
        return value()
    except TypeError:
        try:
            known = signature(value)
        except ValueError:
            return ctx.template.engine.string_if_invalid
        try:
            known.bind()
        except TypeError:
            return ctx.template.engine.string_if_invalid
        raise
    except Exception as error:
        if getattr(error, "silent_variable_failure", False):
            return ctx.template.engine.string_if_invalid
        raise
