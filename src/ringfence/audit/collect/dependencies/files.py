"""The tree's files that ask for packages -> facts."""

from __future__ import annotations

import configparser
import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from ringfence.audit import toml
from ringfence.audit.collect import tree
from ringfence.audit.collect.dependencies.lines import (
    Asked,
    asked,
    normal,
    read_lock,
    read_requirements,
)
from ringfence.audit.model import Place, Requirement, Skipped

__all__ = ["read", "read_one"]

_WORDS: Final = re.compile(r"[a-z0-9]+")
#: What is not installed on a server, by a word of the file's, folder's or group's name.
_DEVELOPMENT: Final = frozenset(
    {
        *("dev", "develop", "development", "test", "tests", "testing", "docs", "doc", "local"),
        *("lint", "linting", "ci", "typing", "types", "mypy", "bench", "benchmarks", "example"),
        *("examples", "style", "check", "checks", "quality", "tox", "debug", "tools", "build"),
    }
)
_PINNED: Final = re.compile(r"={0,3}[ \t]{0,9}([0-9][A-Za-z0-9.!+_-]{0,60})")
#: More packages than any site has.
_MOST: Final = 20_000


def read(files: Iterable[tree.File]) -> tuple[list[Requirement], list[Skipped]]:
    """Return what the files ask for, and those that cannot be read."""
    found: list[Requirement] = []
    skipped: list[Skipped] = []
    for file in files:
        if len(found) >= _MOST:
            skipped.append(Skipped(file.path, f"more than {_MOST:,} requirements before it"))
            continue
        text = tree.read(file)
        read_file = read_one(file.path, text) if isinstance(text, str) else text
        if isinstance(read_file, Skipped):
            skipped.append(read_file)
        else:
            found.extend(read_file)
    return found, skipped


def read_one(path: str, text: str) -> list[Requirement] | Skipped:
    """Return what one file asks for."""
    name = path.lower().rpartition("/")[2]
    reader = _READERS.get(name, _requirements)
    lines = text.split("\n")
    whole = _is_development("/".join(path.lower().split("/")[-2:]).removesuffix(".txt"))
    found: list[Requirement] = []
    try:
        for group, each in reader(text):
            place = Place(path, each.line, each.line, each.name, _shown(lines, each.line))
            development = whole or _is_development(group)
            found.append(Requirement(each.name, each.version, each.specifier, place, development))
            if len(found) >= _MOST:
                break
    except (configparser.Error, ValueError, RecursionError) as error:
        return Skipped(path, f"cannot be read: {' '.join(str(error).split())}"[:120])
    return found


def _is_development(name: str) -> bool:
    return bool(_DEVELOPMENT.intersection(_WORDS.findall(name.lower())))


def _shown(lines: list[str], number: int) -> str:
    line = lines[number - 1].strip() if number <= len(lines) else ""
    # The address of an index may have a password in it.
    return "" if "://" in line else line[:200]


def _requirements(text: str) -> Iterator[tuple[str, Asked]]:
    yield from (("", each) for each in read_requirements(text))


def _lock(text: str) -> Iterator[tuple[str, Asked]]:
    yield from (("", each) for each in read_lock(text))


def _pyproject(text: str) -> Iterator[tuple[str, Asked]]:
    document = toml.loads(text)
    lines = _Lines(text)
    project = _table(document, "project")
    yield from _of_list("", project.get("dependencies"), lines)
    # An extra is installed by whoever wants it; a group of PEP 735 by developers, mostly.
    for group, wanted in _table(project, "optional-dependencies").items():
        yield from _of_list(group, wanted, lines)
    for group, wanted in _table(document, "dependency-groups").items():
        yield from _of_list(group, wanted, lines)
    poetry = _table(document, "tool", "poetry")
    yield from _of_table("", poetry.get("dependencies"), lines)
    yield from _of_table("dev", poetry.get("dev-dependencies"), lines)
    for group, inner in _table(poetry, "group").items():
        yield from _of_table(group, _table(inner, "dependencies"), lines)
    yield from _of_list("dev", _table(document, "tool", "uv").get("dev-dependencies"), lines)


def _pipfile(text: str) -> Iterator[tuple[str, Asked]]:
    document = toml.loads(text)
    lines = _Lines(text)
    yield from _of_table("", document.get("packages"), lines)
    yield from _of_table("dev", document.get("dev-packages"), lines)


def _pipfile_lock(text: str) -> Iterator[tuple[str, Asked]]:
    document = json.loads(text)
    lines = _Lines(text)
    for key, group in (("default", ""), ("develop", "dev")):
        yield from _of_table(group, _table(document, key), lines)


def _setup_cfg(text: str) -> Iterator[tuple[str, Asked]]:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.read_string(text)
    lines = _Lines(text)
    wanted = parser.get("options", "install_requires", fallback="")
    yield from _of_list("", wanted.replace(",\n", "\n").split("\n"), lines)


_READERS: Final[dict[str, Callable[[str], Iterator[tuple[str, Asked]]]]] = {
    "pyproject.toml": _pyproject,
    "poetry.lock": _lock,
    "uv.lock": _lock,
    "pipfile": _pipfile,
    "pipfile.lock": _pipfile_lock,
    "setup.cfg": _setup_cfg,
}


def _table(document: Any, *keys: str) -> dict[str, Any]:
    for key in keys:
        document = document.get(key) if isinstance(document, dict) else None
    return document if isinstance(document, dict) else {}


def _of_list(group: str, wanted: Any, lines: _Lines) -> Iterator[tuple[str, Asked]]:
    for each in wanted if isinstance(wanted, list) else ():
        found = asked(each, 0) if isinstance(each, str) else None
        if found is not None:
            yield group, found._replace(line=lines.of(found.name))


def _of_table(group: str, wanted: Any, lines: _Lines) -> Iterator[tuple[str, Asked]]:
    """Yield what a table of versions by name asks for; a bare version is exact, as in poetry."""
    for name, value in wanted.items() if isinstance(wanted, dict) else ():
        version = value.get("version") if isinstance(value, dict) else value
        specifier = version.strip() if isinstance(version, str) else ""
        pinned = _PINNED.fullmatch(specifier)
        if normal(name) != "python":
            exact = pinned[1] if pinned and "*" not in specifier else ""
            key = normal(name)
            yield group, Asked(key, exact, specifier, lines.of(key))


class _Lines:
    """Where names stand in a text: no reader of TOML, JSON or INI tells lines."""

    def __init__(self, text: str) -> None:
        self._first: dict[str, int] = {}
        for number, line in enumerate(text.split("\n"), 1):
            # A list may stand on one line: each word of it may be a name.
            for word in re.findall(r"[A-Za-z0-9][A-Za-z0-9._-]{0,100}", line[:5000]):
                self._first.setdefault(normal(word), number)

    def of(self, name: str) -> int:
        return self._first.get(name, 1)
