"""The walk over a tree: what is read, what is passed over, and that nothing outside is opened."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ringfence.audit.collect.gitignore import Ignore
from ringfence.audit.collect.tree import MAX_BYTES, File, decode, is_test, read, walk
from ringfence.audit.model import Skipped


def make(root: Path, *paths: str, text: str = "x = 1\n") -> None:
    for path in paths:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def kinds(root: Path) -> dict[str, str]:
    return {file.path: file.kind for file in walk(root).files}


def test_kinds(tmp_path: Path) -> None:
    make(
        tmp_path,
        *("a.py", "shop/templates/a.txt", "shop/templates/b.html", "shop/c.jinja", "shop/c.html"),
        *("docs/a.html", "static/app.js", "requirements/base.txt", "pyproject.toml", "notes.txt"),
        *("shop/templates/mail.html.j2", "static/vendor/a.js", "static/app.min.js"),
    )
    assert kinds(tmp_path) == {
        "a.py": "python",
        "pyproject.toml": "other",
        "requirements/base.txt": "other",
        "shop/c.html": "template",
        "shop/c.jinja": "template",
        "shop/templates/a.txt": "template",
        "shop/templates/b.html": "template",
        "shop/templates/mail.html.j2": "template",
        "static/app.js": "script",
    }


def test_other_peoples_code_is_passed_over(tmp_path: Path) -> None:
    make(
        tmp_path,
        *("a.py", "node_modules/x/a.py", "env/pyvenv.cfg", "env/lib/a.py", ".git/hooks/a.py"),
        *("lib/site-packages/a.py", "x.egg-info/a.py"),
    )
    tree = walk(tmp_path)
    assert [file.path for file in tree.files] == ["a.py"]
    assert "env" in tree.passed_over


def test_gitignore_and_exclude(tmp_path: Path) -> None:
    make(tmp_path, "a.py", "local.py", "build/a.py", "app/build/a.py", "app/x/keep.py", "gen/a.py")
    (tmp_path / ".gitignore").write_text("local.py\n/build/\n")
    (tmp_path / "app" / ".gitignore").write_text("x/*\n!x/keep.py\n")
    found = {file.path for file in walk(tmp_path, exclude=["gen/"]).files}
    assert found == {"a.py", "app/build/a.py", "app/x/keep.py"}


def test_a_single_file(tmp_path: Path) -> None:
    make(tmp_path, "views.py")
    assert kinds(tmp_path / "views.py") == {"views.py": "python"}


def test_links_lead_nowhere(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    make(outside, "secret.py")
    root = tmp_path / "root"
    make(root, "a/a.py")
    (root / "a" / "loop").symlink_to(root)
    (root / "out").symlink_to(outside)
    (root / "b.py").symlink_to(outside / "secret.py")
    (root / "c.py").symlink_to(root / "a" / "a.py")
    tree = walk(root)
    assert [file.path for file in tree.files] == ["a/a.py"]
    assert {each.path for each in tree.skipped} == {"out", "b.py"}


def test_what_is_no_file_is_named(tmp_path: Path) -> None:
    make(tmp_path, "a.py")
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "large.py").write_bytes(b"#" * (MAX_BYTES + 1))
    skipped = {each.path: each.reason for each in walk(tmp_path).skipped}
    assert skipped == {
        "pipe.py": "not a regular file",
        "large.py": f"larger than {MAX_BYTES:,} bytes",
    }


def test_a_link_put_in_place_of_a_file_is_not_followed(tmp_path: Path) -> None:
    make(tmp_path, "a.py", "b.txt")
    (file,) = walk(tmp_path).of_kind("python")
    (tmp_path / "a.py").unlink()
    (tmp_path / "a.py").symlink_to(tmp_path / "b.txt")
    found = read(file)
    assert isinstance(found, Skipped)


@pytest.mark.skipif(sys.platform == "darwin", reason="names are UTF-8 there")
def test_names_that_are_no_text(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff\x1b[31m\n.py")
    make(tmp_path, name)
    (file,) = walk(tmp_path).files
    assert file.path.encode("utf-8") == b"\\xff\x1b[31m\n.py"
    assert read(file) == "x = 1\n"


def test_deep_nesting_ends(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["d"] * 80)
    make(deep, "a.py")
    tree = walk(tmp_path)
    assert tree.files == []
    assert "nested" in tree.skipped[0].reason


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"x = '\xc3\xa4'\n", "x = 'ä'\n"),
        (b"\xef\xbb\xbfx\n", "x\n"),
        (b"# -*- coding: latin-1 -*-\n\xe4\n", "# -*- coding: latin-1 -*-\nä\n"),
        (b"a\r\nb\rc", "a\nb\nc"),
        (b"", ""),
    ],
)
def test_decode(data: bytes, expected: str) -> None:
    assert decode(data, python=True) == expected


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xff\xfe\n", "not utf-8, and"),
        (b"# coding: klingon\n", "no encoding that is known"),
        (b"# coding: rot13\nvzcbeg bf\n", "not rot13"),
        (b"# coding: zlib\nx\n", "not zlib"),
        (b"# coding: unicode_escape\nx\n", "not a text encoding"),
        (b"# coding: ../../x\n", "no encoding that is known"),
        (b"# coding: idna\nx\n", "not a text encoding"),
        (b"# coding: zip\nx\n", "zip"),
        (b"a\x00b", "binary data"),
    ],
)
def test_what_cannot_be_decoded_has_a_reason(data: bytes, reason: str) -> None:
    found = decode(data, python=True)
    assert isinstance(found, Skipped)
    assert reason in found.reason


def test_a_reason_is_not_as_long_as_the_file() -> None:
    found = decode(b"# coding: " + b"a" * 100_000 + b"\n", python=True)
    assert isinstance(found, Skipped)
    assert len(found.reason) < 200


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("shop/tests/views.py", True),
        ("shop/tests.py", True),
        ("test_views.py", True),
        ("conftest.py", True),
        ("shop/views_test.py", True),
        ("shop/latest.py", False),
        ("contest/views.py", False),
        ("attest.py", False),
    ],
)
def test_tests_are_known(path: str, *, expected: bool) -> None:
    assert is_test(tuple(path.split("/"))) is expected


PATTERNS = [
    ("*.log", "a/b.log"),
    ("/a", "a"),
    ("/a", "b/a"),
    ("a/", "a"),
    ("a/b", "a/b"),
    ("a/b", "c/a/b"),
    ("**/b", "a/c/b"),
    ("a/**", "a/b/c"),
    ("a/**/c", "a/c"),
    ("a/**/c", "a/x/y/c"),
    ("*.py\n!keep.py", "keep.py"),
    ("!*.py\n*.py", "a.py"),
    ("?.py", "ab.py"),
    ("[ab].py", "b.py"),
    ("\\#a", "#a"),
    ("# a", "a"),
]


@pytest.mark.skipif(shutil.which("git") is None, reason="git is the oracle")
@pytest.mark.parametrize(("patterns", "path"), PATTERNS)
def test_gitignore_as_git_has_it(tmp_path: Path, patterns: str, path: str) -> None:
    git = shutil.which("git") or "git"
    subprocess.run([git, "init", "-q", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text(patterns + "\n")
    make(tmp_path, path)
    said = subprocess.run(
        [git, "check-ignore", "-q", "--", path], cwd=tmp_path, check=False
    ).returncode
    ignore = Ignore(patterns)
    parts = path.split("/")
    ours = any(
        ignore.decide(parts[:end], is_directory=end < len(parts))
        for end in range(1, len(parts) + 1)
    )
    assert ours is (said == 0)


def test_a_hostile_gitignore_takes_no_time() -> None:
    ignore = Ignore("\n".join(["**/" * 50 + "*a*a*a*a*a*a*a*b"] * 100))
    assert ignore.decide(["a" * 100] * 40, is_directory=False) is None


def test_the_file_type_is_plain_data() -> None:
    assert File("a.py", Path("/x/a.py"), "python", 3).is_test is False
