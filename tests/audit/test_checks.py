"""``check --deploy`` says what the audit's rules find in the settings, each under its code."""

from __future__ import annotations

import subprocess
import sys

import pytest
from django.conf import settings as django_settings
from django.core import checks
from django.test import override_settings

from ringfence.audit import loaded, report
from ringfence.audit import rules as registry
from ringfence.audit.model import UNKNOWN, Hit, Place, Rule, Setting, Settings
from ringfence.checks import check_audit
from ringfence.finding import Code, Confidence, Severity


@pytest.fixture
def rules(monkeypatch):
    """Return what puts one rule, on the setting LOOSE, in the place of all of them."""

    def put(severity=Severity.WARNING, confidence=Confidence.HIGH, **changed):
        def check(project):
            for each in project.deployed():
                if each.get("LOOSE") is True:
                    place = each.values["LOOSE"].place
                    yield Hit(place, "it is loose.", "LOOSE = False", confidence)

        rule = Rule("TEST401", changed.get("source", "settings"), check)
        monkeypatch.setattr(loaded, "all_rules", lambda: (rule,))
        monkeypatch.setattr(loaded, "django_ids", lambda: changed.get("django", {}))
        monkeypatch.setattr(
            report.registry, "all_codes", lambda: {"TEST401": Code("Something loose", severity)}
        )

    return put


@pytest.mark.parametrize(
    ("severity", "level"),
    [
        (Severity.INFO, checks.INFO),
        (Severity.WARNING, checks.WARNING),
        (Severity.DEPLOY_ERROR, checks.ERROR),
        (Severity.ERROR, checks.ERROR),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
@override_settings(LOOSE=True)
def test_a_finding_is_a_check(rules, severity, level):
    rules(severity)
    (message,) = check_audit()
    assert (message.id, message.level) == ("ringfence.TEST401", level)
    assert message.msg == "Something loose: it is loose."
    assert message.hint == "LOOSE = False"


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"confidence": Confidence.LOW}, id="not sure"),
        pytest.param({"django": {"TEST401": "security.W001"}}, id="Django's own"),
        pytest.param({"source": "python"}, id="no rule on settings"),
    ],
)
@override_settings(LOOSE=True)
def test_what_others_say_or_nobody_knows_is_left_out(rules, changed):
    rules(**changed)
    assert check_audit() == []


def test_nothing_loose_is_nothing_found(rules):
    rules()
    assert check_audit() == []


@override_settings(LOOSE=True)
def test_it_is_asked_under_deploy_and_its_tag_only(rules):
    rules()
    for tags, deploy, expected in (
        (None, True, True),
        (["ringfence"], True, True),
        (["security"], True, False),
        (None, False, False),
    ):
        found = checks.run_checks(tags=tags, include_deployment_checks=deploy)
        assert ("ringfence.TEST401" in {each.id for each in found}) is expected


def test_nothing_lazy_is_evaluated():
    class Lazy:
        def __getattribute__(self, name):
            raise AssertionError(name)

        __eq__ = __hash__ = __repr__ = __bool__ = __iter__ = None

    values = loaded.loaded("site.settings", {"A": Lazy(), "B": [Lazy(), 1], "C": {"x": Lazy()}})
    assert values.get("A") is UNKNOWN
    assert values.get("B") == [UNKNOWN, 1]
    assert values.get("C") == {"x": UNKNOWN}


def test_the_real_rules_can_be_asked(monkeypatch):
    monkeypatch.setattr(registry, "broken", lambda without=(): {})
    found = {message.id for message in check_audit()}
    assert all(each.startswith("ringfence.") for each in found)
    assert django_settings.configured


def read(**values):
    place = Place("site/settings.py", 7)
    known = {name: Setting(value, place) for name, value in values.items()}
    return Settings("site.settings", "site/settings.py", "deployed", known)


@pytest.mark.parametrize(
    ("before", "running", "after"),
    [
        pytest.param({"A": UNKNOWN}, {"A": True}, True, id="not known from source"),
        pytest.param({}, {"A": ["x"]}, ["x"], id="in no source that was read"),
        pytest.param({"A": False}, {"A": True}, False, id="known"),
        pytest.param({"A": UNKNOWN}, {"A": "text"}, UNKNOWN, id="may be a secret"),
        pytest.param({"A": UNKNOWN}, {"A": {"PASSWORD": "x"}}, UNKNOWN, id="may hold a secret"),
        pytest.param({"A": UNKNOWN}, {"A": object()}, UNKNOWN, id="no data"),
    ],
)
def test_what_is_loaded_fills_in_what_is_not_known(before, running, after):
    assert loaded.filled_in(read(**before), running).get("A") == after


def test_what_is_named_as_a_secret_stays_unknown():
    site = loaded.filled_in(read(SECRET_KEY=UNKNOWN), {"SECRET_KEY": 7, "SECRET_KEY_FALLBACKS": []})
    assert site.get("SECRET_KEY") is UNKNOWN
    assert site.get("SECRET_KEY_FALLBACKS") is None


def test_what_was_filled_in_stands_where_it_was():
    site = loaded.filled_in(read(A=UNKNOWN), {"A": True, "B": True})
    assert (site.values["A"].place.line, site.values["B"].place.line) == (7, 1)


def test_a_site_is_served_without_the_audit():
    code = (
        "import sys, django; django.setup(); import ringfence.middleware;"
        "print([name for name in sys.modules if name.startswith('ringfence.audit')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"DJANGO_SETTINGS_MODULE": "tests.settings", "PYTHONPATH": "src:."},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
