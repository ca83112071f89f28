"""What is read from the environment: os.environ, django-environ, environs, python-decouple.

Where files of the tree say what is set, that holds; where the environment is assumed to be empty, a
default; else nothing is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from ringfence.audit.collect.settings.values import Located, Ref, plain
from ringfence.audit.collect.settings.world import Frame, Function, UnsetError
from ringfence.audit.model import UNKNOWN

__all__ = ["READERS", "Reader", "assumed", "cast", "database", "variable"]

_TRUE: Final = frozenset({"true", "on", "ok", "y", "yes", "1", "t"})
_ABSENT: Final = Ref("nothing was given")

#: Calls that make something which reads variables when it is called.
READERS: Final = frozenset(
    {
        *("environ.Env", "environ.FileAwareEnv", "environs.Env", "environs.EnvError"),
        *("decouple.AutoConfig", "decouple.Config", "decouple.config"),
        *("prettyconf.config", "starlette.config.Config"),
    }
)
_METHODS: Final = frozenset(
    {
        *("", "str", "bool", "int", "float", "list", "tuple", "dict", "json", "url", "path", "csv"),
        *("db", "db_url", "dj_db_url", "cache", "cache_url", "email", "email_url", "search_url"),
        *("get_value", "unicode", "decimal", "timedelta", "uuid", "log_level", "channels"),
        *("dj_cache_url", "dj_email_url", "queue_url", "bytes", "smart_cast", "enum", "date"),
        *("boolean", "option", "get", "as_bool"),
    }
)


@dataclass(frozen=True)
class Reader:
    """``env`` or ``config``: ``scheme`` has the casts and defaults that it was made with."""

    scheme: Mapping[str, Any] = field(default_factory=dict)

    def read(self, frame: Frame, method: str, arguments: list[Any], named: dict[str, Any]) -> Any:
        """Return what a call of the reader, or of one of its methods, returns."""
        if method not in _METHODS:
            return UNKNOWN
        kind: Any = named.get("cast", named.get("subcast") if method == "" else None) or method
        default = named.get("default", _ABSENT)
        if default is _ABSENT and len(arguments) > 1:
            # django-environ's str() has "multiline" there; its __call__ has the cast.
            if isinstance(arguments[1], (Ref, Function)):
                kind = arguments[1]
                default = arguments[2] if len(arguments) > 2 else _ABSENT
            else:
                default = arguments[1]
        key = plain(arguments[0]) if arguments and isinstance(arguments[0], str) else ""
        own = self.scheme.get(key, _ABSENT)
        if isinstance(own, tuple) and len(own) == 2:
            kind = kind or own[0]
            own = own[1]
        elif isinstance(own, Ref) and own is not _ABSENT:
            kind, own = kind or own, _ABSENT
        if default is _ABSENT:
            default = own
        known, value = assumed(frame, key)
        if known:
            return value if value is UNKNOWN else cast(kind, value)
        if not frame.world.unset:
            return UNKNOWN
        if default is _ABSENT:
            return _required(frame)
        return cast(kind, default)


def _required(frame: Frame) -> Any:
    if frame.trying:
        raise UnsetError
    return UNKNOWN


def variable(frame: Frame, key: Any, default: Any = None, *, required: bool = False) -> Any:
    """Return what ``os.environ`` has for ``key``.

    :raises UnsetError: within a ``try``, for a variable that has to be there and is not.
    """
    known, value = assumed(frame, key)
    if known:
        return value
    if not frame.world.unset:
        return UNKNOWN
    return _required(frame) if required else default


def assumed(frame: Frame, key: Any) -> tuple[bool, Any]:
    """Return whether a variable is assumed to be set, and to what: UNKNOWN if nobody can say."""
    found = frame.world.variable(plain(key)) if isinstance(key, str) else None
    if found is None:
        return False, None
    if found.value is None:
        return True, UNKNOWN
    return True, Located(found.value, found.place.path, found.place.line)


def cast(kind: Any, value: Any) -> Any:
    """Return a default as a reader casts it: ``"False"`` is no flag, ``"a,b"`` no list.

    >>> cast("bool", "False"), cast("list", "a, b")
    (False, ['a', 'b'])
    """
    if isinstance(kind, Function):
        return kind.run(kind, [value], {})
    name = kind.name.rpartition(".")[2].lower() if isinstance(kind, Ref) else str(kind).lower()
    if not isinstance(value, str):
        return value
    if name in ("bool", "boolean", "as_bool", "strtobool"):
        return value.strip().lower() in _TRUE
    if name in ("int", "float"):
        return int(value) if name == "int" else float(value)
    if name in ("list", "csv", "tuple"):
        return [_part(value, part) for part in value.split(",") if part.strip()]
    if name in ("db", "db_url", "dj_db_url", "database_url"):
        return database(value)
    if name in ("", "str", "unicode", "url", "path", "get", "get_value"):
        return value
    return UNKNOWN


def _part(whole: str, part: str) -> Located:
    return Located(part.strip(), getattr(whole, "path", ""), getattr(whole, "line", 0))


def database(url: str) -> Any:
    """Return a database's settings out of its URL, as dj-database-url does.

    >>> database("postgres://shop:hunter2@db/shop")["PASSWORD"]
    'hunter2'
    """
    try:
        parts = urlsplit(str.__str__(url))
        user, password, host = parts.username, parts.password, parts.hostname
    except ValueError:
        return UNKNOWN
    if parts.scheme.startswith(("sqlite", "spatialite")):
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": parts.path[1:]}
    return {
        "ENGINE": parts.scheme,
        "NAME": parts.path[1:],
        "USER": _part(url, unquote(user or "")),
        "PASSWORD": _part(url, unquote(password or "")),
        "HOST": host or "",
    }
