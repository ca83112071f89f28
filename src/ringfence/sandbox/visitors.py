"""The people who visit the site in the copy: made by the project's own user model."""

# `_meta` is a documented interface of Django in spite of its name.
# ruff: noqa: SLF001

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from ringfence.sandbox.errors import SandboxError

__all__ = ["Visitor", "make_victim"]


@dataclass(frozen=True, slots=True)
class Visitor:
    """A user, and the words by which his pages are known: nobody else's page shows them."""

    pk: object
    name: str
    secret: str


def make_victim() -> Visitor:
    """Make an ordinary user whose text fields carry a secret, and return him."""
    model = get_user_model()
    secret = f"rf{secrets.token_hex(6)}"
    values: dict[str, object] = {}
    required = (str(name) for name in (model.USERNAME_FIELD, *model.REQUIRED_FIELDS))
    for name in {*required, "first_name", "last_name", "email"}:
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        if isinstance(field, models.EmailField):
            values[name] = f"{secret}@victim.test"
        elif isinstance(field, models.CharField | models.TextField):
            values[name] = secret
    try:
        user = model(**values)
        user.set_unusable_password()
        user.save()
    except Exception as error:
        raise SandboxError(
            f"No user of {model._meta.label} could be made from {sorted(values)}: {error!r}."
        ) from error
    return Visitor(pk=user.pk, name=str(user.get_username()), secret=secret)
