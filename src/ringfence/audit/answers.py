"""The last answer to the same command, word for word, as long as nothing it depends on changed.

Nothing is read then, and nothing of the audit is imported: whether a file or a folder is still the
same is asked of the file system, as git asks it (https://git-scm.com/docs/racy-git). A change that
leaves size, inode and both times as they were cannot be made by writing: ``ctime`` is the system's
own. What changed so shortly before the audit that its times may not tell a later change is not
relied upon: then no answer is kept.

An answer is JSON. It lies in the user's own cache folder, which nobody else may write to.
"""

from __future__ import annotations

import json
import os
import stat
import sys
import time
from binascii import crc32
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any, TextIO

import ringfence

__all__ = ["Seen", "beside", "folder", "keep", "now", "recall", "seen", "top_of"]

#: A file or folder as the file system tells it: mode, inode, size, mtime and ctime (both in ns).
Seen = tuple[int, int, int, int, int]

_FORMAT = 1
#: Some file systems count time in steps of two seconds.
_STEP = 2_000_000_000
_LARGEST = 100_000_000
#: A configuration is looked for in so many folders above the tree's.
_ABOVE = 10
#: What else decides how something is printed.
_VARIABLES = ("NO_COLOR", "TERM", "COLUMNS", "LINES", "FORCE_COLOR", "PYTHONIOENCODING")


def now() -> int:
    """Return the time, in nanoseconds as the file system has them."""
    return time.time_ns()


def seen(info: os.stat_result) -> Seen:
    """Return what would change if the file or folder did."""
    return (info.st_mode, info.st_ino, info.st_size, info.st_mtime_ns, info.st_ctime_ns)


def folder() -> str:
    """Return the folder to keep things in, "" where there is no safe one. It is not made here.

    It must belong to this user, and nobody else may write to it: what is read from it decides
    what a report says.
    """
    path = beside()
    try:
        info = os.lstat(path) if path else None
    except OSError:
        return ""
    if info is None or not stat.S_ISDIR(info.st_mode):
        return ""
    if os.name == "posix" and (info.st_uid != os.geteuid() or info.st_mode & 0o022):
        return ""
    return path


def beside() -> str:
    """Return where that folder is or would be, "" if the user has no home."""
    given = os.environ.get("XDG_CACHE_HOME", "")
    base = given if given.startswith("/") else os.path.expanduser("~/.cache")
    return f"{base}/ringfence" if os.path.isabs(base) else ""


def top_of(root: str) -> str:
    """Return the repository that ``root`` is in, ``root`` itself if it is in none.

    A continuous integration often has its caches in the checkout: whoever wrote that could have
    put an answer there that we would believe.
    """
    at = root
    while True:
        if os.path.exists(os.path.join(at, ".git")):
            return at
        above = os.path.dirname(at)
        if above == at:
            return root
        at = above


def recall(given: Sequence[str], stdout: TextIO) -> int | None:
    """Print the last answer to the arguments ``given``, and return its exit status.

    Returns None, and prints nothing, if there is none, or if it may be another one today.
    """
    started = time.monotonic()
    where = folder()
    if not where or os.name != "posix":
        return None
    try:
        with open(_name(where, given), "rb") as stream:
            kept = json.loads(stream.read(_LARGEST))
        if kept["key"] != _key(given, stdout):
            return None
        place, root, tree = kept["place"]
        if os.path.realpath(place) != root or _is_in(where, top_of(tree)):
            return None
        if kept["above"] != _above(root) or not _still(kept):
            return None
        head, tail, status = kept["said"]
        if not isinstance(status, int):
            return None
        text = head if tail is None else f"{head}{time.monotonic() - started:.1f}{tail}"
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return None
    stdout.write(text)
    return status


