"""The documentation's headers are the presets' own, and its codes are registered."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ringfence.finding import REGISTER
from ringfence.rings.csp.grade import ALGORITHM, CAPS, Grade
from ringfence.rings.csp.policy import PRESETS

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "rings" / "csp.md").read_text(encoding="utf-8")
GRADES = (DOCS / "csp-grades.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_every_preset_is_documented_as_it_is(name):
    match = re.search(rf'### `"{name}"`\n\n```text\n(.*?)\n```', PAGE)
    assert match is not None
    assert match[1] == PRESETS[name].compile().render("…")


@pytest.mark.parametrize("grade", Grade, ids=lambda grade: grade.letter)
def test_the_caps_are_documented_as_they_are(grade):
    (row,) = re.findall(rf"^\| {re.escape(grade.letter)} \|.*$", GRADES, re.MULTILINE)
    assert set(re.findall(r"CSP\d{3}", row)) == {code for code in CAPS if CAPS[code] is grade}


def test_the_algorithms_version_is_documented():
    assert f"This is version {ALGORITHM}." in GRADES


def test_the_comparison_explains_every_difference():
    compared = GRADES.partition("<!-- oracles: begin -->")[2]
    assert compared.count("| why they differ |") == 2
    assert "unexplained" not in compared


def test_every_code_that_is_named_exists():
    named = set(re.findall(r"CSP\d{3}", PAGE + GRADES))
    assert named
    assert named <= REGISTER.keys()


def test_the_policies_need_no_django():
    code = "import sys, ringfence.rings.csp.policy; sys.exit('django' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run([sys.executable, "-c", code], check=False, env=environment)
    assert done.returncode == 0
