"""What a run is to write, it writes whole or not at all; where it cannot, it says so at once."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

__all__ = ["WriteError", "check_writable", "write"]


class WriteError(Exception):
    """A file cannot be written; one sentence says which, and why."""


def check_writable(option: str, path: Path) -> None:
    """Make sure, before a long run, that its result can be written to ``path`` afterwards.

    :raises WriteError: if it cannot, naming ``option``.
    """
    try:
        if path.is_dir():
            raise WriteError(f"{option} {path}: is a folder; name a file in it.")
        if path.exists() and not path.is_file():
            return  # a pipe or a device is written to as it is
        if not path.parent.is_dir():
            raise WriteError(f"{option} {path}: there is no folder {path.parent}; make it first.")
        _beside(path, b"").unlink()
    except OSError as error:
        raise WriteError(f"{option} {path}: cannot be written: {error.strerror}.") from error


def write(option: str, path: Path, text: str) -> None:
    """Put ``text`` into the file at once: who reads it meanwhile has the old one, whole.

    What no encoding can hold (a lone surrogate) is written as an escape.

    :raises WriteError: if it cannot, naming ``option``; the old file is then as it was.
    """
    data = text.encode("utf-8", "backslashreplace")
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(data)
        else:
            _beside(path, data).replace(path.resolve())
    except OSError as error:
        raise WriteError(f"{option} {path}: cannot be written: {error.strerror}.") from error


def _beside(path: Path, data: bytes) -> Path:
    """Write ``data`` to a new file in the same folder, with the mode that the old one has."""
    # Of a link, the file that it leads to is replaced.
    path = path.resolve()
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.")
    made = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        made.chmod(path.stat().st_mode & 0o7777 if path.exists() else 0o666 & ~_umask())
    except BaseException:
        with suppress(OSError):
            made.unlink()
        raise
    return made


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
