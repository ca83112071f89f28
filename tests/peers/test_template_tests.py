"""Django's own tests of its template language, with our engine in the place of Django's."""

from __future__ import annotations

import functools
import sys
import tomllib
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent / "scripts"))

import peers  # noqa: E402 - found through the line above: scripts are no package
import template_tests  # noqa: E402 - as peers

pytestmark = [pytest.mark.peers, pytest.mark.slow]

DEVIATIONS = tomllib.loads((HERE / "template_deviations.toml").read_text()).get("deviation", [])
#: The smallest suite ever seen: fewer tests than this means that the labels no longer fit.
AT_LEAST = 2500

runs = pytest.mark.parametrize("run", template_tests.runs(), ids=lambda run: run.name)


@functools.cache
def report(run: peers.Run, *, ours: bool) -> peers.Report:
    if run.pair.python not in peers.interpreters():
        pytest.skip(f"no Python on this machine that Django {run.pair.django} accepts")
    return template_tests.carried_out(run, ours=ours)


@runs
def test_the_baseline_passes(run):
    found = report(run, ours=False)

    assert found.failed == {}, found.output
    assert len(found.ran) >= AT_LEAST


@runs
def test_ours_stand_where_theirs_stood(run):
    found = report(run, ours=True)
    baseline = report(run, ours=False)

    assert {name.rpartition(".")[2] for name in found.made} == {"Engine", "DjangoTemplates"}
    assert all(name.startswith("ringfence.") for name in found.made)
    assert found.theirs == {}, "a class of Django's own was still in use"
    # The same proof fails on the baseline, so it can fail.
    assert baseline.made == {}
    assert baseline.theirs["django.template.engine.Engine"] > 1000


@runs
def test_theirs_pass_with_ours(run):
    found = report(run, ours=True)
    known = template_tests.deviations(run.pair.django)

    new = {test: text for test, text in found.failed.items() if test not in known}
    assert not new, "\n".join(f"{test}\n{text}" for test, text in new.items())
    assert set(known) <= set(found.failed), "a deviation is listed that no longer deviates"


@runs
def test_the_same_tests_ran(run):
    assert sorted(report(run, ours=True).ran) == sorted(report(run, ours=False).ran)
    assert sorted(report(run, ours=True).skipped) == sorted(report(run, ours=False).skipped)


def test_every_deviation_has_its_reason():
    short = [entry["test"] for entry in DEVIATIONS if len(entry["reason"].split()) < 5]
    assert short == []
