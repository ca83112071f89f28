"""What docs/prove.md says of the command is what the command is."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from ringfence.prove.attacks import ATTACKS
from ringfence.prove.command import add_arguments
from ringfence.prove.document import VERSION

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "prove.md").read_text("utf-8")


def row(attack):
    rings = ", ".join(f"`{ring}`" for ring in attack.stopped_by) or "the site's own code"
    return f"| `{attack.name}` | {attack.title} | {attack.cwe} | {rings} |"


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_every_attack_has_its_row(attack):
    assert row(attack) in PAGE.splitlines(), f"docs/prove.md lacks:\n{row(attack)}"


def test_every_row_is_of_an_attack():
    named = re.findall(r"^\| `(\w+)` \|.*\| CWE-\d+ \|", PAGE, re.MULTILINE)
    assert named == [attack.name for attack in ATTACKS]


def test_every_option_is_there():
    parser = argparse.ArgumentParser(add_help=False)
    add_arguments(parser)
    options = {name for action in parser._actions for name in action.option_strings}
    assert {name for name in options if name not in PAGE} == set()
    told = set(re.findall(r"`(--[a-z-]+)", PAGE))
    assert told == options


def test_the_version_is_the_documents():
    assert f'{{"version": {VERSION},' in PAGE
