"""Where the browser is."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from ringfence.sandbox.errors import BrowserMissingError

__all__ = ["find_browser"]

#: Names that distributions give to a Chromium.
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

_HOW_TO_GET_ONE = """\
No Chromium was found: not on PATH, not in Playwright's folder. Without a browser nothing can be \
proved. One of these gives you one:
    apt-get install chromium              (Debian, Ubuntu; any Chromium or Chrome on PATH will do)
    python -m playwright install chromium
    manage.py ringfence prove --browser-path /path/to/chrome   (or RINGFENCE_BROWSER=/path/...)"""


def find_browser(named: str | None = None) -> str:
    """Return the path of a Chromium: named, on PATH, or in Playwright's folder.

    Raises :class:`BrowserMissingError`, with what to do.
    """
    named = named or os.environ.get("RINGFENCE_BROWSER")
    if named:
        found = shutil.which(named)
        if found is None:
            raise BrowserMissingError(f"{named!r} is no program that can be run.")
        return found
    on_path = next(filter(None, map(shutil.which, _NAMES)), None)
    if on_path is not None:
        return on_path
    root = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright"
    downloaded = sorted(Path(root).glob("chromium-*/chrome-linux*/chrome")) or sorted(
        Path(root).glob("chromium-*/chrome-mac*/*.app/Contents/MacOS/*")
    )
    if downloaded:
        return str(downloaded[-1])
    raise BrowserMissingError(_HOW_TO_GET_ONE)
