"""Run the test-suites of Django and django-csp with ringfence's stand-alone classes in place.

Their source distributions are downloaded when needed and kept in ``.peers``; nothing of them is
committed, and their test files are not changed. ``tests/peers`` asserts on what this reports.

    python scripts/peers.py              every peer, ours in the place of theirs
    python scripts/peers.py --theirs     the baseline: their own classes
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from environments import ROOT, Pair, declared, ensure, interpreters

CACHE = ROOT / ".peers"
INPLACE = ROOT / "tests" / "peers" / "inplace.py"

FOREIGN = ("DJANGO_", "PYTEST_")

#: The modules of Django's suite that concern what ringfence replaces.
DJANGO_LABELS = (
    "csrf_tests",
    "middleware.tests",
    "middleware.test_security",
    "middleware.test_csp",
    "utils_tests.test_csp",
    "decorators.test_clickjacking",
    "decorators.test_csrf",
    "decorators.test_csp",
    "check_framework.test_security",
)


@dataclass(frozen=True, slots=True)
class Run:
    """One peer's suite on one pair of Django and Python."""

    peer: str
    pair: Pair

    @property
    def name(self) -> str:
        """The run's name in reports and test ids."""
        return f"{self.peer}-on-{self.pair.name}"


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a run; test ids are the peer's own."""

    ran: tuple[str, ...]
    failed: dict[str, str]
    skipped: tuple[str, ...]
    made: dict[str, int]
    theirs: dict[str, int]
    replaced: tuple[str, ...]
    output: str


def runs() -> list[Run]:
    """Return a run for each peer on each Django series, on the newest Python found for it.

    A series for which none is found keeps the newest declared, so that it is reported missing.
    """
    found = interpreters()
    best: dict[str, Pair] = {}
    for pair in declared():
        if pair.django not in best or (
            best[pair.django].python not in found and pair.python in found
        ):
            best[pair.django] = pair
    return [Run(peer, pair) for peer in ("django", "django-csp") for pair in best.values()]


def carried_out(run: Run, *, ours: bool) -> Report:
    """Carry out ``run`` and report it.

    Raises :exc:`RuntimeError` with the output when the suite could not be run to its end.
    """
    python = ensure(run.pair, interpreters()[run.pair.python])
    source = source_of(python, {"django": "Django", "django-csp": "django-csp"}[run.peer])
    arguments = []
    folder = source
    if run.peer == "django":
        folder = source / "tests"
        arguments = [str(folder / "runtests.py"), *_labels(folder)]
    return watched(python, INPLACE, [run.peer, *arguments], folder, name=run.name, ours=ours)


def watched(
    python: Path, script: Path, arguments: Sequence[str], folder: Path, *, name: str, ours: bool
) -> Report:
    """Run a script of ``tests/peers`` in ``folder``, and return the report that it wrote.

    Raises :exc:`RuntimeError` with the output when the suite could not be run to its end.
    """
    with tempfile.TemporaryDirectory() as temporary:
        destination = Path(temporary) / "report.json"
        whose = "ours" if ours else "theirs"
        done = subprocess.run(
            [str(python), str(script), str(destination), whose, *arguments],
            cwd=folder,
            # What the suite that starts this says of its own settings is not for the peer's.
            env={key: value for key, value in os.environ.items() if not key.startswith(FOREIGN)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if not destination.exists():
            raise RuntimeError(f"{name} did not run:\n{done.stdout}")
        found = json.loads(destination.read_text())
    if "crash" in found:
        raise RuntimeError(f"{name} did not run to its end:\n{done.stdout}\n{found['crash']}")
    return Report(
        ran=tuple(found["ran"]),
        failed=found["failed"],
        skipped=tuple(found["skipped"]),
        made=found["made"],
        theirs=found["theirs"],
        replaced=tuple(found["replaced"]),
        output=done.stdout,
    )


def _labels(tests: Path) -> list[str]:
    """Return the labels that this version of Django's suite has."""
    return [
        label
        for label in DJANGO_LABELS
        if (tests / label.replace(".", "/")).is_dir()
        or (tests / f"{label.replace('.', '/')}.py").is_file()
    ]


def source_of(python: Path, distribution: str) -> Path:
    """Return the unpacked source of the distribution, in the version that ``python`` has."""
    code = f"import importlib.metadata as m; print(m.version({distribution!r}))"
    version = subprocess.check_output([str(python), "-c", code], text=True).strip()
    folder = CACHE / f"{distribution}-{version}"
    if not folder.exists():
        CACHE.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as temporary:
            subprocess.run(
                [
                    *(str(python), "-m", "pip", "download", "-qq", "--no-deps"),
                    *("--no-binary", ":all:", "--dest", temporary, f"{distribution}=={version}"),
                ],
                check=True,
                stdout=subprocess.DEVNULL,
            )
            (archive,) = Path(temporary).glob("*.tar.gz")
            with tarfile.open(archive) as tar:
                _unpack(tar, Path(temporary))
            (unpacked,) = (path for path in Path(temporary).iterdir() if path.is_dir())
            unpacked.rename(folder)
    return folder


def _unpack(tar: tarfile.TarFile, folder: Path) -> None:
    if hasattr(tarfile, "data_filter"):
        tar.extractall(folder, filter="data")
    else:  # Debian 12's Python, 3.11.2, is older than filters (3.11.4)
        tar.extractall(folder)  # noqa: S202 - what is unpacked is about to be run


def main() -> int:
    """Run every peer that can be run here; the exit code is 1 if a test failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--theirs", action="store_true", help="leave the peers' own classes")
    parser.add_argument("--only", default="", metavar="TEXT", help="runs whose name holds TEXT")
    parser.add_argument("-v", "--verbose", action="store_true", help="show each failure")
    options = parser.parse_args()
    found = interpreters()
    code = 0
    for run in runs():
        if options.only not in run.name:
            continue
        if run.pair.python not in found:
            print(f"PEERS: {run.name} NOT RUN: no Python here that Django {run.pair.django} takes")
            continue
        report = carried_out(run, ours=not options.theirs)
        failed, skipped = len(report.failed), len(report.skipped)
        print(f"PEERS: {run.name}: {len(report.ran)} ran, {failed} failed, {skipped} skipped")
        print(f"       ours made: {report.made}, theirs made: {report.theirs}")
        for test, text in report.failed.items():
            print(f"       FAILED {test}")
            if options.verbose:
                print(text)
        code |= bool(report.failed)
    return code


if __name__ == "__main__":
    sys.exit(main())
