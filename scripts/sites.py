"""Compare real sites, Wagtail and django-oscar among them, with their stock rendering.

Their packages are installed into an environment of its own under ``.matrix``. What is run there is
``python -m tests.sites``, whose options may be given here.

    python scripts/sites.py                      every site, in Chromium as well
    python scripts/sites.py --site wagtail --no-browser
    python scripts/sites.py --django 5.2 --site admin
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
from pathlib import Path

from environments import FOLDER, ROOT, Pair, declared, interpreters

REQUIREMENTS = ROOT / "tests" / "sites" / "requirements.txt"


def main() -> int:
    """Make the environment and run the sites in it; the exit code is theirs."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--django", default="6.1", help="the Django series (default: 6.1)")
    options, rest = parser.parse_known_args()
    found = interpreters()
    pairs = [pair for pair in declared() if pair.django == options.django and pair.python in found]
    # One Python earlier than the newest: heavy packages have wheels for it.
    pair = next((pair for pair in pairs if pair.python == "3.12"), pairs[0] if pairs else None)
    if pair is None:
        print(f"SITES: no Python is installed that Django {options.django} takes")
        return 2
    python = _environment(pair, found[pair.python])
    return subprocess.run(
        [str(python), "-m", "tests.sites", *rest],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))},
        check=False,
    ).returncode


def _environment(pair: Pair, interpreter: Path) -> Path:
    """Return the Python of the sites' environment, made or brought up to date first."""
    folder = FOLDER / f"sites-{pair.name}"
    python = folder / "bin" / "python"
    stamp = folder / "installed-from"
    needed = REQUIREMENTS.read_bytes() + (ROOT / "pyproject.toml").read_bytes()
    content = hashlib.sha256(needed).hexdigest()
    if stamp.exists() and stamp.read_text() == content:
        return python
    FOLDER.mkdir(exist_ok=True)
    if not python.exists():
        subprocess.run([str(interpreter), "-m", "venv", str(folder)], check=True)
    pip = [str(python), "-m", "pip", "install", "-qq", "--upgrade"]
    subprocess.run([*pip, "pip>=25.1"], check=True)
    subprocess.run(
        [
            *pip,
            f"Django~={pair.django}.0",
            *("--editable", "."),
            *("--requirement", str(REQUIREMENTS)),
            *("--group", "test"),
        ],
        cwd=ROOT,
        check=True,
    )
    stamp.write_text(content)
    return python


if __name__ == "__main__":
    sys.exit(main())
