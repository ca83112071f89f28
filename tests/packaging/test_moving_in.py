"""`ringfence init` on whole sites: their own tests pass before and after, and a second run is idle.

Each site is made anew: the example, what `startproject` and `wagtail start` make, and a site with
the packages that ringfence replaces, in split settings. The same holds for `audit --fix`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import venv
from pathlib import Path

import pytest

pytestmark = [pytest.mark.packaging, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
SITES = Path(__file__).parent / "sites"
NEEDED = (
    "Jinja2>=3.1",
    "wagtail>=7.0",
    "django-cors-headers>=4.7",
    "django-csp>=4.0",
    "django-permissions-policy>=4.25",
)


def inherited() -> dict[str, str]:
    kept = ("HOME", "LANG", "SSL_CERT_FILE", "TMPDIR")
    return {
        name: value
        for name, value in os.environ.items()
        if name in kept or name.startswith("PIP_") or name.lower().endswith("_proxy")
    }


class Site:
    """A site in a folder of its own, with the settings that its tests run under."""

    def __init__(self, python: Path, folder: Path, settings: str) -> None:
        self.python, self.folder, self.settings = python, folder, settings

    def run(self, *command: object, status: int = 0) -> str:
        done = subprocess.run(
            [str(part) for part in command],
            cwd=self.folder,
            env=inherited() | {"DJANGO_SETTINGS_MODULE": self.settings},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout + done.stderr

    def manage(self, *command: object) -> str:
        return self.run(self.python, "-W", "ignore", "manage.py", *command)

    def ringfence(self, *command: object, status: int = 0) -> str:
        return self.run(self.python.parent / "ringfence", *command, status=status)

    def passes(self, tests: int) -> None:
        self.manage("check")
        said = self.manage("test", "--no-color")
        assert f"Ran {tests} tests" in said
        assert "OK" in said.split()

    def files(self) -> dict[str, bytes]:
        left_out = {".pyc", ".sqlite3"}
        return {
            path.relative_to(self.folder).as_posix(): path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and path.suffix not in left_out
        }

    def changed(self, before: dict[str, bytes]) -> set[str]:
        return {path for path, data in self.files().items() if before.get(path) != data}


@pytest.fixture(scope="module")
def python(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("env")
    venv.create(folder, with_pip=True)
    made = folder / "bin" / "python"
    subprocess.run(
        [made, "-m", "pip", "install", "-qq", "--disable-pip-version-check", ROOT, *NEEDED],
        env=inherited(),
        check=True,
    )
    return made


def teller(python, folder):
    shutil.copytree(ROOT / "examples" / "teller", folder, dirs_exist_ok=True)
    shutil.copy(SITES / "teller_tests.py", folder / "teller" / "tests.py")
    return Site(python, folder, "site_of_its_own.unfenced")


def started(python, folder):
    subprocess.run([python, "-m", "django", "startproject", "mysite", folder], check=True)
    shutil.copy(SITES / "started_tests.py", folder / "mysite" / "tests.py")
    return Site(python, folder, "mysite.settings")


def wagtail(python, folder):
    subprocess.run([python.with_name("wagtail"), "start", "shop", folder], check=True)
    shutil.copy(SITES / "wagtail_tests.py", folder / "home" / "test_pages.py")
    return Site(python, folder, "shop.settings.dev")


def packages(python, folder):
    shutil.copytree(SITES / "packages", folder, dirs_exist_ok=True)
    return Site(python, folder, "shop.settings.production")


#: The site, how many tests it has, and what `init` changes of it.
MADE = [
    pytest.param(teller, 4, {"site_of_its_own/unfenced.py"}, id="the example"),
    pytest.param(started, 3, {"mysite/settings.py"}, id="startproject"),
    pytest.param(wagtail, 8, {"shop/settings/base.py"}, id="wagtail start"),
    pytest.param(
        packages,
        6,
        {"shop/settings/base.py", "shop/settings/development.py", "shop/settings/production.py"},
        id="packages, in split settings",
    ),
]


@pytest.mark.parametrize(("make", "tests", "changes"), MADE)
def test_a_site_moves_in(python, tmp_path, make, tests, changes):
    site = make(python, tmp_path)
    site.passes(tests)
    before = site.files()

    assert "there is no terminal to ask" in site.ringfence("init", status=2)
    site.ringfence("init", "--diff", status=1)
    assert site.files() == before

    site.ringfence("init", "--yes")
    assert site.changed(before) == changes
    site.passes(tests)
    # And by the fence: what it alone does is done.
    fenced = "from django.conf import settings; print(settings.MIDDLEWARE[0])"
    assert "ringfence.middleware.RingfenceMiddleware" in site.manage("shell", "-v0", "-c", fenced)

    after = site.files()
    for again in (site.ringfence("init", "--yes"), site.manage("ringfence", "init", "--yes")):
        assert "nothing is to be changed" in again
    assert site.files() == after


@pytest.mark.parametrize(
    ("make", "tests"),
    [pytest.param(teller, 4, id="the example"), pytest.param(wagtail, 8, id="wagtail start")],
)
@pytest.mark.parametrize("options", [(), ("--unsafe-fixes",)], ids=["safe", "unsafe"])
def test_a_site_is_mended(python, tmp_path, make, tests, options):
    site = make(python, tmp_path)
    command = ("audit", "--fix", "--no-cache", "--fail-on", "never", "--min-confidence", "low")
    site.ringfence(*command, *options)
    site.passes(tests)

    mended = site.files()
    assert "0 findings fixed in 0 files" in site.ringfence(*command, *options)
    assert site.files() == mended
