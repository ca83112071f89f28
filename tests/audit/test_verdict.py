"""What is shown of a report, and the exit status."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from ringfence.audit import verdict as judging
from ringfence.audit.config import Acceptance, Config, PerPath
from ringfence.audit.model import Report
from ringfence.audit.profiles import PROFILES
from ringfence.audit.rules import all_codes
from ringfence.audit.verdict import judge
from ringfence.finding import Confidence, Severity

TODAY = datetime.date(2026, 6, 1)
ROOT = Path("/tree")


def verdict(report, config=None, **changed):
    return judge(ROOT, report, config or Config(), today=TODAY, **changed)


def codes(found):
    return [each.code for each in found]


@pytest.mark.parametrize(
    ("config", "path", "shown"),
    [
        pytest.param(Config(), "a.py", True, id="silence"),
        pytest.param(Config(off=("SQL401",)), "a.py", False, id="its code is off"),
        pytest.param(Config(off=("SQL",)), "a.py", False, id="its family is off"),
        pytest.param(Config(off=("XSS",)), "a.py", True, id="another family is off"),
        pytest.param(Config(off=("SQL",), on=("SQL401",)), "a.py", True, id="but it is on"),
        pytest.param(Config(off=("SQL401",), on=("SQL",)), "a.py", False, id="the code decides"),
        pytest.param(
            Config(per_path=(PerPath(("tools/",), off=("SQL",)),)), "tools/a.py", False, id="there"
        ),
        pytest.param(
            Config(per_path=(PerPath(("tools/**",), off=("SQL",)),)), "tools/b/a.py", False, id="**"
        ),
        pytest.param(
            Config(per_path=(PerPath(("tools/",), off=("SQL",)),)), "a.py", True, id="elsewhere"
        ),
        pytest.param(
            Config(off=("SQL",), per_path=(PerPath(("tools/",), on=("SQL401",)),)),
            "tools/a.py",
            True,
            id="on again there",
        ),
    ],
)
def test_rules_are_off_where_it_is_said(report, finding, config, path, shown):
    assert bool(verdict(report(finding(path=path)), config).findings) is shown


def test_a_profile_leaves_out_its_codes(report, finding, monkeypatch):
    monkeypatch.setattr(judging, "PROFILES", {"dev": frozenset({"SQL401"})})
    assert verdict(report(finding()), Config(profile="dev")).findings == []
    again = Config(profile="dev", on=("SQL401",))
    assert codes(verdict(report(finding()), again).findings) == ["SQL401"]


@pytest.mark.parametrize(
    ("least", "shown"),
    [
        (Confidence.LOW, ["high", "medium", "low"]),
        (Confidence.MEDIUM, ["high", "medium"]),
        (Confidence.HIGH, ["high"]),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_the_least_confidence(report, finding, least, shown):
    found = [finding(confidence=each, line=each) for each in Confidence]
    result = verdict(report(*found), Config(min_confidence=least))
    assert [each.confidence.name.lower() for each in result.findings] == shown
    assert result.unsure == 3 - len(shown)


def test_what_is_worst_stands_first(report, finding):
    found = [
        finding("A401", severity=Severity.WARNING),
        finding("B401", severity=Severity.ERROR, confidence=Confidence.MEDIUM),
        finding("C401", severity=Severity.ERROR),
    ]
    assert codes(verdict(report(*found)).findings) == ["C401", "B401", "A401"]


@pytest.mark.parametrize(
    ("fail_on", "severity", "status"),
    [
        ("warning", Severity.INFO, 0),
        ("warning", Severity.WARNING, 1),
        ("info", Severity.INFO, 1),
        ("error", Severity.WARNING, 0),
        ("error", Severity.DEPLOY_ERROR, 1),
        ("critical", Severity.DEPLOY_ERROR, 0),
        ("critical", Severity.ERROR, 1),
        ("never", Severity.ERROR, 0),
    ],
    ids=str,
)
def test_the_status(report, finding, fail_on, severity, status):
    found = report(finding(severity=severity))
    assert verdict(found, Config(fail_on=fail_on)).status == status


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"unasked": {"XSS501": "ValueError"}}, id="a rule failed"),
        pytest.param({"files": 0}, id="nothing was read"),
    ],
)
def test_what_kept_it_from_its_job_is_status_2(report, finding, changed):
    assert verdict(report(finding(), **changed)).status == 2


def test_a_failed_rule_that_is_off_is_no_failure(report):
    found = report(unasked={"XSS501": "ValueError"})
    assert verdict(found, Config(off=("XSS501",))).status == 0


def test_the_baseline_is_not_shown(report, finding):
    found = report(finding(fingerprint="a"), finding(fingerprint="b", line=9))
    result = verdict(found, baseline={"a"})
    assert [each.fingerprint for each in result.findings] == ["b"]
    assert result.in_baseline == 1


def accept(**changed):
    return Acceptance("it is ours", **({"code": "SQL401"} | changed))


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        pytest.param(accept(), "it is ours", id="by code"),
        pytest.param(accept(path="shop/*.py"), "it is ours", id="by path"),
        pytest.param(accept(path="shop"), "it is ours", id="by folder"),
        pytest.param(accept(scope="search"), "it is ours", id="by scope"),
        pytest.param(accept(code="", fingerprint="f" * 32), "it is ours", id="by fingerprint"),
        pytest.param(accept(expires=TODAY), "it is ours", id="on its last day"),
        pytest.param(accept(expires=TODAY - datetime.timedelta(1)), "", id="a day later"),
        pytest.param(accept(code="XSS501"), "", id="another code"),
        pytest.param(accept(path="blog/"), "", id="another path"),
        pytest.param(accept(scope="list"), "", id="another scope"),
        pytest.param(accept(fingerprint="e" * 32), "", id="another fingerprint"),
    ],
)
def test_an_accepted_finding_is_set_apart(report, finding, entry, why):
    result = verdict(report(finding()), Config(accept=(entry,), file="/tree/pyproject.toml"))
    assert [each.accepted for each in result.accepted] == ([why] if why else [])
    assert ("SQL401" in codes(result.findings)) is not bool(why)


def test_what_expired_is_told(report, finding):
    entry = accept(expires=datetime.date(2026, 1, 1), line=7)
    result = verdict(report(finding()), Config(accept=(entry,), file="/tree/pyproject.toml"))
    (told,) = (each for each in result.findings if each.code == "AUDIT403")
    assert (told.hit.place.path, told.hit.place.line) == ("pyproject.toml", 7)
    assert "2026-01-01" in told.hit.reason


def test_what_accepts_nothing_is_told(report, finding):
    config = Config(accept=(accept(code="XSS501"),), file="/tree/pyproject.toml")
    assert codes(verdict(report(finding()), config).findings) == ["SQL401", "AUDIT404"]


def test_a_comment_that_accepts_counts_as_met(report, finding):
    config = Config(accept=(accept(),), file="/tree/pyproject.toml")
    result = verdict(report(finding(accepted="a comment")), config)
    assert [each.accepted for each in result.accepted] == ["a comment"]
    assert result.findings == []


def test_the_report_is_kept(report):
    assert isinstance(verdict(report()).report, Report)


@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_names_codes_that_exist(profile):
    assert PROFILES[profile] <= set(all_codes())
