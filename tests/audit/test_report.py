"""Asking the rules: one that fails is named, and fingerprints stay what they are."""

from __future__ import annotations

import pytest

from ringfence.audit import report as reporting
from ringfence.audit.model import Hit, Place, Project, Rule, Skipped
from ringfence.audit.report import fingerprint, run_rules
from ringfence.finding import Confidence, Severity


def rule(code, *hits, fails=False):
    def check(project):
        yield from hits
        if fails:
            raise ValueError("of its own")

    return Rule(code, "python", check)


def hit(line=3, text="x = 1", path="a.py", scope="", **changed):
    return Hit(Place(path, line, scope=scope, text=text), "why", "fix", **changed)


def test_a_rule_that_raises_is_named_and_nothing_else_is_lost():
    rules = [rule("AUDIT401", hit(1), fails=True), rule("AUDIT402", hit(2))]

    report = run_rules(Project(), rules=rules)

    assert [(each.code, each.hit.place.line) for each in report.findings] == [
        ("AUDIT401", 1),
        ("AUDIT402", 2),
    ]
    assert report.unasked == {"AUDIT401": "ValueError: of its own"}


def test_a_rule_without_a_registered_code_is_named():
    report = run_rules(Project(), rules=[rule("NONE999", hit())])
    assert list(report.findings) == []
    assert "not registered" in report.unasked["NONE999"]


def test_a_module_that_cannot_be_imported_is_named(monkeypatch):
    monkeypatch.setattr(reporting.registry, "all_rules", lambda without=(): ())
    monkeypatch.setattr(
        reporting.registry, "broken", lambda without=(): {"xss000": "SyntaxError: no"}
    )
    assert run_rules(Project()).unasked == {"xss000": "SyntaxError: no"}


def test_a_rule_that_is_off_is_not_asked():
    report = run_rules(Project(), rules=[rule("AUDIT401", fails=True)], off={"AUDIT401"})
    assert report.unasked == {}


def test_severity_is_the_registers_unless_the_rule_knows_better():
    rules = [rule("AUDIT401", hit(1), hit(2, severity=Severity.INFO))]
    found = run_rules(Project(), rules=rules).findings
    assert [each.severity for each in found] == [Severity.ERROR, Severity.INFO]


def test_what_was_skipped_is_told_in_order():
    project = Project(skipped=[Skipped("b", "x"), Skipped("a", "y")])
    assert [each.path for each in run_rules(project, rules=[]).skipped] == ["a", "b"]


def test_the_same_place_found_twice_is_one_finding():
    found = run_rules(Project(), rules=[rule("AUDIT401", hit(), hit())]).findings
    assert [each.hit.place.line for each in found] == [3]


SAME = hit()


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(hit(line=40), id="moved"),
        pytest.param(hit(text="  x  =\t1 "), id="spaced anew"),
        pytest.param(hit(confidence=Confidence.LOW), id="less sure"),
        pytest.param(hit(severity=Severity.INFO), id="less grave"),
    ],
)
def test_a_fingerprint_survives(other):
    assert fingerprint("AUDIT401", SAME, 0) == fingerprint("AUDIT401", other, 0)


@pytest.mark.parametrize(
    ("code", "other", "ordinal"),
    [
        pytest.param("AUDIT402", SAME, 0, id="another code"),
        pytest.param("AUDIT401", hit(path="b.py"), 0, id="another file"),
        pytest.param("AUDIT401", hit(scope="f"), 0, id="another function"),
        pytest.param("AUDIT401", hit(text="y = 1"), 0, id="another text"),
        pytest.param("AUDIT401", SAME, 1, id="the second of its kind"),
    ],
)
def test_a_fingerprint_tells_apart(code, other, ordinal):
    assert fingerprint("AUDIT401", SAME, 0) != fingerprint(code, other, ordinal)


def test_lines_that_are_the_same_have_fingerprints_of_their_own():
    found = run_rules(Project(), rules=[rule("AUDIT401", hit(3), hit(9), hit(7))]).findings
    assert len({each.fingerprint for each in found}) == 3
    assert [each.hit.place.line for each in found] == [3, 7, 9]


def test_a_line_above_changes_no_fingerprint():
    before = run_rules(Project(), rules=[rule("AUDIT401", hit(3), hit(9))]).findings
    after = run_rules(Project(), rules=[rule("AUDIT401", hit(5), hit(11))]).findings
    assert [a.fingerprint for a in before] == [b.fingerprint for b in after]


def test_a_path_of_bytes_that_are_no_text_has_one():
    assert len(fingerprint("AUDIT401", hit(path="\udcff.py"), 0)) == 32
