"""Register, rules, pages and tests are about the same codes."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from ringfence.audit import rules as registry
from ringfence.audit.rules import _codes_audit
from ringfence.finding import REGISTER, Code

CODES = registry.all_codes()
RULES = {rule.code: rule for rule in registry.all_rules()}
PAGES = Path(registry.__file__).parent / "docs"
TESTS = Path(__file__).parents[1]
SOURCES = {
    *("settings", "python", "template", "url", "live", "environment", "dependencies", "audit"),
}


def test_every_module_of_rules_can_be_imported():
    assert registry.broken() == {}


def test_every_code_has_a_rule_and_every_rule_a_code():
    assert set(RULES) | _codes_audit.WITHOUT_RULE == set(CODES)
    assert not set(RULES) & _codes_audit.WITHOUT_RULE


@pytest.mark.parametrize("code", sorted(RULES))
def test_a_rule_stands_in_a_file_of_its_name(code):
    module = RULES[code].check.__module__
    names = {path.stem for path in Path(registry.__file__).parent.glob(f"{code.lower()}_*.py")}
    assert len(names) == 1, f"{code} has {sorted(names)}; its function is in {module}"


@pytest.mark.parametrize("code", sorted(RULES))
def test_a_rule_names_the_source_of_its_facts(code):
    assert RULES[code].source in SOURCES


@pytest.mark.parametrize("code", sorted(RULES))
def test_a_module_whose_name_says_what_it_is_about_is_about_that(code):
    # Where nothing is known of that, the module is not even imported.
    (path,) = Path(registry.__file__).parent.glob(f"{code.lower()}_*.py")
    source = RULES[code].source
    assert registry.asks_for(path.stem) == (source if source in {"settings", "live"} else "")


def test_rules_about_nothing_are_left_out():
    left = {rule.code for rule in registry.all_rules(("live", "settings"))}
    kept = {code for code, rule in RULES.items() if rule.source not in {"live", "settings"}}
    assert left == kept


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_code_has_a_page(code):
    page = registry.page(code)
    assert page is not None
    assert page.splitlines()[0] == f"# {code}: {CODES[code].title}"
    assert len(page.split()) > 30


def test_no_page_is_about_another_code():
    assert {path.stem for path in PAGES.glob("*.md")} == set(CODES)


@cache
def text_of_tests():
    paths = (*TESTS.rglob("test_*.py"), *TESTS.rglob("cases.txt"))
    return "".join(path.read_text("utf-8") for path in paths)


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_code_has_a_test(code):
    assert f'"{code}"' in text_of_tests() or f"\n=== {code} " in text_of_tests()


@pytest.mark.parametrize("code", sorted(CODES))
def test_an_entry_of_the_register(code):
    entry = CODES[code]
    assert isinstance(entry, Code)
    assert entry.title
    assert not entry.title.endswith(".")
    assert code not in REGISTER or REGISTER[code] is entry


def test_the_checks_of_djangos_are_of_codes_that_exist():
    assert set(registry.django_ids()) <= set(CODES)
