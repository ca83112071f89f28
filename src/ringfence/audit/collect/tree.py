"""Walk a tree: which of its files are Python, templates or scripts, and which are not read.

Nothing outside of the tree is opened, but for what the repository around it leaves out: symbolic
links are not followed. What somebody else wrote (installed packages, ``node_modules``) and what git
leaves out is passed over.
"""

from __future__ import annotations

import io
import os
import stat
import tokenize
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ringfence.audit.answers import Seen, now, seen
from ringfence.audit.collect.environment.names import form_of
from ringfence.audit.collect.gitignore import Ignore
from ringfence.audit.collect.own_scripts import is_own_script
from ringfence.audit.model import Skipped
from ringfence.records import record

__all__ = ["MAX_BYTES", "File", "Tree", "around", "decode", "is_test", "read", "walk"]

#: Larger files are data, whatever their name says.
MAX_BYTES: Final = 5_000_000
#: A tree deeper than this was not made by people.
_MAX_DEPTH: Final = 60

_VENDORED: Final = frozenset(
    {
        *("node_modules", "bower_components", "site-packages", "dist-packages", "__pypackages__"),
        *(".git", ".hg", ".svn", ".tox", ".nox", ".venv", ".eggs", "__pycache__"),
        *(".mypy_cache", ".pytest_cache", ".ruff_cache", ".cache", ".idea", ".vscode"),
        *("_build", "htmlcov", "staticfiles", "virtualenv"),
    }
)
_MARKUP: Final = frozenset(
    {".html", ".htm", ".xhtml", ".djhtml", ".jinja", ".jinja2", ".j2", ".dtl", ".mjml"}
)
#: Templates where a folder of templates holds them.
_TEXT: Final = frozenset(
    {".txt", ".xml", ".svg", ".js", ".css", ".json", ".md", ".eml", ".email", ".rss", ".csv"}
)
_TEMPLATE_FOLDERS: Final = frozenset({"templates", "jinja2", "jinja"})
#: Folders whose pages are served as they are, or made by a documentation tool.
_STATIC_FOLDERS: Final = frozenset({"static", "docs", "doc", "media", "frontend", "public"})
_TEST_FOLDERS: Final = frozenset(
    {
        *("tests", "test", "testing", "testproject", "test_project", "testapp", "test_app"),
        *("testsite", "test_site", "testutils", "fixtures", "unittests", "e2e", "benchmarks"),
    }
)
#: Codecs that are no text encodings, or take quadratic time.
_NOT_TEXT: Final = frozenset({"idna", "punycode", "undefined", "unicode_escape", "mbcs", "oem"})


@record
class File:
    """A file to be read. ``path`` is relative to the tree, with ``/``.

    ``kind`` is ``"python"``, ``"template"``, ``"script"``, ``"environment"`` (``.env``, compose
    files, …) or ``"other"`` (requirements, ``pyproject.toml``).
    """

    path: str
    absolute: Path
    kind: str
    size: int
    modified: int = 0
    is_test: bool = False


@dataclass(slots=True)
class Tree:
    """What was found: files in order of their path, and what was left out and why."""

    root: Path
    files: list[File] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    #: Folders of other people's code, and what git leaves out: not even looked into.
    passed_over: list[str] = field(default_factory=list)
    #: What the files and folders were that this was decided by, and since when (in nanoseconds).
    seen: dict[str, Seen] = field(default_factory=dict)
    began: int = 0

    def of_kind(self, kind: str) -> Iterator[File]:
        """Yield the files of one kind."""
        return (file for file in self.files if file.kind == kind)


@record
class _Folder:
    absolute: str
    parts: tuple[str, ...]
    ignores: tuple[_Ignores, ...]


@record
class _Ignores:
    """Patterns for paths below a folder: at this depth of the tree, or so far above its root."""

    patterns: Ignore
    depth: int = 0
    above: tuple[str, ...] = ()

    def decide(self, parts: tuple[str, ...], *, is_directory: bool) -> bool | None:
        parts = (*self.above, *parts[self.depth :])
        return self.patterns.decide(parts, is_directory=is_directory)


