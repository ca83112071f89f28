"""Known holes: read from our own set (TOML), or from a list of pointers (JSON) and their files."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["Case", "from_pointers", "from_toml"]


@dataclass(frozen=True, slots=True)
class Case:
    """A hole in one file, with what else has to stand in the tree, and the file without the hole.

    ``before`` and ``after`` are whole texts; ``after`` is "" where no fix is known.
    """

    name: str
    cls: str
    path: str
    line: int
    before: str
    after: str = ""
    files: dict[str, str] = field(default_factory=dict)


def from_toml(path: Path) -> Iterator[Case]:
    """Yield the cases of one file of our own set.

    ``path``, ``files`` and ``prelude``, the text above every case, may be given once for all.
    ``at`` is in one line only, the hole's; ``fix`` lists what is replaced by what to mend it. A
    case may also name a ``page`` of the file, a text without holes that many cases share: ``hole``
    then lists what stands in the page and what stood there before it was mended.

    :raises ValueError: if ``at`` or the text to replace is not there.
    """
    table = tomllib.loads(path.read_text("utf-8"))
    prelude = table.get("prelude", "")
    for each in table["case"]:
        row = _opened(path, each, table["page"][each["page"]]) if "page" in each else each
        before = row.get("prelude", prelude) + row["before"]
        lines = [at for at, text in enumerate(before.split("\n"), 1) if row["at"] in text]
        if len(lines) != 1:
            raise ValueError(f"{path.name}: {row['name']}: {row['at']!r} is in lines {lines}")
        after = before
        for old, new in row.get("fix", ()):
            if old not in after:
                raise ValueError(f"{path.name}: {row['name']}: no {old!r} to replace")
            after = after.replace(old, new)
        yield Case(
            name=row["name"],
            cls=row["cls"],
            path=row.get("path", table.get("path", "")),
            line=lines[0],
            before=before,
            after="" if after == before else after,
            files=row.get("files", table.get("files", {})),
        )


def _opened(path: Path, row: dict[str, Any], page: dict[str, str]) -> dict[str, Any]:
    """Return a case of a mended page as a case of its own: the text with its hole, and the fix."""
    after = page["text"].lstrip("\n")
    before = after
    for good, bad in row["hole"]:
        if before.count(good) != 1:
            raise ValueError(f"{path.name}: {row['name']}: {good!r} is not there once")
        before = before.replace(good, bad)
    at = row.get("at", row["hole"][0][1].partition("\n")[0])
    return {**row, "path": page["path"], "at": at, "before": before, "fix": [[before, after]]}


def from_pointers(path: Path, folder: Path) -> Iterator[tuple[int, Case | None]]:
    """Yield the rows of a list of pointers by number, with their files, None where there is none.

    The files of row N stand in ``folder/N/before`` and ``folder/N/after``, each a tree.
    """
    rows: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))
    for number, row in enumerate(rows):
        before, after = (_text(folder / str(number) / side, row["file"]) for side in SIDES)
        name = f"{row['repo']} {row['file']}:{row['line']}"
        case = Case(name, row["cls"], row["file"], row["line"], before, after)
        yield number, case if before else None


SIDES = ("before", "after")


def _text(tree: Path, file: str) -> str:
    path = tree / file
    return path.read_text("utf-8", "replace") if path.is_file() else ""
