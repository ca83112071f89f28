"""The pairs of Python and Django that the package declares, and a virtual environment for each."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

__all__ = ["DJANGOS", "PYTHONS", "ROOT", "Pair", "declared", "ensure", "interpreters"]

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".matrix"

#: Each Django series with the oldest Python that it accepts (its release notes say so).
DJANGOS = {"5.2": (3, 11), "6.0": (3, 12), "6.1": (3, 12)}
PYTHONS = ("3.11", "3.12", "3.13")


@dataclass(frozen=True, slots=True, order=True)
class Pair:
    """One Django series on one Python version, both as ``major.minor``."""

    django: str
    python: str

    @property
    def name(self) -> str:
        """The pair's name on the command line and in the folder of environments."""
        return f"py{self.python}-dj{self.django}"


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


def declared() -> list[Pair]:
    """Every pair that the package claims to support, newest Python first for each Django."""
    return [
        Pair(django, python)
        for django, oldest in DJANGOS.items()
        for python in sorted(PYTHONS, key=_version, reverse=True)
        if _version(python) >= oldest
    ]


def interpreters() -> dict[str, Path]:
    """Return the interpreters found on PATH and in pyenv's folder, by ``major.minor``.

    Each candidate is run before it is believed: pyenv puts names on PATH that have no interpreter
    behind them, and Debian splits ``venv`` and ``ensurepip`` off its Python.
    """
    found: dict[str, Path] = {}
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for version in PYTHONS:
        candidates = [str(path) for path in sorted(pyenv.glob(f"{version}.*/bin/python"))]
        candidates += [f"python{version}", "python3"]
        for candidate in candidates:
            path = shutil.which(candidate)
            if path and _answers(path, version):
                found[version] = Path(path)
                break
    return found


def _answers(path: str, version: str) -> bool:
    code = "import ensurepip, sys, venv; print('%d.%d' % sys.version_info[:2])"
    answer = subprocess.run([path, "-c", code], capture_output=True, text=True, check=False)
    return answer.returncode == 0 and answer.stdout.strip() == version


def ensure(pair: Pair, interpreter: Path) -> Path:
    """Return the Python of the environment for ``pair``, made or brought up to date first.

    Raises :exc:`subprocess.CalledProcessError` with pip's output when an install fails.
    """
    folder = FOLDER / pair.name
    python = folder / "bin" / "python"
    stamp = folder / "installed-from"
    content = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    FOLDER.mkdir(exist_ok=True)
    with _locked(FOLDER / f"{pair.name}.lock"):
        if stamp.exists() and stamp.read_text() == content:
            return python
        if not python.exists():
            _quietly([str(interpreter), "-m", "venv", str(folder)])
        pip = [str(python), "-m", "pip", "install", "-qq", "--upgrade"]
        _quietly([*pip, "pip>=25.1"])  # the first that knows --group
        _quietly([*pip, f"Django~={pair.django}.0", "--editable", ".", "--group", "test"])
        stamp.write_text(content)
    return python


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Keep two runs (the matrix and the peers' suites) from filling one environment at once."""
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _quietly(command: list[str]) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        raise subprocess.CalledProcessError(done.returncode, command, done.stdout, done.stderr)


def this() -> Pair:
    """Return the pair that the running interpreter's own environment is."""
    import django

    series = re.match(r"\d+\.\d+", django.__version__)
    if series is None:
        raise RuntimeError(f"Django calls itself {django.__version__!r}")
    return Pair(series[0], f"{sys.version_info[0]}.{sys.version_info[1]}")
