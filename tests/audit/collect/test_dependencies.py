"""What requirements and lock files ask for, and what pip-audit says of it."""

from __future__ import annotations

import os
import stat
import sys
import tempfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.audit.collect.dependencies import advisories as asking
from ringfence.audit.collect.dependencies.files import read_one
from ringfence.audit.model import Place, Requirement, Skipped

UV = 'version = 1\n[[package]]\nname = "Django"\nversion = "5.2.1"\nsource = { registry = "x" }\n'
POETRY = """\
[tool.poetry.dependencies]
python = "^3.12"
Django = "^4.2"
celery = {version = "5.3.1", extras = ["redis"]}
own = {path = "../own"}
[tool.poetry.group.dev.dependencies]
pytest = "*"
"""
PROJECT = """\
[project]
dependencies = ["Django~=5.2.0",
  "celery==5.3.1 ; python_version > '3'"]
[project.optional-dependencies]
docs = ["sphinx"]
s3 = ["boto3>=1"]
[dependency-groups]
test = ["pytest", {include-group = "docs"}]
"""

#: Path, text, and name, version, specifier, line and whether it is for development.
FILES = {
    "requirements": (
        "requirements.txt",
        "# a\nDjango==4.2.1  # b\n-r other.txt\ncelery[redis] >= 5, <6\n./own\n\nx==1.*\n",
        [("django", "4.2.1", "==4.2.1", 2, False), ("celery", "", ">= 5, <6", 4, False)],
    ),
    "hashes": (
        "requirements.txt",
        "a==1.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\nb==2\n",
        [("a", "1.0", "==1.0", 1, False), ("b", "2", "==2", 4, False)],
    ),
    "markers, addresses and case": (
        "requirements/production.txt",
        "A_b.C===1.0;python_version<'4'\nd @ https://x:y@h/d.zip\ngit+https://h/e#egg=e\n",
        [("a-b-c", "1.0", "===1.0", 1, False), ("d", "", "", 2, False)],
    ),
    "for development": ("requirements/dev.txt", "a==1", [("a", "1", "==1", 1, True)]),
    "uv.lock": ("uv.lock", UV, [("django", "5.2.1", "==5.2.1", 3, False)]),
    "poetry.lock": (
        "poetry.lock",
        '[[package]]\nname = "a"\nversion = "1"\n[package.x]\nname = "b"\nversion = "2"\n',
        [("a", "1", "==1", 2, False)],
    ),
    "Pipfile.lock": (
        "Pipfile.lock",
        '{"default": {"a": {"version": "==1"},\n"b": {}},\n"develop": {"c": {"version": "==3"}}}',
        [("a", "1", "==1", 1, False), ("b", "", "", 2, False), ("c", "3", "==3", 3, True)],
    ),
    "Pipfile": (
        "Pipfile",
        '[packages]\na = "==1"\nb = "*"\n[dev-packages]\nc = "*"\n',
        [("a", "1", "==1", 2, False), ("b", "", "*", 3, False), ("c", "", "*", 5, True)],
    ),
    "poetry": (
        "pyproject.toml",
        POETRY,
        [
            ("django", "", "^4.2", 3, False),
            ("celery", "5.3.1", "5.3.1", 4, False),
            ("own", "", "", 5, False),
            ("pytest", "", "*", 7, True),
        ],
    ),
    "project": (
        "pyproject.toml",
        PROJECT,
        [
            ("django", "", "~=5.2.0", 2, False),
            ("celery", "5.3.1", "==5.3.1", 3, False),
            ("sphinx", "", "", 5, True),
            ("boto3", "", ">=1", 6, False),
            ("pytest", "", "", 8, True),
        ],
    ),
    "setup.cfg": (
        "setup.cfg",
        "[options]\ninstall_requires =\n    Django>=3.2\n    b==1\n",
        [("django", "", ">=3.2", 3, False), ("b", "1", "==1", 4, False)],
    ),
    "nothing": ("pyproject.toml", "[tool]\nx = 1\n", []),
    "odd types": ("pyproject.toml", "project = 1\n[tool]\npoetry = [1]\n", []),
}


@pytest.mark.parametrize(("path", "text", "expected"), FILES.values(), ids=FILES)
def test_what_a_file_asks_for(path, text, expected):
    found = read_one(path, text)
    assert not isinstance(found, Skipped)
    got = [
        (each.name, each.version, each.specifier, each.place.line, each.development)
        for each in found
        if each.name != "x"
    ]
    assert got == expected


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pyproject.toml", "a = = 1"),
        ("pyproject.toml", "a = " + "[" * 5000),
        ("pyproject.toml", "a" + ".a" * 50_000 + " = 1"),
        ("Pipfile.lock", "["),
        ("Pipfile.lock", "[" * 200_000),
        ("setup.cfg", "a = 1"),
    ],
)
def test_what_cannot_be_read_has_a_reason(path, text):
    assert isinstance(read_one(path, text), Skipped)


def test_no_address_is_shown():
    (found,) = read_one("requirements.txt", "d @ https://me:secret@h/d.zip")
    assert found.place.text == ""


