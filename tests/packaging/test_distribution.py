"""What is built is what a site gets: a wheel, in a fresh environment, in a fresh project."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path, PurePosixPath

import pytest

pytestmark = [pytest.mark.packaging, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]

SETTINGS = """
INSTALLED_APPS += ["ringfence"]
REPLACED = {
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
}
MIDDLEWARE = ["ringfence.middleware.RingfenceMiddleware"] + [
    path for path in MIDDLEWARE if path not in REPLACED
]
TEMPLATES[0]["BACKEND"] = "ringfence.template.DjangoTemplates"
RINGFENCE = {"csp": "strict"}
ALLOWED_HOSTS = ["testserver"]
"""

#: Run inside the project: a page, its headers, and a POST that the browser calls cross-site.
REQUESTS = """
import django, json
django.setup()
from django.test import Client
client = Client(enforce_csrf_checks=True)
page = client.get("/admin/login/")
forged = client.post(
    "/admin/login/",
    {"username": "a", "password": "b"},
    headers={"sec-fetch-site": "cross-site", "origin": "https://attacker.example"},
)
own = client.post(
    "/admin/login/",
    {"username": "a", "password": "b"},
    headers={"sec-fetch-site": "same-origin", "origin": "http://testserver"},
)
print(json.dumps({
    "page": page.status_code,
    "headers": dict(page.headers.items()),
    "forged": forged.status_code,
    "own": own.status_code,
}))
"""


def run(*command: str | Path, cwd: Path | None = None, **environment: str) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        # Nothing of this checkout may be importable in the fresh environment.
        env={"PATH": "/usr/bin:/bin", **inherited(), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def inherited() -> dict[str, str]:
    kept = ("HOME", "LANG", "SSL_CERT_FILE", "TMPDIR")
    return {
        name: value
        for name, value in os.environ.items()
        if name in kept or name.startswith("PIP_") or name.lower().endswith("_proxy")
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    # Without options: the wheel is then built from the sdist, so the sdist is proved complete.
    run(sys.executable, "-m", "build", "--outdir", folder, ROOT)
    return folder


@pytest.fixture(scope="module")
def wheel(built) -> Path:
    (path,) = built.glob("django_ringfence-*.whl")
    return path


@pytest.fixture(scope="module")
def sdist(built) -> Path:
    (path,) = built.glob("django_ringfence-*.tar.gz")
    return path


@pytest.fixture(scope="module")
def site(wheel, tmp_path_factory) -> tuple[Path, Path]:
    """A fresh environment's Python and a fresh project with ringfence in its settings."""
    folder = tmp_path_factory.mktemp("site")
    venv.create(folder / "env", with_pip=True)
    python = folder / "env" / "bin" / "python"
    run(python, "-m", "pip", "install", "-qq", wheel)
    project = folder / "project"
    project.mkdir()
    run(python, "-m", "django", "startproject", "mysite", project)
    with (project / "mysite" / "settings.py").open("a") as settings:
        settings.write(SETTINGS)
    return python, project


def test_the_wheel_holds_the_package_only(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    folders = {PurePosixPath(name).parts[0] for name in names}

    assert {folder.partition("-")[0] for folder in folders} == {"ringfence", "django_ringfence"}
    assert "ringfence/py.typed" in names
    assert not [name for name in names if "__pycache__" in name or name.endswith(".sqlite3")]


def test_the_wheel_holds_every_file_of_the_package(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    listed = run("git", "ls-files", "src/ringfence", cwd=ROOT).split()

    missing = {name for name in listed if (ROOT / name).exists()} - {f"src/{n}" for n in names}
    assert missing == set()


def test_the_metadata_tells_what_is_supported(wheel):
    archive = zipfile.ZipFile(wheel)
    (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
    lines = archive.read(name).decode().splitlines()

    assert "Name: django-ringfence" in lines
    assert "Requires-Python: >=3.11" in lines
    assert "License-Expression: BSD-3-Clause" in lines
    needed = [line for line in lines if line.startswith("Requires-Dist") and "extra ==" not in line]
    assert [line.lower() for line in needed] == ["requires-dist: django>=5.2,<6.2"]


def test_the_sdist_holds_the_tests_and_the_papers(sdist):
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}

    assert {"LICENSE", "README.md", "CHANGELOG.md", "tests/conftest.py", "docs/conf.py"} <= names
    assert not [name for name in names if name.startswith((".venv", ".matrix", ".peers"))]


def test_a_fresh_environment_gets_django_and_nothing_else(site):
    python, _ = site
    listed = run(python, "-m", "pip", "list", "--format=freeze").split()
    names = {line.partition("==")[0].lower() for line in listed}

    assert names - {"pip", "setuptools"} == {"asgiref", "django", "django-ringfence", "sqlparse"}


def test_the_package_imports_without_settings(site, tmp_path):
    python, _ = site
    run(python, "-W", "error", "-c", "import ringfence, ringfence.origin", cwd=tmp_path)


def test_a_fresh_project_checks(site):
    python, project = site

    # Warnings are errors: reading a deprecated setting would warn on every start of every site.
    run(python, "-W", "error", "manage.py", "check", "--fail-level", "WARNING", cwd=project)


def test_deployment_checks_do_not_miss_the_replaced_middlewares(site):
    python, project = site
    options = ["--deploy", "--tag", "security", "--fail-level", "CRITICAL"]
    done = subprocess.run(
        [str(python), "manage.py", "check", *options],
        cwd=project,
        env=inherited(),
        capture_output=True,
        text=True,
        check=True,
    )
    told = set(re.findall(r"security\.W\d+", done.stderr))

    assert not told & {"security.W001", "security.W002", "security.W003"}
    # Plain http and DEBUG are still a deployment's concern: the checks have not fallen silent.
    assert told >= {"security.W008", "security.W018"}


def test_the_audit_needs_no_more_than_the_package(site, tmp_path):
    python, project = site
    script = python.parent / "ringfence"
    report = tmp_path / "audit.json"
    options = ["--format", "json", "--output", report, "--fail-on", "never", "--no-cache"]

    run(script, "audit", project, *options)
    found = {each["code"] for each in json.loads(report.read_text())["findings"]}

    assert "SET401" in found  # startproject's DEBUG
    assert run(script, "explain", "SET401").startswith("# SET401: ")


def test_a_fresh_project_is_protected(site):
    python, project = site
    run(python, "manage.py", "migrate", "--verbosity=0", cwd=project)
    answer = json.loads(
        run(python, "-c", REQUESTS, cwd=project, DJANGO_SETTINGS_MODULE="mysite.settings")
    )

    assert answer["page"] == 200
    assert "script-src" in answer["headers"]["Content-Security-Policy"]
    assert answer["headers"]["X-Content-Type-Options"] == "nosniff"
    assert answer["forged"] == 403
    assert answer["own"] == 200  # the form again, with its error: the POST was let through


def test_a_refused_configuration_serves_nothing_and_still_checks(site):
    python, project = site
    broken = project / "mysite" / "broken.py"
    broken.write_text("from mysite.settings import *\nRINGFENCE = {'cps': 'strict'}\n")
    serve = "from django.core.wsgi import get_wsgi_application; get_wsgi_application()"

    for command in (["-c", serve], ["manage.py", "check"]):
        done = subprocess.run(
            [str(python), *command],
            cwd=project,
            env={**inherited(), "DJANGO_SETTINGS_MODULE": "mysite.broken"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode != 0
        assert "'csp'" in done.stderr, done.stderr

    show = [python, "manage.py", "showmigrations"]
    run(*show, cwd=project, DJANGO_SETTINGS_MODULE="mysite.broken")
