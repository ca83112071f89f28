"""What is kept from one run to the next: in the user's own cache folder, and nowhere else.

A file of facts has one line for each file of the audited tree: what it is called (a digest of its
path and its text), a tab, and JSON. What another version of ringfence wrote is not read.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

import ringfence
from ringfence.audit import answers

__all__ = ["Facts", "Kept", "digest", "folder", "version"]

#: A cache that grew larger than this is begun anew.
_LIMIT = 1_000_000_000


def folder() -> Path | None:
    """Return the folder to keep things in, made if need be; None where there is no safe one.

    It must belong to this user, and nobody else may write to it: what is read from it decides
    what a report says.
    """
    place = answers.beside()
    try:
        if place:
            Path(place).mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return None
    safe = answers.folder()
    return Path(safe) if safe else None


def version() -> str:
    """Return what changes whenever the package does: an editable checkout changes by the minute."""
    root = Path(ringfence.__file__).parent
    # The interpreter's grammar, and the packages beside it, have a part in what is understood.
    seen = [ringfence.__version__, sys.version, sys.prefix]
    for path in sorted(root.rglob("*.py")):
        with suppress(OSError):
            info = path.stat()
            seen.append(f"{path.relative_to(root)} {info.st_size} {info.st_mtime_ns}")
    return digest(*seen)


def digest(*parts: str) -> str:
    """Return what stands for ``parts``, in this order: 40 hex digits."""
    made = blake2b(digest_size=20)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        made.update(b"%d:" % len(data))
        made.update(data)
    return made.hexdigest()


class Kept:
    """Lines by key, in one file. Only what was asked for or put in this run is kept for the next.

    Without a path it keeps nothing. The file is replaced at the end, at once, or not at all.
    """

    def __init__(self, path: Path | None, version: str) -> None:
        self._path = path
        self._version = version
        self._places: dict[str, tuple[int, int]] = {}
        self._before: BinaryIO | None = None
        self._after: BinaryIO | None = None
        self._name = Path()
        self._changed = False
        self._open = ExitStack()

    def __enter__(self) -> Self:
        if self._path is not None:
            try:
                self._begin(self._path)
            except OSError:
                self._path = None
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        _error: BaseException | None,
        _at: TracebackType | None,
    ) -> None:
        after = self._after
        with self._open:
            if after is None or self._path is None:
                return
            if kind is None and self._changed and after.tell() <= _LIMIT:
                with suppress(OSError):
                    after.flush()
                    self._name.replace(self._path)
                    return
            with suppress(OSError):
                self._name.unlink()

    @property
    def keeps(self) -> bool:
        """Whether anything is kept at all."""
        return self._after is not None

    def get(self, key: str) -> bytes | None:
        """Return what was put under ``key`` by an earlier run."""
        place = self._places.get(key)
        if place is None or self._before is None:
            return None
        self._before.seek(place[0])
        body = self._before.read(place[1])
        self._write(key, body)
        return body

    def put(self, key: str, body: bytes) -> None:
        """Keep ``body``, which has no line break in it, for the next run."""
        self._changed = True
        self._write(key, body)

    def _write(self, key: str, body: bytes) -> None:
        if self._after is not None:
            self._after.write(b"%b\t%b\n" % (key.encode(), body))

    def _begin(self, path: Path) -> None:
        import tempfile  # noqa: PLC0415 - only where something is kept

        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
        self._after = self._open.enter_context(os.fdopen(handle, "wb"))
        self._name = Path(name)
        header = f"ringfence {self._version}\n".encode()
        self._after.write(header)
        with suppress(FileNotFoundError):
            self._before = self._open.enter_context(path.open("rb"))
            if self._before.readline(200) == header:
                self._index(self._before)

    def _index(self, stream: BinaryIO) -> None:
        at = stream.tell()
        for line in stream:
            key, tab, _ = line.partition(b"\t")
            if tab and line.endswith(b"\n"):
                start = at + len(key) + 1
                self._places[key.decode("ascii", "replace")] = (start, len(line) - len(key) - 2)
            at += len(line)


class Facts:
    """The kept facts of files, by path: those of a file whose text has not changed."""

    def __init__(self, path: Path | None, version: str, keys: Mapping[str, str]) -> None:
        self._kept = Kept(path, version)
        self._keys = keys

    def __enter__(self) -> Self:
        self._kept.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._kept.__exit__(kind, error, at)

    @property
    def keeps(self) -> bool:
        """Whether anything is kept at all."""
        return self._kept.keeps

    def get(self, path: str) -> bytes | None:
        """Return the kept facts of the file at ``path``."""
        key = self._keys.get(path)
        return None if key is None else self._kept.get(key)

    def put(self, path: str, key: str, body: bytes) -> None:
        """Keep the facts of a file, which are those of the text that ``key`` is about."""
        self._kept.put(key, body)
