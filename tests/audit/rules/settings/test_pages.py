"""Each rule on settings fires on the bad example of its page, and not on the good one."""

from __future__ import annotations

import re
from pathlib import Path

import django.core.checks.security
import pytest

from ringfence.audit.rules import all_codes, all_rules, django_ids, page
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


def test_every_security_check_of_django_is_here_and_once():
    sources = Path(django.core.checks.security.__file__).parent.glob("*.py")
    theirs = {
        name for path in sources for name in re.findall(r'"(security\.[EW]\d+)"', path.read_text())
    }
    ours = [name.strip() for names in django_ids().values() for name in names.split(",")]

    assert theirs <= set(ours)
    assert len(ours) == len(set(ours))
