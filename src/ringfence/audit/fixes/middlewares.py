"""Settings that are lists: a middleware that is missing or misplaced, hashers, validators."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Final

from ringfence.audit.fixes import Fix
from ringfence.audit.fixes._lists import List, added, entries, index_of, moved
from ringfence.audit.fixes._settings import constant, literal, setting
from ringfence.audit.fixes._text import Text
from ringfence.audit.model import Edit, Finding

__all__ = ["FIXES"]

_SECURITY: Final = "django.middleware.security.SecurityMiddleware"
_CSRF: Final = "django.middleware.csrf.CsrfViewMiddleware"
_FRAMES: Final = "django.middleware.clickjacking.XFrameOptionsMiddleware"
_COMMON: Final = "django.middleware.common.CommonMiddleware"
_SESSIONS: Final = "django.contrib.sessions.middleware.SessionMiddleware"
_HASHER: Final = "django.contrib.auth.hashers.PBKDF2PasswordHasher"
_PROCESSOR: Final = "django.template.context_processors.csp"
_STRONG: Final = ("pbkdf2", "bcrypt", "argon2", "scrypt")
_VALIDATORS: Final = (
    "UserAttributeSimilarityValidator",
    "MinimumLengthValidator",
    "CommonPasswordValidator",
    "NumericPasswordValidator",
)
#: What has to come first, and what needs it, as SET429 has it.
_ORDER: Final = (
    ("SessionMiddleware", "AuthenticationMiddleware"),
    ("SessionMiddleware", "MessageMiddleware"),
    ("SessionMiddleware", "OTPMiddleware"),
    ("AuthenticationMiddleware", "OTPMiddleware"),
    ("CorsMiddleware", "CommonMiddleware"),
)


def _middleware(text: Text, finding: Finding) -> List | None:
    value = setting(text, finding, "MIDDLEWARE")
    # An entry that is no string may be one that would be added twice.
    return value if isinstance(value, List) and value.elts and all(entries(value)) else None


def _security(text: Text, finding: Finding) -> Iterable[Edit]:
    value = _middleware(text, finding)
    if value is not None:
        yield from added(text, value, 0, _SECURITY, safe=False)


def _csrf(text: Text, finding: Finding) -> Iterable[Edit]:
    value = _middleware(text, finding)
    if value is not None:
        below = index_of(value, _COMMON)
        below = below if below >= 0 else index_of(value, _SESSIONS)
        yield from added(text, value, below + 1, _CSRF, safe=False)


def _frames(text: Text, finding: Finding) -> Iterable[Edit]:
    value = _middleware(text, finding)
    if value is not None:
        yield from added(text, value, len(value.elts), _FRAMES, safe=False)


def _order(text: Text, finding: Finding) -> Iterable[Edit]:
    value = _middleware(text, finding)
    if value is None:
        return
    names = [each.rpartition(".")[2] for each in entries(value)]
    for first, second in _ORDER:
        if f"Move {first} above {second}." != finding.hit.fix:
            continue
        if names.count(first) == names.count(second) == 1:
            here, there = names.index(first), names.index(second)
            if here > there:
                yield from moved(text, value, here, there, safe=True)


def _hashers(text: Text, finding: Finding) -> Iterable[Edit]:
    value = setting(text, finding, "PASSWORD_HASHERS")
    names = entries(value)
    if not isinstance(value, List) or not names or not all(names):
        return
    # The weak one stays in the list: who has a password under it must still get in.
    strong = [at for at, each in enumerate(names) if any(word in each.lower() for word in _STRONG)]
    if not strong:
        yield from added(text, value, 0, _HASHER, safe=True)
    elif strong[0]:
        yield from moved(text, value, strong[0], 0, safe=True)


def _validators(text: Text, finding: Finding) -> Iterable[Edit]:
    value = setting(text, finding, "AUTH_PASSWORD_VALIDATORS")
    if isinstance(value, List) and not value.elts and text.source(value) in ("[]", "()"):
        stem = "django.contrib.auth.password_validation"
        rows = "".join(f'    {{"NAME": "{stem}.{name}"}},\n' for name in _VALIDATORS)
        source = text.source(value)
        line = text.lines[value.lineno - 1]
        if line == line.lstrip():
            yield text.edit(*text.span(value), f"{source[0]}\n{rows}{source[1]}", safe=False)


def _processors(text: Text, finding: Finding) -> Iterable[Edit]:
    del finding
    found = [
        value
        for _, templates in text.assigned("TEMPLATES")
        for node in ast.walk(templates)
        if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if constant(key, "context_processors") and isinstance(value, List)
    ]
    if len(found) == 1 and all(entries(found[0])):
        yield from added(text, found[0], len(found[0].elts), _PROCESSOR, safe=True)


def _origins(text: Text, finding: Finding) -> Iterable[Edit]:
    value = setting(text, finding, "CSRF_TRUSTED_ORIGINS")
    for each in value.elts if isinstance(value, List) else ():
        said = literal(text, each)
        # Before Django 4.0 a host stood here, and meant https.
        if said and each.lineno == finding.hit.place.line and _is_host(said):
            start, _ = text.span(each)
            scheme = "https://*" if said.startswith(".") else "https://"
            yield text.edit(start + 1, start + 1, scheme)


def _is_host(said: str) -> bool:
    labels = said.removeprefix(".").split(".")
    return len(labels) > 1 and all(
        label.isascii() and label.replace("-", "").isalnum() for label in labels
    )


FIXES = (
    Fix("CSRF101", "writes `https://` before a host", _origins),
    Fix("CSRF491", "puts `CsrfViewMiddleware` below `CommonMiddleware`", _csrf),
    Fix("SET406", "puts `SecurityMiddleware` first", _security),
    Fix("SET407", "puts `XFrameOptionsMiddleware` last", _frames),
    Fix("SET418", "puts a strong hasher first; the others stay", _hashers),
    Fix("SET419", "writes the validators that `startproject` writes", _validators),
    Fix("SET429", "moves the middleware", _order),
    Fix("SET435", "adds Django's context processor for the nonce", _processors),
)
