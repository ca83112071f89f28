"""The page of each code of templates: its bad example is found, its good one is not."""

from __future__ import annotations

import re

import pytest

from ringfence.audit.collect.templates import read_template
from ringfence.audit.model import Project, TemplateFacts
from ringfence.audit.report import run_rules
from ringfence.audit.rules import all_rules, page
from ringfence.audit.rules._codes_templates import CODES

_RULES = {rule.code: rule for rule in all_rules()}
_EXAMPLE = re.compile(r"## (Bad|Good)\n\n```django\n(.*?)```", re.DOTALL)
_SECTIONS = ["## Why", "## Bad", "## Good", "## How it is attacked", "## References"]


def _found(code: str, text: str) -> int:
    project = Project()
    facts = read_template("shop/templates/shop/page.html", text)
    assert isinstance(facts, TemplateFacts)
    project.templates[facts.path] = facts
    return len(run_rules(project, rules=[_RULES[code]]).findings)


@pytest.mark.parametrize("code", CODES)
def test_examples(code: str) -> None:
    text = page(code)
    assert text is not None
    assert text.startswith(f"# {code}: {CODES[code].title}\n")
    assert [line for line in text.splitlines() if line.startswith("## ")] == _SECTIONS
    examples = dict(_EXAMPLE.findall(text))
    assert _found(code, examples["Bad"]) == 1
    assert _found(code, examples["Good"]) == 0