def keep(
    given: Sequence[str],
    stdout: TextIO,
    said: tuple[str, str | None, int],
    *,
    place: tuple[str, str, str],
    began: int,
    depends: Mapping[str, Seen],
    files: Iterable[str],
) -> None:
    """Keep what was ``said``: the text, what follows the seconds in it, and the exit status.

    ``place`` is what the user called it, where that is, and the tree that it is in. ``depends`` has
    what was looked at there, since ``began``; ``files`` are others that are read, or would be if
    they were there.
    """
    where = folder()
    if not where or os.name != "posix" or _is_in(where, top_of(place[2])):
        return
    package = _package()
    others = {path: _followed(path) for path in files}
    known = (*depends.values(), *package.values(), *filter(None, others.values()))
    if any(max(each[3], each[4]) > began - _STEP for each in known):
        return
    kept = {
        "key": _key(given, stdout),
        "place": place,
        "said": said,
        "above": _above(place[1]),
        "depends": [*map(list, depends.items())],
        "package": [*map(list, package.items())],
        "others": [*map(list, others.items())],
    }
    import tempfile  # noqa: PLC0415 - only where something is kept

    with suppress(OSError):
        handle, name = tempfile.mkstemp(dir=where, prefix="answer.")
        try:
            with os.fdopen(handle, "w", encoding="ascii") as stream:
                json.dump(kept, stream, separators=(",", ":"))
            os.replace(name, _name(where, given))
        except BaseException:
            os.unlink(name)
            raise


def _name(where: str, given: Sequence[str]) -> str:
    # Two commands of one name only take one another's place: the key says which it was.
    return f"{where}/{crc32(repr((os.getcwd(), *given)).encode('utf-8', 'replace')):08x}.answer"


def _key(given: Sequence[str], stdout: TextIO) -> list[object]:
    """Return what the answer depends on besides files; accepted findings expire by the day."""
    terminal = stdout.isatty()
    width = list(os.get_terminal_size()) if terminal else None
    return [
        _FORMAT,
        ringfence.__version__,
        os.path.dirname(ringfence.__file__),
        sys.version,
        sys.prefix,
        time.strftime("%Y-%m-%d", time.gmtime()),
        os.getcwd(),
        list(given),
        getattr(stdout, "encoding", None),
        [terminal, width],
        [os.environ.get(name) for name in _VARIABLES],
    ]


def _above(root: str) -> list[list[int]]:
    """Return which of the folders of ``root`` are repositories, and which anybody may write to."""
    found = []
    at = root
    for _ in range(_ABOVE):
        found.append([int(os.path.exists(f"{at}/.git")), os.stat(at).st_mode & 0o002])
        at = os.path.dirname(at)
    return found


def _still(kept: Mapping[str, Any]) -> bool:
    """Say whether everything is as it was."""
    lstat = os.lstat
    for path, before in kept["depends"]:
        # The very comparison of :func:`seen`, written out: there are thousands of them.
        info = lstat(path)
        if [
            info.st_mode,
            info.st_ino,
            info.st_size,
            info.st_mtime_ns,
            info.st_ctime_ns,
        ] != before:
            return False
    others = [[path, _followed(path)] for path, _ in kept["others"]]
    if [[path, None if info is None else list(info)] for path, info in others] != kept["others"]:
        return False
    return bool([[path, list(info)] for path, info in _package().items()] == kept["package"])


def _followed(path: str) -> Seen | None:
    try:
        return seen(os.stat(path))
    except OSError:
        return None


def _package() -> dict[str, Seen]:
    """Return the modules of this package: an editable checkout changes by the minute."""
    found: dict[str, Seen] = {}
    waiting = [os.path.dirname(ringfence.__file__)]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.name.endswith(".py"):
                    found[entry.path] = seen(entry.stat())
                elif "." not in entry.name and entry.name != "__pycache__" and entry.is_dir():
                    waiting.append(entry.path)
    return found


def _is_in(path: str, top: str) -> bool:
    return (os.path.realpath(path) + "/").startswith(top.rstrip("/") + "/")
