"""Settings that are one value."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Final

from ringfence.audit.fixes import Fix
from ringfence.audit.fixes._lists import item_removed
from ringfence.audit.fixes._settings import constant, literal, setting
from ringfence.audit.fixes._text import Text
from ringfence.audit.model import Edit, Finding

__all__ = ["FIXES"]

_Make = Callable[[Text, Finding], Iterable[Edit]]
#: What browsers do where nothing that they know is said.
_DEFAULT_POLICY: Final = "strict-origin-when-cross-origin"
_JSON: Final = "django.contrib.sessions.serializers.JSONSerializer"


def _flag(*names: str, to: bool) -> _Make:
    """Return what turns a switch that is written out. Who wrote it may have had a reason."""

    def make(text: Text, finding: Finding) -> Iterable[Edit]:
        value = setting(text, finding, *names)
        off = (False, None) if to else (True,)
        if value is not None and constant(value, *off):
            yield text.edit(*text.span(value), str(to), safe=False)

    return make


def _referrer(text: Text, finding: Finding) -> Iterable[Edit]:
    value = setting(text, finding, "SECURE_REFERRER_POLICY")
    if value is None:
        return
    said = literal(text, value)
    if "," in said or not (said or constant(value, None)):
        return
    # What is left out, or no browser knows, is what the default says: nothing changes but the word.
    leaking = said in ("unsafe-url", "no-referrer-when-downgrade")
    quote = text.source(value)[0] if said else '"'
    yield text.edit(*text.span(value), f"{quote}{_DEFAULT_POLICY}{quote}", safe=not leaking)


def _opener(text: Text, finding: Finding) -> Iterable[Edit]:
    value = setting(text, finding, "SECURE_CROSS_ORIGIN_OPENER_POLICY")
    if value is not None and (literal(text, value) or constant(value, None)):
        quote = text.source(value)[0] if literal(text, value) else '"'
        yield text.edit(*text.span(value), f"{quote}same-origin{quote}", safe=False)


def _serializer(text: Text, finding: Finding) -> Iterable[Edit]:
    value = setting(text, finding, "SESSION_SERIALIZER")
    if value is not None and literal(text, value):
        start, end = text.span(value)
        yield text.edit(start + 1, end - 1, _JSON, safe=False)


def _permissions(text: Text, finding: Finding) -> Iterable[Edit]:
    for name, mode in (
        ("FILE_UPLOAD_PERMISSIONS", "0o644"),
        ("FILE_UPLOAD_DIRECTORY_PERMISSIONS", "0o755"),
    ):
        value = setting(text, finding, name)
        if isinstance(value, ast.Constant) and type(value.value) is int:
            yield text.edit(*text.span(value), mode, safe=False)


def _template_debug(text: Text, finding: Finding) -> Iterable[Edit]:
    value = setting(text, finding, "TEMPLATES")
    for node in ast.walk(value) if value is not None else ():
        if isinstance(node, ast.Dict):
            for at, (key, each) in enumerate(zip(node.keys, node.values, strict=True)):
                if constant(key, "debug") and constant(each, True):  # noqa: FBT003 - the constant
                    yield from item_removed(text, node, at, safe=True)


FIXES = (
    Fix("COOK491", "writes `True`", _flag("SESSION_COOKIE_SECURE", to=True)),
    Fix("COOK492", "writes `True`", _flag("SESSION_COOKIE_HTTPONLY", to=True)),
    Fix("COOK493", "writes `True`", _flag("CSRF_COOKIE_SECURE", to=True)),
    Fix("SET409", "writes `True`", _flag("SECURE_CONTENT_TYPE_NOSNIFF", to=True)),
    Fix(
        "AUTH492",
        "writes `False`",
        _flag("SOCIALACCOUNT_LOGIN_ON_GET", "ACCOUNT_LOGOUT_ON_GET", to=False),
    ),
    Fix("SET410", 'writes `"same-origin"`', _opener),
    Fix("SET411", f'writes `"{_DEFAULT_POLICY}"`', _referrer),
    Fix("SET412", f'writes `"{_DEFAULT_POLICY}"`', _referrer),
    Fix("SET415", "writes the serializer of JSON", _serializer),
    Fix("SET422", "writes `0o644`, of folders `0o755`", _permissions),
    Fix("SET428", 'takes `"debug"` out of the options', _template_debug),
)
