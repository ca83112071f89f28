"""The examples of docs/prove.md, run as they stand there, on the example's site."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest

from tests.browser.projects import ROOT, Project

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.usefixtures("chromium")]

PAGE = (ROOT / "docs" / "prove.md").read_text("utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def example(word):
    (block,) = [block for block in BLOCKS if word in block]
    return block


@pytest.fixture
def project(tmp_path):
    with tempfile.TemporaryDirectory(prefix="rf-", dir="/tmp") as temporary:
        yield Project(tmp_path, Path(temporary))


def test_a_test_case(project):
    (project.folder / "test_depth.py").write_text(example("ProveTestCase"))
    with project.start("test", "--pattern=test_depth.py") as process:
        out, err = process.communicate(timeout=600)
    assert process.returncode == 0, out + err
    assert "Ran 2 tests" in err
    assert project.left_behind() == []


def test_a_fixture_of_pytest(project):
    (project.folder / "test_depth.py").write_text(example("ringfence_prove"))
    with project.run_module(
        *("pytest", "-q", "-p", "no:cacheprovider"),
        # By its module, whether or not the installed package names it.
        *("-p", "no:ringfence", "-p", "ringfence.prove.pytest_plugin"),
    ) as process:
        out, err = process.communicate(timeout=600)
    assert process.returncode == 0, out + err
    assert "2 passed" in out
    assert project.left_behind() == []
