"""What files beside the code say of the environment that a site is started in."""

from __future__ import annotations

from ringfence.audit.facts.values import Place
from ringfence.records import record

__all__ = ["Command", "EnvironmentFile", "Variable"]


@record
class Variable:
    """A variable that a file sets. ``value`` is None where only the machine it runs on knows it."""

    name: str
    value: str | None
    place: Place


@record
class Command:
    """What a file starts, as one line."""

    text: str
    place: Place


@record
class EnvironmentFile:
    """One ``.env``, compose file, ``Dockerfile``, ``Procfile`` or a platform's own file.

    ``purpose`` is ``"deployed"``, ``"unmarked"`` (nothing says what it is for), ``"doubtful"`` (it
    is likely a developer's), ``"example"`` (to be copied), ``"development"`` or ``"test"``.
    ``uses`` are the paths of files with variables that it names.
    """

    path: str
    form: str
    purpose: str
    variables: tuple[Variable, ...] = ()
    commands: tuple[Command, ...] = ()
    uses: tuple[str, ...] = ()
