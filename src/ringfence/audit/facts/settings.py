"""What is known of a settings module."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ringfence.audit.facts.values import UNKNOWN, Place
from ringfence.records import record

__all__ = ["Given", "Setting", "Settings"]


@record
class Given:
    """A setting's value with the variables that one file of the tree sets, and the line there.

    ``purpose`` is that file's (:class:`~ringfence.audit.facts.environment.EnvironmentFile`).
    """

    value: Any
    place: Place
    purpose: str


@record
class Setting:
    """A setting's value, and where it was given. ``value`` is :data:`UNKNOWN` if it cannot be told.

    ``default`` is the value that holds where the environment says nothing
    (``env.bool("DEBUG", default=True)``), :data:`UNKNOWN` if there is none.
    """

    value: Any
    place: Place
    default: Any = UNKNOWN
    conditional: bool = False
    #: What files beside the code make of it, where the environment decides.
    given: tuple[Given, ...] = ()


@record
class Settings:
    """One settings module with all that it imports.

    ``purpose`` is ``"deployed"``, ``"development"``, ``"test"`` or ``"base"`` (imported by
    others, not used itself).
    """

    module: str
    path: str
    purpose: str
    values: Mapping[str, Setting]
    #: Why some of them are unknown: names of modules that could not be read.
    unread: tuple[str, ...] = ()

    def get(self, name: str) -> Any:
        """Return the value of a setting: UNKNOWN if it cannot be told, None if it is not set."""
        setting = self.values.get(name)
        return None if setting is None else setting.value
