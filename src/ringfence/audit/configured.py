"""What a command is to work on: the tree, its configuration, the settings that are loaded."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TextIO

from ringfence.audit import rules as registry
from ringfence.audit.config import CONFIDENCES, Config, load

if TYPE_CHECKING:
    from ringfence.audit.loaded import Loaded

__all__ = ["UsageError", "config_of", "folders_of", "in_colour", "loaded_here", "root_of", "within"]

#: Where a configuration is looked for: in the folder, and at most so far above it.
_ABOVE: Final = 8


class UsageError(Exception):
    """What was asked for cannot be done."""


def root_of(path: str) -> Path:
    """Return the tree that a path names.

    :raises UsageError: if there is none.
    """
    root = Path(os.path.realpath(path))
    if not root.exists():
        raise UsageError(f"{path}: there is no such file or folder.")
    return root


def config_of(root: Path, options: Mapping[str, Any]) -> Config:
    """Return the configuration, with what the command line says in the place of what it says.

    :raises ConfigError: if it cannot be used.
    """
    config = Config()
    path = Path(options["config"]) if options.get("config") else _found(root)
    if path is not None:
        config = load(path, codes=registry.all_codes())
    said: dict[str, Any] = {
        "fail_on": options.get("fail_on"),
        "profile": options.get("profile"),
        "settings": options.get("deployed"),
        "min_confidence": CONFIDENCES.get(options.get("min_confidence") or ""),
        "advisories": options.get("advisories"),
    }
    return replace(config, **{name: value for name, value in said.items() if value})


def within(root: Path, config: Config) -> tuple[Path, tuple[str, ...]]:
    """Return the tree to read, and the paths in it.

    What is configured is relative to the file that says so, and so is what is reported.
    """
    if config.file:
        top = Path(config.file).resolve().parent
        if root.is_relative_to(top) and root != top:
            return top, (root.relative_to(top).as_posix(),)
    return root, config.paths


def _found(root: Path) -> Path | None:
    """Return the nearest ``pyproject.toml`` in ``root``, or above it in the same repository.

    What stands outside of the repository is not the project's: anybody may write one to ``/tmp``.
    """
    folders = folders_of(root)
    top = next((each for each in folders if _is_repository(each)), folders[0])
    for folder in folders:
        if (folder / "pyproject.toml").is_file():
            return folder / "pyproject.toml"
        if folder == top:
            return None
    return None


def folders_of(root: Path) -> list[Path]:
    """Return the folders in which a configuration of ``root`` is looked for, the nearest first."""
    here = root if root.is_dir() else root.parent
    return [here, *here.parents][:_ABOVE]


def _is_repository(folder: Path) -> bool:
    return (folder / ".git").exists() and not folder.stat().st_mode & 0o002


def loaded_here() -> Loaded | None:
    """Return the settings of the project that runs this command, as `manage.py` loaded them."""
    conf = sys.modules.get("django.conf")
    if conf is None or not conf.settings.configured:
        return None
    from ringfence.audit.loaded import Loaded  # noqa: PLC0415 - the rules

    settings = conf.settings
    module = sys.modules.get(getattr(settings, "SETTINGS_MODULE", None) or "")
    if module is None or not module.__file__:
        return None
    names = (name for name in dir(settings) if name.isupper() and settings.is_overridden(name))
    return Loaded(Path(module.__file__), {name: getattr(settings, name) for name in names})


def in_colour(stream: TextIO, options: Mapping[str, Any]) -> bool:
    """Whether what is written to a stream may be in colours."""
    if not stream.isatty() or options.get("no_color"):
        return False
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
