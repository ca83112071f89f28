"""The suites of other projects that are run with our classes, and what is known of each."""

from __future__ import annotations

import functools
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent / "scripts"))

import peers  # noqa: E402 - found through the line above: scripts are no package
import template_tests  # noqa: E402 - as peers

__all__ = ["CLASSES", "SUITES", "TEMPLATES", "Suite", "report"]


@dataclass(frozen=True)
class Suite:
    name: str
    runs: Callable[[], list[peers.Run]]
    carried_out: Callable[..., peers.Report]
    #: The file in which each test is listed that fails on purpose, with its reason.
    listed: str
    #: The smallest suites ever seen: fewer tests than this means that the labels no longer fit.
    at_least: Callable[[peers.Run], int]

    @property
    def deviations(self):
        return tomllib.loads((HERE / self.listed).read_text()).get("deviation", [])

    def known(self, run):
        """Return the tests that fail on purpose in ``run``."""
        return {
            entry["test"]
            for entry in self.deviations
            if entry.get("peer", run.peer) == run.peer and run.pair.django in entry["django"]
        }


CLASSES = Suite(
    "classes",
    peers.runs,
    peers.carried_out,
    "deviations.toml",
    lambda run: {"django": 300, "django-csp": 100}[run.peer],
)
TEMPLATES = Suite(
    "templates",
    template_tests.runs,
    template_tests.carried_out,
    "template_deviations.toml",
    lambda run: 2500,
)
SUITES = (CLASSES, TEMPLATES)


@functools.cache
def report(suite, run, *, ours):
    """Return what came of ``run``, carried out once in a session."""
    if run.pair.python not in peers.interpreters():
        pytest.skip(f"no Python on this machine that Django {run.pair.django} accepts")
    return suite.carried_out(run, ours=ours)
