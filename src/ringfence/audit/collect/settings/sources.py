"""The Python files of a tree: read, parsed as far as they can be, found by module name."""

from __future__ import annotations

import ast
import os
import warnings
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from ringfence.audit.collect import tree
from ringfence.audit.model import Place, Skipped

__all__ = ["Parsed", "Sources"]

_MAX_LINE: Final = 200


class Parsed:
    """A module's statements and lines; ``gaps`` says that some of them could not be read."""

    def __init__(self, path: str, text: str, body: list[ast.stmt], *, gaps: bool) -> None:
        self.path = path
        self.text = text
        self.lines = text.split("\n")
        self.body = body
        self.gaps = gaps

    def place(self, node: ast.AST, scope: str = "") -> Place:
        """Return where ``node`` stands."""
        line = getattr(node, "lineno", 1)
        text = self.lines[line - 1].strip()[:_MAX_LINE] if line <= len(self.lines) else ""
        return Place(self.path, line, getattr(node, "end_lineno", None) or line, scope, text)


class Sources:
    """The Python files below a root, by their path relative to it. Files are parsed once."""

    def __init__(
        self, root: Path, paths: Sequence[str], files: Mapping[str, Path] | None = None
    ) -> None:
        self.root = root
        self.files = files or {}
        self.paths = frozenset(paths)
        self.skipped: dict[str, Skipped] = {}
        self._parsed: dict[str, Parsed | None] = {}
        #: Spent on all settings modules together.
        self.steps = 0
        self._by_name: dict[str, list[str]] = {}

    def parse(self, path: str) -> Parsed | None:
        """Return the module at ``path``; ``None`` if it cannot be read, for a reason kept."""
        if path not in self._parsed:
            self._parsed[path] = self._read(path)
        return self._parsed[path]

    def absolute(self, path: str) -> Path:
        """Return where the file is read that has this path in the tree."""
        return self.files.get(path) or self.root / path

    def size(self, path: str) -> int:
        """Return a file's size in bytes."""
        try:
            return self.absolute(path).lstat().st_size
        except OSError:
            return 0

    def data(self, path: str) -> bytes:
        """Return what a file holds, to be searched; nothing if it cannot be read."""
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        try:
            with os.fdopen(os.open(self.absolute(path), flags), "rb") as stream:
                return stream.read(tree.MAX_BYTES)
        except OSError:
            return b""

    def text(self, path: str) -> str:
        """Return the text of any small file of the tree, "" if there is none."""
        text = tree.read(tree.File(path, self.absolute(path), "other", 0))
        return text if isinstance(text, str) else ""

    def _read(self, path: str) -> Parsed | None:
        text = tree.read(tree.File(path, self.absolute(path), "python", 0))
        if isinstance(text, Skipped):
            self.skipped[path] = text
            return None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return _parsed(path, text)
        except (RecursionError, MemoryError):
            self.skipped[path] = Skipped(path, "nested too deeply")
        except ValueError as error:
            self.skipped[path] = Skipped(path, f"no Python: {error}")
        return None

    def module(self, dotted: str, level: int, importer: str) -> str:
        """Return the path of the module that ``importer`` means by ``dotted``, "" if none is here.

        A relative import is looked up from the importer's package; an absolute one below each
        folder around the importer, the nearest first, for nobody says here what ``sys.path`` is.
        """
        folders = importer.split("/")[:-1]
        if level:
            folders = folders[: len(folders) - (level - 1)]
            return self._file([*folders, *(part for part in dotted.split(".") if part)])
        parts = dotted.split(".")
        for depth in range(len(folders), -1, -1):
            found = self._file([*folders[:depth], *parts])
            if found:
                return found
        return self._below(parts)

    def _below(self, parts: list[str]) -> str:
        """Find ``a.b`` at ``src/a/b.py``: below any folder, if it is there once."""
        if len(parts) < 2:
            return ""
        if not self._by_name:
            for path in self.paths:
                name = path.removesuffix(".py").removesuffix("/__init__").rpartition("/")[2]
                self._by_name.setdefault(name, []).append(path)
        ends = ("/" + "/".join(parts) + ".py", "/" + "/".join(parts) + "/__init__.py")
        found = [path for path in self._by_name.get(parts[-1], ()) if path.endswith(ends)]
        return found[0] if len(found) == 1 else ""

    def _file(self, parts: list[str]) -> str:
        stem = "/".join(parts)
        for path in (f"{stem}.py", f"{stem}/__init__.py"):
            if path in self.paths:
                return path
        return ""

    def matching(self, pattern: str, importer: str) -> list[str]:
        """Return the files that a glob relative to ``importer``'s folder names, in order."""
        parts = importer.split("/")[:-1]
        for part in pattern.split("/"):
            if part == "..":
                parts = parts[:-1]
            elif part not in ("", "."):
                parts.append(part)
        whole = "/".join(parts)
        if not any(char in whole for char in "*?["):
            return [whole] if whole in self.paths else []
        depth = whole.count("/")
        return sorted(
            path for path in self.paths if path.count("/") == depth and fnmatchcase(path, whole)
        )


def _parsed(path: str, text: str) -> Parsed:
    try:
        return Parsed(path, text, ast.parse(text).body, gaps=False)
    except SyntaxError:
        pass
    body: list[ast.stmt] = []
    for line, chunk in _chunks(text):
        try:
            statements = ast.parse("\n" * (line - 1) + chunk).body
        except SyntaxError:
            continue
        body.extend(statements)
    return Parsed(path, text, body, gaps=True)


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """Split a module that does not parse at its unindented lines: what is wrong is in one of them.

    Code for Python 2, or for a Python newer than this one, loses one statement and not all.
    """
    start, chunk = 1, list[str]()
    for number, line in enumerate(text.split("\n"), 1):
        begins = line[:1] not in ("", " ", "\t", "#", ")", "]", "}", "'", '"')
        if begins and not line.startswith(("else", "elif", "except", "finally")) and chunk:
            yield start, "\n".join(chunk)
            start, chunk = number, []
        chunk.append(line)
    yield start, "\n".join(chunk)
