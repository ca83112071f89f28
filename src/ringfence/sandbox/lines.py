"""Which line of the project's own files a line of a page is: of a template, or of a static file."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.template import engines

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Lines", "line_of_stack"]

#: What Django's and Jinja2's templates leave out of a page.
_COMMENT: Final = re.compile(r"\{#[^#\n]{0,500}#\}")
#: A place in a stack, as Chromium writes it; addresses may hold brackets.
_FRAME: Final = re.compile(r"(https?://\S{1,2000}):([0-9]{1,7}):[0-9]{1,7}")
_MOST_FILES: Final = 5000
_MOST_BYTES: Final = 2 << 20


def line_of_stack(stack: str, origin: str) -> tuple[str, int] | None:
    r"""Return the address and the line of the site's script that a JavaScript stack came from.

    >>> line_of_stack("Error\n at show (https://a.test/x/?q=1:8:20)", "https://a.test")
    ('https://a.test/x/?q=1', 8)
    """
    frames = stack[:20_000].splitlines()
    # Of evaluated code it is told only where the script begins that evaluates it: the next frame
    # says where that stood.
    frames.sort(key=lambda frame: "eval at" in frame)
    for frame in frames:
        match = _FRAME.search(frame)
        if match is not None and match[1].startswith(f"{origin}/"):
            return match[1], int(match[2])
    return None


class Lines:
    """The lines of every template of the project's engines, read when first asked for."""

    def find(self, page: str, number: int) -> tuple[str, int] | None:
        """Return the file and the line of the ``number``-th line of a page, as it was served.

        Of several templates with such a line that one which has most lines in common with the
        page.
        """
        served = [line.strip() for line in page.splitlines()]
        if not 0 < number <= len(served) or not served[number - 1]:
            return None
        among = set(served)
        candidates = self._known.get(served[number - 1], [])
        best = max(candidates, key=lambda found: self._alike(found[0], among), default=None)
        return None if best is None else (str(best[0]), best[1])

    def static(self, url: str) -> str | None:
        """Return the file of a static address, None where there is none."""
        path, prefix = unquote(urlsplit(url).path), settings.STATIC_URL or ""
        if not prefix.startswith("/") or not path.startswith(prefix):
            return None
        if "django.contrib.staticfiles" not in settings.INSTALLED_APPS:
            return None
        from django.contrib.staticfiles import finders  # noqa: PLC0415 - an app of the site's

        found = finders.find(path.removeprefix(prefix))
        return found if isinstance(found, str) else None

    def _alike(self, file: Path, served: set[str]) -> int:
        return sum(line in served for line in self._files[file])

    @cached_property
    def _files(self) -> dict[Path, list[str]]:
        return {path: _read(path) for path in _templates()}

    @cached_property
    def _known(self) -> dict[str, list[tuple[Path, int]]]:
        known: dict[str, list[tuple[Path, int]]] = defaultdict(list)
        for path, lines in self._files.items():
            for number, line in enumerate(lines, 1):
                if line:
                    known[line].append((path, number))
        return dict(known)


def _templates() -> Iterator[Path]:
    left = _MOST_FILES
    for engine in engines.all():
        for folder in getattr(engine, "template_dirs", ()):
            for path in sorted(Path(folder).rglob("*")):
                if left and path.is_file() and path.stat().st_size < _MOST_BYTES:
                    left -= 1
                    yield path


def _read(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return []
    return [_COMMENT.sub("", line).strip() for line in text.splitlines()]
