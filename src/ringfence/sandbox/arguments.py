"""Values for the arguments of URL patterns, taken from the rows of the database copy."""

# `_meta` and `_base_manager` are documented interfaces of Django in spite of their names.
# ruff: noqa: SLF001

from __future__ import annotations

import itertools
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, FieldError
from django.db.utils import DatabaseError

from ringfence.sandbox.patterns import Pattern, patterns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db import models

__all__ = ["filled_paths", "paths_of_row"]

_KEYS = ("pk", "id", "object_id")
_ROWS = 2
_TRIES = 8


def filled_paths(pattern: Pattern) -> tuple[str, ...]:
    """Return paths of ``pattern`` with arguments that rows of the database give, likely ones first.

    Whether something answers there is for the caller to see. Empty where an argument is of nothing
    that any row has.
    """
    choices = [tuple(_values(pattern, argument)) for argument in pattern.arguments]
    if not all(choices):
        return ()
    found = []
    for values in itertools.islice(itertools.product(*choices), _TRIES):
        filled = dict(zip(pattern.arguments, (quote(value) for value in values), strict=True))
        found.append(pattern.template % filled)
    return tuple(dict.fromkeys(found))


def paths_of_row(row: str) -> tuple[str, ...]:
    """Return where a row with a file, ``app.Model:pk:field``, may be shown by the site.

    The file's own address first, then the paths whose arguments the row has values for.
    """
    label, pk, name = row.split(":", 2)
    model = apps.get_model(label)
    instance = model._base_manager.filter(pk=pk).first()
    if instance is None:
        return ()
    found: list[str] = []
    with suppress(ValueError, NotImplementedError):
        found.append(str(getattr(instance, name).url))
    for pattern in patterns():
        values = [_of_row(instance, argument) for argument in pattern.arguments]
        if len(values) == 1 and values[0]:
            found.append(pattern.template % {pattern.arguments[0]: quote(values[0])})
    return tuple(path for path in dict.fromkeys(found) if path.startswith("/"))


def _of_row(instance: models.Model, argument: str) -> str:
    if _is_key(type(instance), argument):
        return str(instance.pk)
    for name in (argument, argument.rpartition("_")[2]):
        with suppress(FieldDoesNotExist):
            field = instance._meta.get_field(name)
            if field.concrete and not field.is_relation:
                return str(getattr(instance, name))
    return ""


def _values(pattern: Pattern, argument: str) -> Iterator[str]:
    seen: set[str] = set()
    for model, field in _fields(pattern, argument):
        with suppress(DatabaseError, FieldError):
            for value in model._base_manager.order_by("pk").values_list(field, flat=True)[:_ROWS]:
                text = str(value)
                if value not in (None, "") and text not in seen:
                    seen.add(text)
                    yield text


def _fields(pattern: Pattern, argument: str) -> Iterator[tuple[type[models.Model], str]]:
    """Yield fields that the argument may stand for, the likeliest first."""
    known = sorted(apps.get_models(), key=lambda model: -_likeness(model, pattern, argument))
    for model in known:
        if _is_key(model, argument):
            yield model, "pk"
    bare = argument.rpartition("_")[2]
    for model in known:
        for name in dict.fromkeys((argument, bare)):
            with suppress(FieldDoesNotExist):
                field = model._meta.get_field(name)
                if field.concrete and not field.is_relation:
                    yield model, name


def _is_key(model: type[models.Model], argument: str) -> bool:
    if argument in _KEYS or argument.startswith("_"):
        return True
    stem, _, end = argument.rpartition("_")
    name = model._meta.model_name or ""
    return (end in _KEYS and stem.replace("_", "") == name) or argument == name


def _likeness(model: type[models.Model], pattern: Pattern, argument: str) -> int:
    """Say how much the pattern speaks of the model: more is likelier."""
    meta: Any = model._meta
    words = (meta.model_name, str(meta.verbose_name_plural).lower().replace(" ", ""))
    text = f"{pattern.name} {pattern.route} {pattern.view} {argument}".lower().replace("_", "")
    likeness = sum(2 for word in words if word in text)
    # Its own application speaks of its own models; the admin names the application too.
    return likeness + (3 if meta.app_label in text.split(".")[0] or meta.app_label in text else 0)