def walk(root: Path, *, exclude: Collection[str] = (), gitignore: bool = True) -> Tree:
    """Return the files of the tree at ``root`` (or of the one file that it is).

    :param exclude: patterns as a ``.gitignore`` at the root would have them.
    """
    root = Path(os.path.realpath(root))
    tree = Tree(root, began=now())
    if root.is_file():
        info = root.stat()
        tree.seen[str(root)] = seen(info)
        tree.files.append(_file(str(root), (_printable(root.name),), info))
        return tree
    first = [_Ignores(Ignore("\n".join(exclude)))] if exclude else []
    if gitignore:
        first += _ignores_around(root)
    waiting = [_Folder(str(root), (), tuple(first))]
    while waiting:
        folder = waiting.pop()
        try:
            tree.seen[folder.absolute] = seen(os.lstat(folder.absolute))
            with os.scandir(folder.absolute) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            tree.skipped.append(
                Skipped("/".join(folder.parts) or ".", f"cannot be listed: {reason}")
            )
            continue
        ignores = folder.ignores
        if gitignore and any(entry.name == ".gitignore" for entry in found):
            own = _own_ignore(folder.absolute, tree)
            ignores = (*ignores, _Ignores(own, len(folder.parts))) if own is not None else ignores
        for entry in found:
            try:
                _place(tree, waiting, entry, _Folder(folder.absolute, folder.parts, ignores))
            except OSError as error:
                path = "/".join((*folder.parts, _printable(entry.name)))
                tree.skipped.append(Skipped(path, error.strerror or type(error).__name__))
    tree.files.sort(key=lambda file: file.path)
    return tree


def _place(tree: Tree, waiting: list[_Folder], entry: os.DirEntry[str], folder: _Folder) -> None:
    """Put one entry of a folder where it belongs."""
    parts = (*folder.parts, _printable(entry.name))
    path = "/".join(parts)
    if entry.is_symlink():
        _symlink(tree, entry, path)
        return
    is_directory = entry.is_dir(follow_symlinks=False)
    if (is_directory and _is_vendored(entry, tree)) or _is_ignored(
        folder.ignores, parts, is_directory=is_directory
    ):
        tree.passed_over.append(path)
    elif is_directory:
        if len(parts) > _MAX_DEPTH:
            tree.skipped.append(Skipped(path, f"nested deeper than {_MAX_DEPTH} folders"))
        else:
            waiting.append(_Folder(entry.path, parts, folder.ignores))
    else:
        _regular(tree, entry, parts)


def _regular(tree: Tree, entry: os.DirEntry[str], parts: tuple[str, ...]) -> None:
    if not _kind(parts):
        return
    info = entry.stat(follow_symlinks=False)
    tree.seen[entry.path] = seen(info)
    file = _file(entry.path, parts, info)
    if not stat.S_ISREG(info.st_mode):
        tree.skipped.append(Skipped(file.path, "not a regular file"))
    elif info.st_size > MAX_BYTES:
        tree.skipped.append(Skipped(file.path, f"larger than {MAX_BYTES:,} bytes"))
    else:
        tree.files.append(file)


def _symlink(tree: Tree, entry: os.DirEntry[str], path: str) -> None:
    """Pass over a link: what it names is read where it stands, if it stands in the tree."""
    kind = _kind(tuple(path.split("/")))
    target = os.path.realpath(entry.path)
    inside = (target + os.sep).startswith(str(tree.root) + os.sep)
    if not inside and (kind or Path(target).is_dir()):
        tree.skipped.append(Skipped(path, "a symbolic link that leaves the tree"))


def _is_vendored(entry: os.DirEntry[str], tree: Tree) -> bool:
    name = entry.name
    if name in _VENDORED or name.endswith((".egg-info", ".dist-info")):
        return True
    if not os.path.isfile(f"{entry.path}{os.sep}pyvenv.cfg"):  # noqa: PTH113 - one for each folder
        return False
    tree.seen[entry.path] = seen(entry.stat(follow_symlinks=False))
    return True


def _is_ignored(
    ignores: tuple[_Ignores, ...], parts: tuple[str, ...], *, is_directory: bool
) -> bool:
    for ignore in reversed(ignores):
        decided = ignore.decide(parts, is_directory=is_directory)
        if decided is not None:
            return decided
    return False


def around(root: Path) -> tuple[tuple[tuple[str, ...], Path], ...]:
    """Return the ignore files that count for the tree at ``root`` and are not in it.

    Those of the repository above it, the first one's ``.git/info/exclude`` among them, whether they
    exist or not; each with the parts of ``root`` below its folder. Nothing outside a repository.
    """
    folders: list[Path] = []
    for folder in [root, *root.parents][:_MAX_DEPTH]:
        folders.append(folder)
        if (folder / ".git").exists():
            break
    else:
        return ()
    top = folders[-1]
    return (
        (root.relative_to(top).parts, top / ".git" / "info" / "exclude"),
        *((root.relative_to(each).parts, each / ".gitignore") for each in reversed(folders[1:])),
    )


def _ignores_around(root: Path) -> list[_Ignores]:
    """Return what the repository around the tree leaves out, and what only this checkout does.

    Nothing, if it leaves out the tree itself: whoever asks for that means it.
    """
    found: list[_Ignores] = []
    whole: tuple[str, ...] = ()
    for above, path in around(root):
        whole = whole or above
        own = _ignore_at(path)
        if own is not None:
            found.append(_Ignores(own, above=above))
    for end in range(1, len(whole) + 1):
        # As if from the top of the repository: which folder on the way is left out?
        for each in found:
            below = whole[len(whole) - len(each.above) : end]
            if below and each.patterns.decide(below, is_directory=True):
                return []
    return found


