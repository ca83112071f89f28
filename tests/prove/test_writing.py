"""Files are written whole or not at all, and a bad place is known beforehand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ringfence.prove.writing import WriteError, check_writable, write


def names(folder):
    return [path.name for path in folder.iterdir()]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param("", "is a folder", id="a folder"),
        pytest.param("none/proof.json", "there is no folder", id="no such folder"),
        pytest.param("file/proof.json", "there is no folder", id="a file where a folder must be"),
        pytest.param(f"{'x' * 300}.json", "cannot be written", id="too long a name"),
    ],
)
def test_what_cannot_be_written_is_said_beforehand(tmp_path, name, said):
    (tmp_path / "file").write_text("")
    with pytest.raises(WriteError, match=said) as raised:
        check_writable("--json", tmp_path / name)
    assert "--json" in str(raised.value)
    assert names(tmp_path) == ["file"]


def test_looking_changes_nothing(tmp_path):
    (tmp_path / "proof.json").write_text("old")
    check_writable("--json", tmp_path / "proof.json")
    check_writable("--json", tmp_path / "new.json")
    assert names(tmp_path) == ["proof.json"]
    assert (tmp_path / "proof.json").read_text() == "old"


def test_a_file_is_replaced_with_the_mode_it_had(tmp_path):
    path = tmp_path / "proof.json"
    path.write_text("old")
    path.chmod(0o640)
    write("--json", path, "new \ud800")
    assert path.read_bytes() == b"new \\ud800"
    assert path.stat().st_mode & 0o777 == 0o640
    assert names(tmp_path) == ["proof.json"]


def test_a_link_stays_one(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link.json").symlink_to(tmp_path / "real" / "proof.json")
    write("--json", tmp_path / "link.json", "new")
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "real" / "proof.json").read_text() == "new"


def test_what_breaks_off_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "proof.json"
    path.write_text("old")

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(WriteError, match="No space left"):
        write("--json", path, "new")
    assert path.read_text() == "old"
    assert names(tmp_path) == ["proof.json"]


def test_a_device_is_written_to():
    check_writable("--json", Path(os.devnull))
    write("--json", Path(os.devnull), "gone")
