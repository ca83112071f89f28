"""Run Django's own tests of its template language with ringfence's engine in Django's place.

Django's source distribution is downloaded when needed, as ``scripts/peers.py`` does. What deviates
on purpose is listed in ``tests/peers/template_deviations.toml``, each test with its reason.

    python scripts/template_tests.py              every Django series, ours in the place of theirs
    python scripts/template_tests.py --theirs     the baseline: Django's own engine
    python scripts/template_tests.py --admin      the admin's tests also (minutes)
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
import tomllib
from pathlib import Path

import peers
from environments import ROOT, ensure, interpreters

INPLACE = ROOT / "tests" / "peers" / "template_inplace.py"
DEVIATIONS = ROOT / "tests" / "peers" / "template_deviations.toml"

#: The modules of Django's suite that render templates to look at what comes out.
LABELS = (
    "template_tests",
    "template_backends",
    "template_loader",
    "forms_tests",
    "model_forms",
    "view_tests.tests.test_debug",
    "messages_tests",
    "sitemaps_tests",
    "syndication_tests",
)
#: The admin renders the largest templates that Django has; its tests take minutes.
ADMIN_LABELS = ("admin_views", "admin_widgets", "admin_changelist", "admin_inlines", "admin_docs")

#: Tests that file permissions must hold for: root reads what it likes.
NOT_AS_ROOT = {"template_tests.test_loaders.FileSystemLoaderTests.test_permissions_error"}


def runs() -> list[peers.Run]:
    """Return a run for each Django series."""
    return [run for run in peers.runs() if run.peer == "django"]


def carried_out(run: peers.Run, *, ours: bool, labels: tuple[str, ...] = LABELS) -> peers.Report:
    """Carry out ``run`` and report it.

    Raises :exc:`RuntimeError` with the output when the suite could not be run to its end.
    """
    python = ensure(run.pair, interpreters()[run.pair.python])
    return reported(python, labels, name=run.name, ours=ours)


def reported(python: Path, labels: tuple[str, ...], *, name: str, ours: bool) -> peers.Report:
    """Run the labels with the interpreter ``python``, which has Django and ringfence."""
    folder = peers.source_of(python, "Django") / "tests"
    arguments = [str(folder / "runtests.py"), *labels]
    report = peers.watched(python, INPLACE, arguments, folder, name=name, ours=ours)
    beyond = NOT_AS_ROOT if os.geteuid() == 0 else set()
    failed = {test: text for test, text in report.failed.items() if test not in beyond}
    return dataclasses.replace(report, failed=failed)


def deviations(django: str) -> dict[str, str]:
    """Return the listed tests of that Django series, each with its reason."""
    listed = tomllib.loads(DEVIATIONS.read_text()).get("deviation", [])
    return {entry["test"]: entry["reason"] for entry in listed if django in entry["django"]}


def main() -> int:
    """Run what can be run here; the exit code is 1 if what fails is not what is listed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--theirs", action="store_true", help="leave Django's own engine")
    parser.add_argument("--admin", action="store_true", help="the admin's tests also")
    parser.add_argument("--only", default="", metavar="TEXT", help="runs whose name holds TEXT")
    parser.add_argument("--label", nargs="+", help="these labels of Django's suite instead")
    parser.add_argument("-v", "--verbose", action="store_true", help="show each failure")
    options = parser.parse_args()
    labels = tuple(options.label or (LABELS + ADMIN_LABELS * options.admin))
    code = 0
    for run in runs():
        if options.only not in run.name:
            continue
        if run.pair.python not in interpreters():
            print(f"TEMPLATES: {run.name} NOT RUN: no Python for Django {run.pair.django}")
            continue
        report = carried_out(run, ours=not options.theirs, labels=labels)
        code |= _told(run, report, {} if options.theirs else deviations(run.pair.django), options)
    return code


def _told(
    run: peers.Run, report: peers.Report, known: dict[str, str], options: argparse.Namespace
) -> int:
    new = {test: text for test, text in report.failed.items() if test not in known}
    fixed = sorted(test for test in known if test in report.ran and test not in report.failed)
    print(
        f"TEMPLATES: {run.name}: {len(report.ran)} ran, {len(report.skipped)} skipped, "
        f"{len(report.failed) - len(new)} deviate as listed, {len(new)} fail, "
        f"{len(fixed)} listed but pass; engines made: {report.made or report.theirs}"
    )
    for test, text in new.items():
        print(f"       FAILED {test}")
        if options.verbose:
            print(text)
    for test in fixed:
        print(f"       NO LONGER DEVIATES {test}")
    return int(bool(new or fixed))


if __name__ == "__main__":
    sys.exit(main())