def _own_ignore(folder: str, tree: Tree) -> Ignore | None:
    path = Path(folder, ".gitignore")
    with suppress(OSError):
        tree.seen[str(path)] = seen(path.lstat())
    return _ignore_at(path)


def _ignore_at(path: Path) -> Ignore | None:
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > 200_000:
            return None
        return Ignore(path.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return None


def _printable(name: str) -> str:
    """Return a file's name as text that can be encoded; escaping it is the printer's."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def _file(absolute: str, parts: tuple[str, ...], info: os.stat_result) -> File:
    return File(
        "/".join(parts),
        Path(absolute),
        _kind(parts),
        info.st_size,
        info.st_mtime_ns,
        is_test(parts),
    )


def _kind(parts: tuple[str, ...]) -> str:
    name = parts[-1].lower()
    suffix = name[name.rfind(".") :] if "." in name else ""
    if suffix in {".py", ".pyw"}:
        return "python"
    folders = {part.lower() for part in parts[:-1]}
    in_templates = bool(folders & _TEMPLATE_FOLDERS)
    if suffix in _MARKUP and (in_templates or not folders & _STATIC_FOLDERS):
        return "template"
    if suffix in _TEXT and in_templates:
        return "template"
    if suffix in {".js", ".mjs"}:
        return "script" if is_own_script(parts) else ""
    if name in {"pyproject.toml", "pipfile", "poetry.lock", "uv.lock", "pipfile.lock", "setup.cfg"}:
        return "other"
    if form_of("/".join(parts)):
        return "environment"
    return (
        "other" if "requirements" in "/".join(parts).lower() and suffix in {".txt", ".in"} else ""
    )


def is_test(parts: tuple[str, ...]) -> bool:
    """Say whether a path, as its parts, belongs to a test-suite and is not deployed.

    >>> is_test(("shop", "tests", "views.py")), is_test(("shop", "latest.py"))
    (True, False)
    """
    name = parts[-1].lower()
    if name in {"conftest.py", "test.py"} or name.startswith(("test_", "tests.")):
        return True
    if name.endswith(("_test.py", "_tests.py")):
        return True
    return any(
        part.lower() in _TEST_FOLDERS or part.startswith("test_") or part.endswith("_tests")
        for part in parts[:-1]
    )


def read(file: File) -> str | Skipped:
    """Return a file's text, or why it has none."""
    try:
        # The name may have become a link or a pipe since the walk.
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        number = os.open(file.absolute, flags)
        try:
            info = os.fstat(number)
            if not stat.S_ISREG(info.st_mode):
                return Skipped(file.path, "not a regular file")
            data = _read_all(number, info.st_size)
        finally:
            os.close(number)
    except OSError as error:
        return Skipped(file.path, f"cannot be read: {error.strerror or type(error).__name__}")
    if len(data) > MAX_BYTES:
        return Skipped(file.path, f"larger than {MAX_BYTES:,} bytes")
    text = decode(data, python=file.kind == "python")
    return text if isinstance(text, str) else Skipped(file.path, text.reason)


def _read_all(number: int, size: int) -> bytes:
    """Return what an open file of ``size`` bytes has, and not much more than the most wanted."""
    data = os.read(number, min(size, MAX_BYTES) + 1)
    if len(data) == size:
        return data
    # It has grown or shrunk since, or the system gave less than there is.
    while len(data) <= MAX_BYTES:
        more = os.read(number, MAX_BYTES + 1 - len(data))
        if not more:
            break
        data += more
    return data


def decode(data: bytes, *, python: bool) -> str | Skipped:
    r"""Return the text of ``data``, or why it is none: UTF-8, or what PEP 263 says in Python.

    >>> decode("# coding: latin-1\nä".encode("latin-1"), python=True)
    '# coding: latin-1\nä'
    """
    text = _of_usual_module(data) if python else None
    if text is None:
        found = _decoded(data, python=python)
        if isinstance(found, Skipped):
            return found
        text = found
    if "\0" in text[:1000]:
        return Skipped("", "binary data")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _of_usual_module(data: bytes) -> str | None:
    """Return the text of a module whose first two lines name no encoding: of nearly all."""
    second = data.find(b"\n") + 1
    end = data.find(b"\n", second) if second else -1
    if data.find(b"coding", 0, end if end >= 0 else len(data)) >= 0:
        return None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _decoded(data: bytes, *, python: bool) -> str | Skipped:
    encoding = "utf-8-sig"
    if python:
        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        except (SyntaxError, UnicodeDecodeError, ValueError) as error:
            # The name that is not known may be a line of megabytes.
            return Skipped("", f"not utf-8, and no encoding that is known: {str(error)[:100]}")
    if encoding.replace("-", "_").lower() in _NOT_TEXT:
        return Skipped("", f"not a text encoding: {encoding}")
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        return Skipped("", f"not {encoding}, which it should be")
