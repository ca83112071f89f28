"""Each rule on settings fires on the bad example of its page, and not on the good one."""

from __future__ import annotations

import re
from pathlib import Path

import django.core.checks.security
import pytest

from ringfence.audit.rules import all_codes, all_rules, django_ids, page
from tests.audit.rules.settings.sites import codes

RULES = (
    "AUTH491",
    "AUTH492",
    "AUTH493",
    "AUTH494",
    "AUTH495",
    "AUTH496",
    "COOK491",
    "COOK492",
    "COOK493",
    "COOK494",
    "COOK495",
    "CORS001",
    "CORS101",
    "CORS102",
    "CORS103",
    "CORS104",
    "CORS109",
    "CORS110",
    "CORS111",
    "CORS112",
    "CORS121",
    "CORS203",
    "CORS204",
    "CORS302",
    "CORS491",
    "CSP101",
    "CSP102",
    "CSP103",
    "CSP105",
    "CSP106",
    "CSP107",
    "CSP111",
    "CSP112",
    "CSP201",
    "CSP202",
    "CSP203",
    "CSP204",
    "CSP205",
    "CSP206",
    "CSP207",
    "CSP208",
    "CSP210",
    "CSP217",
    "CSP218",
    "CSP491",
    "CSP492",
    "CSP493",
    "CSP494",
    "CSRF101",
    "CSRF102",
    "CSRF103",
    "CSRF104",
    "CSRF491",
    "CSRF492",
    "CSRF493",
    "CSRF494",
    "CSRF495",
    "DRF491",
    "DRF492",
    "DRF493",
    "DRF494",
    "DRF495",
    "DRF496",
    "DRF497",
    "INFO491",
    "INFO492",
    "SECR491",
    "SECR492",
    "SECR493",
    "SECR494",
    "SET401",
    "SET402",
    "SET403",
    "SET404",
    "SET405",
    "SET406",
    "SET407",
    "SET408",
    "SET409",
    "SET410",
    "SET411",
    "SET412",
    "SET413",
    "SET414",
    "SET415",
    "SET416",
    "SET417",
    "SET418",
    "SET419",
    "SET420",
    "SET421",
    "SET422",
    "SET423",
    "SET424",
    "SET425",
    "SET426",
    "SET427",
    "SET428",
    "SET429",
    "SET430",
    "SET431",
    "SET432",
    "SET433",
    "SET434",
    "SET435",
    "SET436",
    "SET437",
    "TLS491",
    "TLS492",
    "TLS493",
    "TLS494",
    "TLS495",
    "TLS496",
    "TLS497",
    "UPL491",
    "UPL492",
)


def test_all_rules_on_settings_are_asked():
    assert sorted(rule.code for rule in all_rules() if rule.source == "settings") == list(RULES)


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
