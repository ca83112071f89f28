"""A file as it stands, and what is to become of it: bytes, encoding and line ends stay its own."""

from __future__ import annotations

import codecs
import io
import os
import re
import stat
import tokenize
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from ringfence.audit.collect import tree
from ringfence.audit.model import Edit
from ringfence.records import record

__all__ = ["Change", "Draft", "Original", "UnfitError", "overlap", "staged"]


class UnfitError(Exception):
    """A file that cannot be edited, and why."""


class Change(NamedTuple):
    """What stands from ``start`` to ``end`` of a text is to become ``text``."""

    start: int
    end: int
    text: str


@record
class Original:
    r"""A file as it was read. ``text`` is what the audit reads: without mark, lines end ``\n``."""

    path: str
    absolute: Path
    data: bytes
    text: str
    encoding: str
    mark: bytes

    @classmethod
    def read(cls, root: Path, path: str) -> Original:
        """Return the file at ``path`` of the tree at ``root``, or of the one file that it is.

        :raises UnfitError: if it is none of the tree's own, or cannot be written back as it is.
        """
        absolute = root if root.is_file() else root / path
        python = path.endswith((".py", ".pyw"))
        data = bytes_of(root, absolute)
        text = tree.decode(data, python=python)
        if not isinstance(text, str):
            raise UnfitError(text.reason)
        encoding = "utf-8"
        if python:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
        encoding = encoding.removesuffix("-sig")
        original = cls(path, absolute, data, text, encoding, mark)
        if original.written(()) != data:
            raise UnfitError(f"its encoding, {encoding}, does not give back what was read")
        return original

    def written(self, changes: Iterable[Change]) -> bytes:
        """Return the file's bytes after ``changes`` of its text.

        :raises UnfitError: if its encoding has no bytes for one of them.
        """
        raw = self.data[len(self.mark) :].decode(self.encoding)
        #: Where in the text a line feed stands for two characters.
        pairs = [match.start() - at for at, match in enumerate(re.finditer("\r\n", raw))]
        ending = "\r\n" if len(pairs) * 2 > raw.count("\n") else "\n"
        parts, done = [], 0
        for start, end, text in sorted(changes):
            first, last = (at + bisect_left(pairs, at) for at in (start, end))
            parts += [raw[done:first], text.replace("\n", ending)]
            done = last
        parts.append(raw[done:])
        try:
            return self.mark + "".join(parts).encode(self.encoding)
        except UnicodeEncodeError as error:
            raise UnfitError(f"{self.encoding} has no bytes for the change") from error


def bytes_of(root: Path, absolute: Path) -> bytes:
    """Return what a file holds, if no link is on the way to it from the root.

    :raises UnfitError: if there is one, or it cannot be read.
    """
    top = root if root.is_dir() else root.parent
    folder = absolute.parent
    if os.path.realpath(folder) != str(folder) or not folder.is_relative_to(top):
        raise UnfitError("it is reached through a symbolic link")
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        if absolute.is_symlink():
            raise UnfitError("it is a symbolic link")
        with os.fdopen(os.open(absolute, flags), "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise UnfitError("it is not a regular file")
            data = stream.read(tree.MAX_BYTES + 1)
    except OSError as error:
        raise UnfitError(f"it cannot be read: {error.strerror or type(error).__name__}") from error
    if len(data) > tree.MAX_BYTES:
        raise UnfitError(f"it is larger than {tree.MAX_BYTES:,} bytes")
    return data


@record
class Draft:
    """A file's text after changes, which are kept as changes of the original."""

    original: Original
    #: In order: pieces of the original by their offsets, and new text.
    pieces: tuple[Change, ...]

    @classmethod
    def of(cls, original: Original) -> Draft:
        """Return the file as it stands."""
        return cls(original, (Change(0, len(original.text), ""),))

    @property
    def text(self) -> str:
        """The text as it is to be."""
        return "".join(piece.text or self._kept(piece) for piece in self.pieces)

    @property
    def changes(self) -> Sequence[Change]:
        """What is changed of the original, in order."""
        return list(self._changes())

    @property
    def data(self) -> bytes:
        """The bytes as they are to be."""
        return self.original.written(self.changes)

    def edited(self, edits: Iterable[Edit]) -> Draft:
        """Return the draft after edits of its present text, no two of which overlap."""
        pieces = self.pieces
        # From the end on, so that the offsets before it stay what they are.
        for edit in sorted(edits, key=lambda each: each.start, reverse=True):
            new = (Change(0, 0, edit.text),) if edit.text else ()
            pieces = (*_until(pieces, edit.start), *new, *_from(pieces, edit.end))
        return Draft(self.original, pieces)

    def _kept(self, piece: Change) -> str:
        return self.original.text[piece.start : piece.end]

    def _changes(self) -> Iterator[Change]:
        length = len(self.original.text)
        done, new = 0, ""
        for start, end, text in (*self.pieces, Change(length, length, "")):
            if text:
                new += text
                continue
            if new != self.original.text[done:start]:
                yield Change(done, start, new)
            done, new = end, ""


def overlap(edits: Iterable[Edit]) -> bool:
    """Whether it matters in which order the edits of a file are made."""
    ordered = sorted((edit.path, edit.start, edit.end) for edit in edits)
    return any(
        before[0] == after[0] and (before[1] == after[1] or after[1] < before[2])
        for before, after in pairwise(ordered)
    )


def staged(drafts: Mapping[str, Draft], folder: Path) -> dict[str, Path]:
    """Write what has changed into a folder of its own; return where, by the files' paths.

    :raises UnfitError: if an encoding has no bytes for one of them.
    """
    written: dict[str, Path] = {}
    for number, (path, draft) in enumerate(drafts.items()):
        if draft.changes:
            written[path] = folder / str(number)
            written[path].write_bytes(draft.data)
    return written


def _until(pieces: Iterable[Change], at: int) -> Iterator[Change]:
    """Yield what stands before an offset of the text that the pieces make."""
    for piece in pieces:
        if at <= 0:
            return
        length = len(piece.text) or piece.end - piece.start
        yield from _cut(piece, 0, min(at, length))
        at -= length


def _from(pieces: Iterable[Change], at: int) -> Iterator[Change]:
    """Yield what stands behind an offset of the text that the pieces make."""
    for piece in pieces:
        length = len(piece.text) or piece.end - piece.start
        yield from _cut(piece, max(at, 0), length)
        at -= length


def _cut(piece: Change, start: int, end: int) -> Iterator[Change]:
    if start >= end:
        return
    if piece.text:
        yield Change(0, 0, piece.text[start:end])
    else:
        yield Change(piece.start + start, piece.start + end, "")
