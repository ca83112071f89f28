"""Fetch html5lib-tests' tokenizer tests: they come with the source distribution of html5lib.

    python scripts/tokenizer_data.py        download when needed, print the folder

The distribution is kept in ``.peers``; nothing of it is committed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from environments import ROOT

VERSION = "1.1"
CACHE = ROOT / ".peers"
#: The distribution's setup.py, which pip runs to name what it has downloaded, needs pkg_resources;
#: setuptools 82 no longer has it. pip reads one of the two variables, as it is older than 25.3.
CONSTRAINT = "setuptools<81"
VARIABLES = ("PIP_CONSTRAINT", "PIP_BUILD_CONSTRAINT")


def folder() -> Path:
    """Return the folder of the ``*.test`` files, downloaded if need be.

    Raises :exc:`subprocess.CalledProcessError` when pip cannot get them.
    """
    source = CACHE / f"html5lib-{VERSION}"
    if not source.exists():
        CACHE.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as temporary:
            _download(Path(temporary))
            # Another run may have been quicker; then its copy is as good.
            if not source.exists():
                (Path(temporary) / source.name).rename(source)
    return source / "html5lib" / "tests" / "testdata" / "tokenizer"


def _download(destination: Path) -> None:
    constraint = destination / "constraint.txt"
    constraint.write_text(CONSTRAINT + "\n")
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "download", "-qq", "--no-deps"),
            *("--no-binary", ":all:", "--dest", str(destination), f"html5lib=={VERSION}"),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        env=os.environ | dict.fromkeys(VARIABLES, str(constraint)),
    )
    (archive,) = destination.glob("html5lib-*.tar.gz")
    with tarfile.open(archive) as tar:
        if hasattr(tarfile, "data_filter"):
            tar.extractall(destination, filter="data")
        else:  # Debian 12's Python, 3.11.2, is older than filters (3.11.4)
            tar.extractall(destination)  # noqa: S202 - pip has just run its setup.py


if __name__ == "__main__":
    print(folder())
