"""The whole sandbox is booted, and everything is as it was when it is left."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.browser.projects import Project

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("chromium")]

SCRIPT = Path(__file__).with_name("boot_and_leave.py")

# Mail that is really sent would end in this folder.
SENDS_MAIL = """
from pathlib import Path
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(Path(__file__).parent / "sent")
"""


@pytest.fixture(scope="module", params=["return", "error"])
def left(request, tmp_path_factory):
    with tempfile.TemporaryDirectory(prefix="rf-", dir="/tmp") as temporary:
        project = Project(tmp_path_factory.mktemp("boot"), Path(temporary), SENDS_MAIL)
        fingerprint = project.fingerprint()
        done = subprocess.run(
            [sys.executable, str(SCRIPT), request.param],
            capture_output=True,
            text=True,
            check=False,
            cwd=project.folder,
            env=project.environment,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        assert project.fingerprint() == fingerprint
        yield project, json.loads(done.stdout)


def test_the_victim_is_let_in(left):
    inside = left[1]["inside"]
    assert inside["welcome"] == "welcome"
    assert inside["shows_secret"] is True


def test_no_other_host_is_reached(left):
    assert "ERR_" in left[1]["inside"]["foreign"]


def test_inside_nothing_of_the_sites_is_used(left):
    project, seen = left
    assert seen["inside"]["database"] != str(project.database)
    assert seen["inside"]["users"] == seen["before"]["users"] + 3
    assert seen["inside"]["settings"]["CACHES"] != seen["before"]["settings"]["CACHES"]
    assert not (project.folder / "sent").exists()


@pytest.mark.parametrize("what", ["settings", "database", "threads", "users"])
def test_afterwards_everything_is_as_before(left, what):
    assert left[1]["after"][what] == left[1]["before"][what]


def test_nothing_is_left_behind(left):
    assert left[0].left_behind() == []
