"""Several files are replaced together: all of them, or none."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from ringfence.audit.drafts import Draft, UnfitError, bytes_of

__all__ = ["WriteError", "write"]


class WriteError(Exception):
    """Nothing was written, or what was written has been put back; one sentence says why."""


def write(root: Path, drafts: Sequence[Draft]) -> None:
    """Write what the drafts have become.

    Every new content stands beside its file, complete, before the first file is replaced. A file
    whose bytes are not those that the draft was made of stays as it is, and so do all others.

    :raises WriteError: if one of them cannot be written.
    """
    # Before, so that nothing is written through a folder that became a link; and after, for what
    # changed in the meantime.
    for draft in drafts:
        _still(root, draft)
    with _prepared(drafts) as prepared:
        for draft in drafts:
            _still(root, draft)
        done: list[Draft] = []
        try:
            for draft in drafts:
                prepared[draft.original.path].replace(draft.original.absolute)
                done.append(draft)
        except OSError as error:
            _put_back(done)
            path = drafts[len(done)].original.path
            raise WriteError(f"{path}: cannot be replaced: {error.strerror}.") from error
        except BaseException:
            _put_back(done)
            raise


@contextmanager
def _prepared(drafts: Sequence[Draft]) -> Iterator[Mapping[str, Path]]:
    made: dict[str, Path] = {}
    try:
        for draft in drafts:
            try:
                made[draft.original.path] = _beside(draft.original.absolute, draft.data)
            except (OSError, UnfitError) as error:
                why = error.strerror if isinstance(error, OSError) else error
                raise WriteError(f"{draft.original.path}: cannot be written: {why}.") from error
        yield made
    finally:
        for path in made.values():
            with suppress(FileNotFoundError):
                path.unlink()


def _still(root: Path, draft: Draft) -> None:
    original = draft.original
    try:
        same = bytes_of(root, original.absolute) == original.data
    except UnfitError as error:
        raise WriteError(f"{original.path}: cannot be replaced: {error}.") from error
    if not same:
        raise WriteError(f"{original.path}: changed while it was audited. Run it again.")


def _beside(path: Path, data: bytes) -> Path:
    """Write ``data`` to a new file in the same folder, with the mode and owner of the old one."""
    before = path.stat()
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.")
    made = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        after = made.stat()
        if hasattr(os, "chown") and (after.st_uid, after.st_gid) != (before.st_uid, before.st_gid):
            with suppress(PermissionError):
                os.chown(made, before.st_uid, before.st_gid)
        made.chmod(before.st_mode & 0o7777)
    except BaseException:
        with suppress(OSError):
            made.unlink()
        raise
    return made


def _put_back(done: Sequence[Draft]) -> None:
    for draft in done:
        with suppress(OSError):
            _beside(draft.original.absolute, draft.original.data).replace(draft.original.absolute)