@given(st.text(alphabet="ab=<>~!.*;#[]()\\\n \"'{}@,-1", max_size=60))
def test_no_text_breaks_a_reader(text):
    for path in ("requirements.txt", "pyproject.toml", "uv.lock", "Pipfile.lock", "setup.cfg"):
        assert isinstance(read_one(path, text), list | Skipped)


# pip-audit: a program of this name, which says what the documentation of its format says.

WANTED = [
    Requirement("django", "3.2.0", "==3.2.0", Place("requirements.txt", 1)),
    Requirement("celery", "5.3.1", "==5.3.1", Place("requirements.txt", 2)),
    Requirement("free", "", ">=1", Place("requirements.txt", 3)),
]
REPORT = (
    '{"dependencies": [{"name": "django", "version": "3.2.0", "vulns": [{"id": "PYSEC-2021-98", '
    '"fix_versions": ["2.2.24", "3.1.12", "3.2.4"], "aliases": ["CVE-2021-33203"], '
    '"description": "d"}]}, {"name": "celery", "version": "5.3.1", "vulns": []}], "fixes": []}'
)


@pytest.fixture
def pip_audit(tmp_path, monkeypatch):
    """Return what puts a program called pip-audit on PATH, of the lines of a shell script."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv(
        "PATH", f".{os.pathsep}relative{os.pathsep}{folder}{os.pathsep}/bin:/usr/bin"
    )
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nowhere" / "python"))
    asking.ask.cache_clear()

    def make(script):
        program = folder / "pip-audit"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        return folder

    yield make
    asking.ask.cache_clear()


def test_what_is_said_is_about_the_line_of_the_requirement(pip_audit):
    pip_audit(f"cat <<'END'\n{REPORT}\nEND\nexit 1")
    (found,), skipped = asking.advisories(WANTED)
    assert found.requirement is WANTED[0]
    assert found.ids == ("PYSEC-2021-98", "CVE-2021-33203")
    assert found.fixed == ("2.2.24", "3.1.12", "3.2.4")
    assert skipped == []


def test_what_is_asked(pip_audit, tmp_path):
    folder = pip_audit(
        f'echo "$@" > {tmp_path}/words; pwd >> {tmp_path}/words; cat "$2" >> {tmp_path}/words'
    )
    assert folder.exists()
    asking.advisories(WANTED)
    words, where, *listed = (tmp_path / "words").read_text().splitlines()
    assert words.split()[2:] == [
        *("--no-deps", "--disable-pip", "--format", "json"),
        *("--progress-spinner", "off", "--desc", "off"),
    ]
    assert where.startswith(tempfile.gettempdir())
    assert listed == ["celery==5.3.1", "django==3.2.0"]


ODD = (
    '{"dependencies": [{"name": "django", "skip_reason": "not found"}, '
    '{"name": "celery", "vulns": [{"id": 1}, "x"]}]}'
)
#: What the program does, and what is then said to be skipped.
FAILS = {
    "no network": ("echo 'ERROR: no route' >&2; exit 1", "exit status 1): ERROR: no route"),
    "no JSON": ("echo hello", "exit status 0)"),
    "other JSON": ("echo '[1]'", "exit status 0)"),
    "nothing of it": ("echo '{\"dependencies\": []}'", "celery, django: pip-audit says nothing"),
    "skipped": (
        f"echo '{ODD}'",
        "django: pip-audit: not found",
    ),
    "endless": ("sleep 1000 & echo; wait", "did not answer within"),
}


@pytest.mark.parametrize(("script", "reason"), FAILS.values(), ids=FAILS)
def test_what_is_not_said_is_skipped(pip_audit, monkeypatch, script, reason):
    monkeypatch.setattr(asking, "_PATIENCE", 0.5 if reason.startswith("did") else 60)
    pip_audit(script)
    found, skipped = asking.advisories(WANTED)
    assert found == []
    assert len(skipped) == 1
    assert reason in skipped[0].reason


def test_without_the_program(pip_audit):
    found, skipped = asking.advisories(WANTED)
    assert found == []
    assert "pip install pip-audit" in skipped[0].reason


def test_a_program_of_a_relative_folder_is_not_run(pip_audit, tmp_path, monkeypatch):
    """An empty or relative entry of PATH names a folder of whatever is audited."""
    pip_audit("exit 0")
    (tmp_path / "bin" / "pip-audit").rename(tmp_path / "pip-audit")
    monkeypatch.chdir(tmp_path)
    _, skipped = asking.advisories(WANTED)
    assert "not installed" in skipped[0].reason


def test_nothing_pinned(pip_audit):
    found, skipped = asking.advisories(WANTED[2:])
    assert found == []
    assert "pinned" in skipped[0].reason


def test_two_versions_of_one_package_are_two_lists(pip_audit, tmp_path):
    pip_audit(
        f'cat "$2" >> {tmp_path}/asked; echo >> {tmp_path}/asked; echo \'{{"dependencies": []}}\''
    )
    other = Requirement("django", "4.2", "==4.2", Place("b.txt", 1))
    asking.advisories([*WANTED, other])
    asked = (tmp_path / "asked").read_text().split("\n\n")[:2]
    assert asked == ["celery==5.3.1\ndjango==3.2.0", "django==4.2"]
