"""Attributes and elements of what comes from outside: of a request, ``self``, a model, a form."""

from __future__ import annotations

import re
from typing import Final

from ringfence.audit.collect.python.effects import (
    PLAIN_FIELDS,
    REQUEST_PARTS,
    SERVER_META,
)
from ringfence.audit.collect.python.state import Frame, Unit
from ringfence.audit.collect.python.values import ALL_USES, NOTHING, SAFE, named, of_source
from ringfence.audit.model import UNKNOWN, Source, Value

__all__ = ["ERROR", "ERRORS", "ERROR_LIST", "attribute", "is_request", "subscript"]

_FORM: Final = of_source(Source.FORM, "form.cleaned_data")
_URL: Final = Value(sources=frozenset({Source.URL}), name="self.kwargs")
#: A form's errors repeat what was sent: escaped where they are shown as a whole, else not.
ERRORS: Final = of_source(Source.FORM, "form.errors", frozenset({"html"}))
# Django takes the folders off the name of an upload.
_FILE_NAME: Final = of_source(Source.REQUEST, "request.FILES[].name", frozenset({"path"}))
ERROR_LIST: Final = of_source(Source.FORM, "form.errors[]", frozenset({"html"}))
ERROR: Final = of_source(Source.FORM, "form.errors[]")
_FORMS: Final = re.compile(r"(?i)form|serializer")
_MODEL: Final = of_source(Source.MODEL, "self.object")
_REQUEST: Final = named("request")
_USER: Final = named("request.user")
#: Attributes of a user that are free text.
_USER_TEXT: Final = frozenset(
    {"first_name", "last_name", "email", "profile", "bio", "username", "name"}
)
_PARTS: Final = {part: of_source(Source.REQUEST, f"request.{part}") for part in REQUEST_PARTS}
# A path begins with a slash, and Django escapes a second one when it redirects to its own URLs.
_PARTS["path"] = of_source(Source.REQUEST, "request.path", frozenset({"url", "path"}))
_PARTS["path_info"] = of_source(Source.REQUEST, "request.path_info", frozenset({"url"}))
# A browser writes it, percent-encoded, and names the page that the visitor was on anyway.
_REFERER: Final = of_source(Source.REQUEST, "request.META.HTTP_REFERER", frozenset({"html", "url"}))


def is_request(value: Value) -> bool:
    """Say whether ``value`` is the request itself."""
    return value.name == "request"


def attribute(base: Value, attr: str, unit: Unit, frame: Frame) -> Value:
    """Return the value of ``base.attr``."""
    name = base.name
    if name == "request":
        return _of_request(attr, frame)
    if name == "self":
        return _of_self(attr, unit, frame)
    if attr in {"cleaned_data", "validated_data"}:
        return _FORM
    if attr == "instance" and _FORMS.search(name):
        return of_source(Source.MODEL)
    if attr == "errors" and _FORMS.search(name):
        return ERRORS
    if name == "request.user":
        return of_source(Source.MODEL, f"request.user.{attr}") if attr in _USER_TEXT else NOTHING
    if base.sources:
        if attr == "name" and name.startswith("request.FILES"):
            return _FILE_NAME
        if Source.MODEL in base.sources and (
            attr in PLAIN_FIELDS or attr.endswith(("_id", "_at", "_on", "_date"))
        ):
            return SAFE
        if attr in {"__class__", "__name__", "_meta", "DoesNotExist", "pk"}:
            return SAFE
        return Value(
            sources=base.sources,
            parameters=base.parameters,
            safe_for=base.safe_for,
            name=f"{name}.{attr}" if name else "",
            opaque=base.opaque,
            calls=base.calls,
            through=base.through,
        )
    return _of_unsourced(base, attr)


def _of_unsourced(base: Value, attr: str) -> Value:
    name = base.name
    if attr in {"_meta", "__class__", "__name__", "__qualname__"}:
        return SAFE
    if attr in PLAIN_FIELDS or attr.endswith(("_id", "_count", "_at")):
        return Value(name=f"{name}.{attr}", safe_for=ALL_USES)
    if name:
        if name == "django.conf.settings" or attr.isupper():
            return Value(name=f"{name}.{attr}", safe_for=ALL_USES)
        return named(f"{name}.{attr}")
    if base.safe_for and base.literal is UNKNOWN and not base.opaque:
        return SAFE
    if base.calls:
        return Value(calls=base.calls, through=base.through, opaque=True)
    return SAFE if attr.isupper() else NOTHING


def _of_request(attr: str, frame: Frame) -> Value:
    part = _PARTS.get(attr)
    if part is not None:
        frame.reads.add(f"request.{attr}")
        return part
    if attr == "user":
        return _USER
    if attr == "_request":
        frame.reads.add("request._request")
        return _REQUEST
    if attr in {"method", "scheme", "LANGUAGE_CODE", "encoding"}:
        return Value(name=f"request.{attr}", safe_for=ALL_USES)
    return named(f"request.{attr}")


def _of_self(attr: str, unit: Unit, frame: Frame) -> Value:
    if attr == "request":
        return _REQUEST
    if attr in {"cleaned_data", "validated_data", "initial_data"}:
        return _FORM
    owner = frame.class_name
    if attr in unit.text_fields.get(owner, ()):
        return of_source(Source.MODEL, f"self.{attr}")
    known = unit.instances.get(owner)
    if known is not None and attr in known:
        return known[attr]
    if attr == "kwargs":
        return _URL
    if attr == "object":
        return _MODEL
    if attr.isupper() or attr == "__class__":
        return Value(name=f"self.{attr}", safe_for=ALL_USES)
    return named(f"self.{attr}")


def subscript(base: Value, key: Value) -> Value:
    """Return the value of ``base[key]``."""
    if base.name == "request.META" and isinstance(key.literal, str):
        return _meta(key.literal)
    if key.literal == "request" and base.name.endswith("context"):
        return _REQUEST  # of a template, or of a serializer
    if base is ERRORS:
        return ERROR_LIST
    if base is ERROR_LIST:
        return ERROR
    if base.items:
        return _item(base, key)
    if base.literal is not UNKNOWN:
        return SAFE
    if base.sources or base.calls:
        if (
            base.name == "self.kwargs"
            and isinstance(key.literal, str)
            and _is_identifier(key.literal)
        ):
            return SAFE
        return Value(
            sources=base.sources,
            parameters=base.parameters,
            safe_for=base.safe_for,
            name=f"{base.name}[]" if base.name and not base.name.endswith("[]") else base.name,
            opaque=base.opaque,
            calls=base.calls,
            through=base.through,
        )
    if base.name == "sys.argv":
        return SAFE
    return SAFE if base.safe_for and not base.opaque else NOTHING


def _is_identifier(key: str) -> bool:
    return key in {"pk", "id", "uuid", "year", "month", "day"} or key.endswith(("_id", "_pk"))


def _meta(key: str) -> Value:
    if key in SERVER_META:
        return SAFE
    return _REFERER if key == "HTTP_REFERER" else _PARTS["META"]


def _item(base: Value, key: Value) -> Value:
    wanted = key.literal
    for at, item in enumerate(base.items):
        if isinstance(item, tuple):
            if item[0].literal is not UNKNOWN and item[0].literal == wanted:
                return item[1]
        elif at == wanted:
            return item
    return (
        SAFE
        if not base.sources and not base.opaque
        else Value(
            sources=base.sources,
            parameters=base.parameters,
            safe_for=base.safe_for,
            opaque=base.opaque,
            calls=base.calls,
            through=base.through,
        )
    )
