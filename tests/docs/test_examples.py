"""What the README and the pages show works: their Python parses, their settings compile."""

from __future__ import annotations

import ast
import datetime
import re
from pathlib import Path

import pytest

from ringfence.conf import compile_fence

ROOT = Path(__file__).resolve().parents[2]
PAGES = [
    ROOT / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "src/ringfence/audit/rules/docs").glob("*.md")),
]
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks() -> list[tuple[str, str]]:
    return [
        (f"{page.relative_to(ROOT)}:{text[: found.start()].count(chr(10)) + 1}", found[1])
        for page in PAGES
        # What is built, and what is copied to be built.
        if "_build" not in page.parts and page.parent.name != "codes"
        for text in [page.read_text("utf-8")]
        for found in BLOCK.finditer(text)
    ]


def settings_of(source: str) -> dict[str, object]:
    """Return the settings that a block assigns; one with ``...`` in it is only an excerpt."""
    tree = ast.parse(source)
    if any(isinstance(node, ast.Constant) and node.value is ... for node in ast.walk(tree)):
        return {}
    values: dict[str, object] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            try:
                values[node.targets[0].id] = ast.literal_eval(node.value)
            except ValueError:
                return {}  # made of names that the page does not show
    return {name: value for name, value in values.items() if name.isupper()}


SETTINGS = [(where, source) for where, source in blocks() if "RINGFENCE" in settings_of(source)]


@pytest.mark.parametrize(("where", "source"), blocks(), ids=[where for where, _ in blocks()])
def test_python_parses(where, source):
    ast.parse(source)


@pytest.mark.parametrize(("where", "source"), SETTINGS, ids=[where for where, _ in SETTINGS])
def test_settings_compile(where, source):
    """An example is accepted, unless a comment in it says ``refused``."""
    values = settings_of(source)
    fence = compile_fence(values, overridden=frozenset(values), today=datetime.date(2026, 1, 1))
    errors = [str(error) for error in fence.errors]

    if re.search(r"#.*\brefused\b", source, re.IGNORECASE):
        assert errors
    else:
        assert errors == []


def test_examples_are_found():
    assert len(SETTINGS) >= 3
