"""The test-suites of Django and django-csp pass with what is ours in the place of theirs."""

from __future__ import annotations

import pytest

from tests.peers.suites import CLASSES, SUITES, TEMPLATES, report

pytestmark = [pytest.mark.peers, pytest.mark.slow]

runs = pytest.mark.parametrize(
    ("suite", "run"),
    [
        pytest.param(suite, run, id=f"{suite.name}-{run.name}")
        for suite in SUITES
        for run in suite.runs()
    ],
)


@runs
def test_the_baseline_passes(suite, run):
    found = report(suite, run, ours=False)

    assert found.failed == {}, found.output
    assert len(found.ran) >= suite.at_least(run)


@pytest.mark.parametrize("run", CLASSES.runs(), ids=lambda run: run.name)
def test_our_classes_stand_where_theirs_stood(run):
    found = report(CLASSES, run, ours=True)
    baseline = report(CLASSES, run, ours=False)

    assert found.theirs == {}, "a class of the peer's own was still in use"
    assert len(found.made) >= len({path.rpartition(".")[2] for path in found.replaced})
    assert all(name.startswith("ringfence.") for name in found.made)
    # The same proof fails on the baseline, so it can fail.
    assert baseline.made == {}
    assert set(baseline.theirs) == set(baseline.replaced)


@pytest.mark.parametrize("run", TEMPLATES.runs(), ids=lambda run: run.name)
def test_our_engine_stands_where_theirs_stood(run):
    found = report(TEMPLATES, run, ours=True)
    baseline = report(TEMPLATES, run, ours=False)

    assert {name.rpartition(".")[2] for name in found.made} == {"Engine", "DjangoTemplates"}
    assert all(name.startswith("ringfence.") for name in found.made)
    assert found.theirs == {}, "a class of Django's own was still in use"
    # The same proof fails on the baseline, so it can fail.
    assert baseline.made == {}
    assert baseline.theirs["django.template.engine.Engine"] > 1000


@runs
def test_theirs_pass_with_ours(suite, run):
    found = report(suite, run, ours=True)
    known = suite.known(run)

    new = {test: text for test, text in found.failed.items() if test not in known}
    assert not new, "\n".join(f"{test}\n{text}" for test, text in new.items())
    assert known <= set(found.failed), "a deviation is listed that no longer deviates"


@runs
def test_the_same_tests_ran(suite, run):
    ours, theirs = (report(suite, run, ours=which) for which in (True, False))

    assert sorted(ours.ran) == sorted(theirs.ran)
    assert sorted(ours.skipped) == sorted(theirs.skipped)


@pytest.mark.parametrize("suite", SUITES, ids=lambda suite: suite.name)
def test_every_deviation_has_its_reason(suite):
    short = [entry["test"] for entry in suite.deviations if len(entry["reason"].split()) < 5]
    assert short == []
