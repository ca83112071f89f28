"""One site, from nothing to a result: prepared, rendered in each mode, compared, browsed."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.sites.dom import Comparison, compare
from tests.sites.model import MODES, ROOT, Site

if TYPE_CHECKING:
    from tests.sites.browse import Browsed

__all__ = ["Result", "Workshop"]


@dataclass(slots=True)
class Result:
    """What came of a site. ``pages``: mode, then the page's name."""

    site: Site
    pages: dict[str, dict[str, Comparison]] = field(default_factory=dict)
    #: Pages that stock Django itself answered with another status than expected.
    unexpected: list[str] = field(default_factory=list)
    browsed: Browsed | None = None


class Workshop:
    """A folder in which a site is prepared once and copied for each mode."""

    def __init__(self, site: Site, folder: Path, **environment: str) -> None:
        self.site = site
        self.folder = folder
        self.environment = environment

    def prepare(self) -> None:
        """Make the database; nothing is done where the folder has one already."""
        origin = self.folder / "origin"
        if not (origin / "prepared").exists():
            shutil.rmtree(origin, ignore_errors=True)
            (origin / "media").mkdir(parents=True)
            self._run("tests.sites.prepare", "stock", origin)
            (origin / "prepared").touch()

    def render(self, mode: str) -> dict[str, dict[str, Any]]:
        """Return the answers of the site in that mode, by page."""
        folder = self._copy(f"rendered-{mode}")
        self._run("tests.sites.render", mode, folder, str(folder / "answers.json"))
        answers: dict[str, dict[str, Any]] = json.loads((folder / "answers.json").read_text())
        return answers

    def compare(self, modes: tuple[str, ...] = MODES[1:]) -> Result:
        """Render the site in every mode and compare with stock."""
        result = Result(self.site)
        stock = self.render("stock")
        for page in self.site.pages:
            answer = stock[page.name]
            if answer["status"] != page.status:
                told = answer["body"][-3000:] if answer["type"] == "exception" else answer["place"]
                result.unexpected.append(f"{page.name}: {answer['status']} {told}")
        for mode in modes:
            ours = self.render(mode)
            result.pages[mode] = {
                page.name: compare(stock[page.name], ours[page.name])
                for page in self.site.pages
                if page.compared
            }
        return result

    def browse(self, executable: str, mode: str = "fenced", only: str = "") -> Browsed:
        """Drive a browser through the site."""
        from tests.sites.browse import browse

        folder = self._copy(f"browsed-{mode}")
        with self._served(mode, folder) as (process, port):
            log = folder / "answers.jsonl"
            control = mode == "fenced"
            return browse(self.site, executable, process, port, log, only, control=control)

    @contextlib.contextmanager
    def _served(self, mode: str, folder: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
        errors = (folder / "server.log").open("w")
        with (
            errors,
            subprocess.Popen(
                [sys.executable, "-m", "tests.sites.serve"],
                cwd=ROOT,
                env=self._environment(mode, folder),
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            ) as process,
        ):
            try:
                assert process.stdout is not None
                line = process.stdout.readline()
                if not line:
                    raise RuntimeError((folder / "server.log").read_text())
                yield process, int(line)
            finally:
                process.terminate()

    def _copy(self, name: str) -> Path:
        self.prepare()
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.folder / "origin", folder)
        return folder

    def _run(self, module: str, mode: str, folder: Path, *arguments: str) -> None:
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env=self._environment(mode, folder),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{module} on {self.site.name} in mode {mode}:\n{done.stdout}")

    def _environment(self, mode: str, folder: Path) -> dict[str, str]:
        outer = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
        return {
            **outer,
            "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT))),
            # Sets are walked in one order in every process.
            "PYTHONHASHSEED": "0",
            "PYTHONDONTWRITEBYTECODE": "1",
            "DJANGO_SETTINGS_MODULE": "tests.sites.settings",
            "SITES_SITE": self.site.name,
            "SITES_MODE": mode,
            "SITES_FOLDER": str(folder),
            **self.environment,
        }
