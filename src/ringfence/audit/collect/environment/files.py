"""The tree's files that say something of the environment -> facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from ringfence.audit.collect import tree
from ringfence.audit.collect.environment.lines import (
    read_dockerfile,
    read_dotenv,
    read_procfile,
)
from ringfence.audit.collect.environment.names import form_of, purpose_of
from ringfence.audit.collect.environment.parts import Parts
from ringfence.audit.collect.environment.trees import (
    UnreadableError,
    read_app_json,
    read_fly,
    read_yaml,
)
from ringfence.audit.model import EnvironmentFile, Skipped

__all__ = ["read", "read_one"]

_READERS: Final[dict[str, Callable[[Parts], None]]] = {
    "dotenv": read_dotenv,
    "procfile": read_procfile,
    "dockerfile": read_dockerfile,
    "fly": read_fly,
    "app.json": read_app_json,
}
#: A tree of more of them is a collection of trees.
_MOST: Final = 300
_LARGEST: Final = 300_000
_DEVELOPERS: Final = ("runserver", "runserver_plus", "runsslserver")


def read(files: Iterable[tree.File]) -> tuple[list[EnvironmentFile], list[Skipped]]:
    """Return what the files say, each with what it is for, and those that cannot be read."""
    found: list[EnvironmentFile] = []
    skipped: list[Skipped] = []
    for file in files:
        text = tree.read(file) if file.size <= _LARGEST else Skipped(file.path, "too large")
        if len(found) >= _MOST:
            skipped.append(Skipped(file.path, f"more than {_MOST} files of its kind"))
            break
        read_file = read_one(file.path, text) if isinstance(text, str) else text
        if isinstance(read_file, Skipped):
            skipped.append(read_file)
        else:
            found.append(read_file)
    return _settled(found), skipped


def read_one(path: str, text: str) -> EnvironmentFile | Skipped:
    """Return what one file says."""
    form = form_of(path)
    parts = Parts(path, text)
    try:
        if form in _READERS:
            _READERS[form](parts)
        else:
            read_yaml(parts, form)
    except UnreadableError as error:
        return Skipped(path, str(error))
    return EnvironmentFile(
        path,
        form,
        purpose_of(path, form),
        tuple(parts.variables),
        tuple(parts.commands),
        tuple(parts.uses),
    )


def _settled(files: list[EnvironmentFile]) -> list[EnvironmentFile]:
    """Say more of files whose names do not tell: by who uses them, and what else there is."""
    users: dict[str, set[str]] = {}
    for file in files:
        for path in file.uses:
            users.setdefault(path, set()).add(file.purpose)
    files = [
        replace(file, purpose=_by_users(users[file.path]))
        if file.purpose == "unmarked" and file.path in users
        else file
        for file in files
    ]
    elsewhere = any(
        file.purpose == "deployed" and (file.variables or file.commands) for file in files
    )
    return [
        replace(file, purpose=_of_unmarked(file, elsewhere=elsewhere))
        if file.purpose == "unmarked" and file.form in ("compose", "dotenv")
        else file
        for file in files
    ]


def _by_users(purposes: set[str]) -> str:
    if "deployed" in purposes:
        return "deployed"
    return "development" if purposes <= {"development", "test", "example"} else "unmarked"


def _of_unmarked(file: EnvironmentFile, *, elsewhere: bool) -> str:
    """Return what ``.env`` or ``compose.yml`` is for: a developer's, if deployment is described."""
    if elsewhere:
        return "development"
    words = {word for command in file.commands for word in command.text.split()}
    return "doubtful" if words.intersection(_DEVELOPERS) else "unmarked"
