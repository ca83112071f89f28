"""Looking a variable up: Django's rules, decided once for each variable where that is possible.

``Variable.resolve`` of Django tries a subscript first and finds out by an exception that an object
has none. Here the type says so. What happens, and in which order, is the same; whatever fails is
looked up again by Django's own code, so that failures are Django's.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from inspect import signature
from typing import Any

from django.template import base
from django.template.context import Context, RequestContext
from django.template.defaultfilters import escapejs_filter
from django.utils.safestring import SafeData, mark_safe
from django.utils.timezone import template_localtime  # type: ignore[attr-defined]  # the stubs miss it

from ringfence.rings.escaping.typed import EscapedMarkup

__all__ = ["FilterExpression"]

logger = logging.getLogger("django.template")

_CONTEXTS = (Context, RequestContext)
_MISSING = object()


class FilterExpression(base.FilterExpression):
    """A variable and its filters, whose variable is found faster."""

    __slots__ = ("looked_up", "lookup")

    def __init__(self, token: str, parser: Any) -> None:
        super().__init__(token, parser)
        variable = self.var
        if type(variable) is base.Variable and variable.lookups is not None:
            self.lookup = _lookup_of(variable)
            self.looked_up: Any = variable
        else:
            self.looked_up = _MISSING

    def resolve(  # noqa: C901, PLR0912 -- Django's rules, and no call more than they need
        self,
        context: Any,
        ignore_failures: bool = False,  # noqa: FBT001, FBT002 -- Django's
    ) -> Any:
        """Return the value after its filters, as Django does."""
        # Tags for translation put another variable in, or have it translated.
        if self.var is not self.looked_up or self.looked_up.translate:
            return super().resolve(context, ignore_failures)
        try:
            obj = self.lookup(context)
        except base.VariableDoesNotExist as error:
            _log(error, context)
            if ignore_failures:
                obj = None
            else:
                obj = context.template.engine.string_if_invalid
                if obj:
                    return obj % self.var if "%s" in obj else obj
        except Exception as error:
            _log(error, context)
            if not getattr(error, "silent_variable_failure", False):
                raise
            obj = context.template.engine.string_if_invalid
        if obj is _MISSING:
            # The context itself does not have it: Django looks at the context's attributes, too.
            return super().resolve(context, ignore_failures)
        for function, args in self.filters:
            values = [
                arg.resolve(context) if is_variable else mark_safe(arg)  # noqa: S308 -- text of the template
                for is_variable, arg in args
            ]
            if getattr(function, "expects_localtime", False):
                obj = template_localtime(obj, context.use_tz)
            if getattr(function, "needs_autoescape", False):
                new = function(obj, *values, autoescape=context.autoescape)
            else:
                new = function(obj, *values)
            if function is escapejs_filter and (
                isinstance(obj, SafeData) or hasattr(type(obj), "__html__")
            ):
                obj = EscapedMarkup(new)
            elif getattr(function, "is_safe", False) and isinstance(obj, SafeData):
                obj = mark_safe(new)  # noqa: S308 -- the filter says that it keeps markup safe
            else:
                obj = new
        return obj


def _lookup_of(variable: Any) -> Callable[[Any], Any]:  # noqa: C901 -- two closures
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
            kind = value.__class__
            if kind is dict and bit in value:
                value = value[bit]
            elif hasattr(kind, "__getitem__"):
                value = _subscript(value, bit)
            else:
                value = _attribute(value, bit)
            if callable(value):
                value = _called(value, ctx)
        return value

    return lookup_path


def _attribute(value: Any, bit: str) -> Any:
    try:
        return getattr(value, bit)
    except (TypeError, AttributeError):
        if bit in dir(value):
            raise  # A property did.
        raise _missing(value, bit) from None


def _subscript(value: Any, bit: str) -> Any:
    try:
        return value[bit]
    except (TypeError, AttributeError, KeyError, ValueError, IndexError):
        try:
            return getattr(value, bit)
        except (TypeError, AttributeError):
            if bit in dir(value):
                raise
            try:
                return value[int(bit)]
            except (IndexError, ValueError, KeyError, TypeError):
                raise _missing(value, bit) from None


def _missing(value: Any, bit: str) -> base.VariableDoesNotExist:
    return base.VariableDoesNotExist("Failed lookup for key [%s] in %r", (bit, value))


def _called(value: Any, ctx: Any) -> Any:
    if getattr(value, "do_not_call_in_templates", False):
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


def _log(error: Exception, ctx: Any) -> None:
    logger.debug(
        "Exception while resolving variable '%s' in template '%s'.",
        error.params[0] if isinstance(error, base.VariableDoesNotExist) else "",
        getattr(ctx, "template_name", None) or "unknown",
        exc_info=error,
    )
