"""Attributes of known values, and names out of packages whose values are known."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any, Final

from ringfence.audit.collect.settings.values import Ref
from ringfence.audit.collect.settings.world import ClassValue, ModuleValue
from ringfence.audit.model import UNKNOWN
from ringfence.rings.csp.placeholder import NONCE

__all__ = ["attribute", "known_name"]

_HASHERS: Final = "django.contrib.auth.hashers."
_DEFAULT_HEADERS: Final = (
    *("accept", "authorization", "content-type", "user-agent", "x-csrftoken"),
    "x-requested-with",
)
_KEYWORDS: Final = {
    "NONE": "'none'",
    "SELF": "'self'",
    "REPORT_SAMPLE": "'report-sample'",
    "STRICT_DYNAMIC": "'strict-dynamic'",
    "UNSAFE_ALLOW_REDIRECTS": "'unsafe-allow-redirects'",
    "UNSAFE_EVAL": "'unsafe-eval'",
    "UNSAFE_HASHES": "'unsafe-hashes'",
    "UNSAFE_INLINE": "'unsafe-inline'",
    "WASM_UNSAFE_EVAL": "'wasm-unsafe-eval'",
    "INLINE_SPECULATION_RULES": "'inline-speculation-rules'",
    "NONCE": NONCE,
}
#: Names out of Django and the packages that settings are written with.
_KNOWN: Final[dict[str, Any]] = {
    **{f"django.utils.csp.CSP.{name}": value for name, value in _KEYWORDS.items()},
    **{f"csp.constants.{name}": value for name, value in _KEYWORDS.items()},
    "corsheaders.defaults.default_headers": _DEFAULT_HEADERS,
    "corsheaders.defaults.default_methods": ("DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT"),
    "django.conf.global_settings.PASSWORD_HASHERS": [
        _HASHERS + "PBKDF2PasswordHasher",
        _HASHERS + "PBKDF2SHA1PasswordHasher",
        _HASHERS + "Argon2PasswordHasher",
        _HASHERS + "BCryptSHA256PasswordHasher",
        _HASHERS + "ScryptPasswordHasher",
    ],
    "django.conf.global_settings.MIDDLEWARE": [],
    "django.conf.global_settings.INSTALLED_APPS": [],
    "django.conf.global_settings.AUTHENTICATION_BACKENDS": [
        "django.contrib.auth.backends.ModelBackend"
    ],
    "django.conf.global_settings.STATICFILES_FINDERS": [
        "django.contrib.staticfiles.finders.FileSystemFinder",
        "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    ],
    "typing.TYPE_CHECKING": False,
    "os.sep": "/",
    "os.path.sep": "/",
    "os.pathsep": ":",
    "os.name": "posix",
    "sys.platform": "linux",
}


def known_name(dotted: str) -> Any:
    """Return the value of an imported name, or a reference by that name.

    >>> known_name("django.utils.csp.CSP.UNSAFE_INLINE")
    "'unsafe-inline'"
    """
    dotted = dotted.replace("posixpath.", "os.path.", 1)
    value = _KNOWN.get(dotted, UNKNOWN)
    if value is UNKNOWN:
        return Ref(dotted)
    return list(value) if isinstance(value, list) else value


def attribute(value: Any, name: str) -> Any:
    """Return an attribute of a value; a method comes bound to it."""
    if value is UNKNOWN:
        return UNKNOWN
    if isinstance(value, Ref):
        return known_name(f"{value.name}.{name}") if value.bound is UNKNOWN else UNKNOWN
    if isinstance(value, ModuleValue):
        return value.frame.names.get(name, UNKNOWN)
    if isinstance(value, ClassValue):
        return class_attribute(value, name)
    if isinstance(value, PurePosixPath) and name in ("parent", "parents", "name", "stem", "suffix"):
        return list(value.parents) if name == "parents" else getattr(value, name)
    return Ref(name, value)


def class_attribute(value: ClassValue, name: str) -> Any:
    """Look a name up in a class of the tree, then in its bases, each of them once."""
    waiting = [value]
    seen: set[int] = set()
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        found = each.frame.names.get(name, UNKNOWN)
        if found is not UNKNOWN or (each is value and name in each.frame.names):
            return found
        waiting.extend(base for base in reversed(each.bases) if isinstance(base, ClassValue))
    return UNKNOWN
