"""Fill the database copy: what there is no row of, nothing is found in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils.module_loading import import_string

from ringfence.sandbox.errors import SandboxError

__all__ = ["fill"]

_SETTING = 'RINGFENCE["prove"]'
_KEYS = ("seed", "fixtures")


def fill(fixtures: Sequence[str] = ()) -> None:
    """Load ``fixtures`` and those of the settings, and call the settings' seed function.

    ``RINGFENCE["prove"]`` may have ``fixtures``, a list of names as ``loaddata`` takes them, and
    ``seed``, the dotted path of a function without arguments. Raises :class:`SandboxError`.
    """
    said = _settings()
    named = [*said.get("fixtures", ()), *fixtures]
    if named:
        try:
            call_command("loaddata", *named, verbosity=0)
        except (CommandError, ValueError) as error:
            raise SandboxError(f"The fixtures {named} could not be loaded: {error}") from error
    if "seed" in said:
        _seed(said["seed"])


def _settings() -> Mapping[str, Any]:
    ringfence = getattr(settings, "RINGFENCE", None) or {}
    said = ringfence.get("prove", {}) if isinstance(ringfence, Mapping) else {}
    if not isinstance(said, Mapping):
        raise SandboxError(
            f'{_SETTING} = {said!r}: it is no dict. Write {{"seed": "shop.seed.seed"}}.'
        )
    unknown = [key for key in said if key not in _KEYS]
    if unknown:
        raise SandboxError(
            f"{_SETTING}[{unknown[0]!r}]: there is no such option. There are: {', '.join(_KEYS)}."
        )
    named = said.get("fixtures", ())
    if isinstance(named, str) or not isinstance(named, Sequence):
        raise SandboxError(
            f'{_SETTING}["fixtures"] = {named!r}: it is no list. Write ["{named}"], with brackets.'
        )
    return said


def _seed(path: object) -> None:
    setting = f'{_SETTING}["seed"] = {path!r}'
    try:
        seed = import_string(path) if isinstance(path, str) else None
    except ImportError as error:
        raise SandboxError(f"{setting} could not be imported: {error}") from error
    if not callable(seed):
        raise SandboxError(
            f"{setting}: it is no function. Write the dotted path of one that makes rows."
        )
    try:
        seed()
    except Exception as error:
        raise SandboxError(f"{setting} raised {error!r}") from error
