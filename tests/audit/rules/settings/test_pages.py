"""Each rule on settings fires on the bad example of its page, and not on the good one."""

from __future__ import annotations

import re

import pytest

from ringfence.audit.rules import all_codes, all_rules, page
from tests.audit.rules.settings.sites import codes

RULES = sorted(rule.code for rule in all_rules() if rule.source == "settings")


def example(code: str, heading: str) -> str:
    text = page(code)
    assert text is not None, f"{code} has no page"
    found = re.search(rf"## {heading}\n\n```python\n(.*?)```", text, re.DOTALL)
    assert found, f"{code} has no example of {heading}"
    return found[1]


@pytest.mark.parametrize("code", RULES)
def test_the_bad_example_is_found(code, tmp_path):
    assert code in codes(tmp_path, example(code, "Bad"))


@pytest.mark.parametrize("code", RULES)
def test_the_good_example_is_not(code, tmp_path):
    assert code not in codes(tmp_path, example(code, "Good"))


@pytest.mark.parametrize("code", RULES)
def test_the_page_names_the_rule(code):
    assert (page(code) or "").startswith(f"# {code}: {all_codes()[code].title}\n")
