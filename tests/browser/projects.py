"""The example's site with other settings, run by its own command in a process of its own."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "teller"

HEAD = """
from site_of_its_own.{base} import *
DATABASES = {{"default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": {database!r}}}}}
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What a run of ``ringfence prove`` came to."""

    status: int
    out: str
    err: str
    document: dict[str, Any] | None

    def verdicts(self, attack: str) -> list[dict[str, Any]]:
        """Return the verdicts on that attack; there is at least one."""
        assert self.document is not None, self.err
        found = [item for item in self.document["verdicts"] if item["attack"] == attack]
        assert found, f"no verdict on {attack}: {self.err}"
        return found


class Project:
    """The example with settings of its own in a folder of its own, database included."""

    def __init__(
        self, folder: Path, temporary: Path, extra: str = "", *, base: str = "settings"
    ) -> None:
        self.folder = folder
        self.database = folder / "site.sqlite3"
        self.temporary = temporary
        head = HEAD.format(base=base, database=str(self.database))
        (folder / "project_settings.py").write_text(head + extra, encoding="utf-8")
        with self.start("migrate", "--verbosity=0") as process:
            _, err = process.communicate(timeout=120)
        assert process.returncode == 0, err

    @property
    def environment(self) -> dict[str, str]:
        path = os.pathsep.join(map(str, (self.folder, EXAMPLE, ROOT / "src")))
        return {
            **os.environ,
            "PYTHONPATH": path,
            "DJANGO_SETTINGS_MODULE": "project_settings",
            "TMPDIR": str(self.temporary),
            "PYTHONIOENCODING": "utf-8",
        }

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        return self.run_module("django", *arguments, **environment)

    def run_module(self, module: str, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        with _interruptible():
            return subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=self.folder,
                env={**self.environment, **environment},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )

    def prove(self, *arguments: str, **environment: str) -> Run:
        report = self.folder / "proof.json"
        with self.start(
            "ringfence", "prove", "--json", str(report), *arguments, **environment
        ) as process:
            out, err = process.communicate(timeout=600)
        document = json.loads(report.read_text("utf-8")) if report.exists() else None
        return Run(process.returncode, out, err, document)

    def prove_until(self, line: str, number: signal.Signals, *arguments: str) -> int:
        """Start a proof, send it a signal once it has said ``line``, and return its status."""
        with self.start("ringfence", "prove", *arguments) as process:
            assert any(line in said for said in process.stderr), f"it never said {line!r}"
            process.send_signal(number)
            process.communicate(timeout=60)
        return process.returncode

    def fingerprint(self) -> str:
        return hashlib.sha256(self.database.read_bytes()).hexdigest()

    def left_behind(self) -> list[str]:
        """Return temporary files and processes that a run has left."""
        files = [str(path) for path in self.temporary.iterdir()]
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    command = (entry / "cmdline").read_bytes()
                except OSError:
                    continue
                if str(self.temporary).encode() in command:
                    files.append(command.decode(errors="replace"))
        return files


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let what is started in the block be interrupted.

    A shell has its jobs in the background ignore SIGINT, the suite among them, and a process
    inherits that; a handler it does not inherit.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
