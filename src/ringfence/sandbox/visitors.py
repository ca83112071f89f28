"""The people who visit the site in the copy: made by the project's own user model."""

# `_meta` is a documented interface of Django in spite of its name.
# ruff: noqa: SLF001

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth import get_user_model
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from ringfence.sandbox.errors import SandboxError
from ringfence.sandbox.roles import ANONYMOUS

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Visitor", "make_visitors"]


@dataclass(frozen=True, slots=True)
class Visitor:
    """A user, and the words by which his pages are known: nobody else's page shows them.

    ``pk`` is None for the visitor who has not logged in, whose ``secret`` stands nowhere.
    """

    role: str
    pk: object
    name: str
    secret: str
    password: str = ""


def make_visitors() -> Mapping[str, Visitor]:
    """Make one visitor of each role and return them by role.

    Where the user model knows nothing of staff, there is none. Raises :class:`SandboxError` where
    not even an ordinary user can be made.
    """
    made = {ANONYMOUS: Visitor(ANONYMOUS, None, "", f"rf{secrets.token_hex(6)}")}
    made["user"] = _make("user", {})
    if _has("is_staff"):
        made["staff"] = _make("staff", {"is_staff": True})
        _permit(made["staff"])
    if _has("is_superuser"):
        rights = {"is_superuser": True, **({"is_staff": True} if _has("is_staff") else {})}
        made["superuser"] = _make("superuser", rights)
    return made


def _has(name: str) -> bool:
    # `is_staff` may be a property that is worked out: then nobody can be made staff by it.
    try:
        return isinstance(get_user_model()._meta.get_field(name), models.BooleanField)
    except FieldDoesNotExist:
        return False


def _make(role: str, rights: Mapping[str, bool]) -> Visitor:
    model = get_user_model()
    secret = f"rf{secrets.token_hex(6)}"
    values: dict[str, Any] = dict(rights)
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
    password = secrets.token_urlsafe(12)
    try:
        user = model(**values)
        user.set_password(password)
        user.save()
    except Exception as error:
        raise SandboxError(
            f"No user of {model._meta.label} could be made from {sorted(values)}: {error!r}."
        ) from error
    return Visitor(role, user.pk, str(user.get_username()), secret, password)


def _permit(staff: Visitor) -> None:
    """Let the member of staff see and change things, and nothing else."""
    user = get_user_model()._default_manager.get(pk=staff.pk)
    rights = getattr(user, "user_permissions", None)
    if rights is not None:
        from django.contrib.auth.models import Permission  # noqa: PLC0415 - needs its app

        rights.set(Permission.objects.filter(codename__regex=r"^(view|change)_"))
