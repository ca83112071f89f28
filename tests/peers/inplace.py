"""Run another project's test-suite with ringfence's classes in the place of its own.

    python inplace.py REPORT ours|theirs django RUNTESTS LABEL...
    python inplace.py REPORT ours|theirs django-csp

``ours`` puts the stand-alone middlewares where the peer's tests import theirs from, before any
test is loaded; ``theirs`` leaves everything alone, which gives the baseline. Either way the run
is watched: REPORT (JSON) says which tests ran and failed, how often each of our classes was made,
and how often a class of the peer's own was made although it should have been replaced.
"""

from __future__ import annotations

import functools
import importlib
import json
import runpy
import sys
import traceback
import unittest
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

#: Where the peer defines each class, and the name of ours.
REPLACED = {
    "django": {
        "django.middleware.clickjacking.XFrameOptionsMiddleware": "XFrameOptionsMiddleware",
        "django.middleware.csp.ContentSecurityPolicyMiddleware": "ContentSecurityPolicyMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware": "CsrfViewMiddleware",
        "django.middleware.security.SecurityMiddleware": "SecurityMiddleware",
    },
    "django-csp": {"csp.middleware.CSPMiddleware": "ContentSecurityPolicyMiddleware"},
}

report: dict[str, Any] = {"ran": [], "failed": {}, "skipped": [], "made": {}, "theirs": {}}


def originals(peer: str) -> dict[str, type]:
    """Return the peer's own classes, by dotted path; this version may lack some."""
    found = {}
    for path in REPLACED[peer]:
        module_name, _, name = path.rpartition(".")
        try:
            found[path] = getattr(importlib.import_module(module_name), name)
        except ModuleNotFoundError as error:
            if error.name != module_name:
                raise
    return found


def watch(cls: type, counter: Counter[str], *, only_itself: bool) -> None:
    """Count in ``counter`` each object that is made of ``cls``.

    A class of ours may delegate to the peer's: an object made from within ringfence is not the
    peer's tests' doing and is left uncounted.
    """
    original = cls.__init__
    name = f"{cls.__module__}.{cls.__qualname__}"

    @functools.wraps(original)
    def counted(self: object, *args: Any, **kwargs: Any) -> None:
        if not only_itself or (type(self) is cls and not _made_by_ringfence()):
            counter[name] += 1
        original(self, *args, **kwargs)

    cls.__init__ = counted


def _made_by_ringfence() -> bool:
    frame = sys._getframe(2)
    while frame is not None:
        if frame.f_globals.get("__name__", "").startswith("ringfence."):
            return True
        frame = frame.f_back
    return False


def replace(theirs: dict[str, type], ours: dict[str, type]) -> None:
    """Put each class of ``ours`` where ``theirs`` stood, in every module that is already loaded.

    ``csrf_protect`` is made from the class when its module is loaded: it is made again, and
    whoever holds the old one gets the new.
    """
    swap: dict[int, object] = {id(theirs[path]): ours[path] for path in theirs}
    for path in theirs:
        module_name, _, name = path.rpartition(".")
        setattr(sys.modules[module_name], name, ours[path])
    made_from_them = sys.modules.get("django.views.decorators.csrf")
    if made_from_them is not None:
        before = dict(vars(made_from_them))
        importlib.reload(made_from_them)
        after = vars(made_from_them)
        swap |= {
            id(value): after[key]
            for key, value in before.items()
            if getattr(value, "__module__", None) == made_from_them.__name__
        }
    for name, module in list(sys.modules.items()):
        # Ours delegates to the peer's class here and there, and must keep it.
        if name.startswith("ringfence") or name == __name__:
            continue
        for key, value in list(getattr(module, "__dict__", {}).items()):
            if id(value) in swap:
                setattr(module, key, swap[id(value)])


def run_django(arguments: list[str]) -> None:
    """Run Django's own runner, and take its results from the runner itself."""
    from django.test.runner import DiscoverRunner

    run_suite: Callable[..., unittest.TestResult] = DiscoverRunner.run_suite

    def recorded(runner: Any, suite: Any, **kwargs: Any) -> unittest.TestResult:
        report["ran"] = [test.id() for test in suite]
        result = run_suite(runner, suite, **kwargs)
        for test, text in [*result.failures, *result.errors]:
            report["failed"][getattr(test, "test_case", test).id()] = text
        for test in result.unexpectedSuccesses:
            report["failed"][test.id()] = "unexpected success"
        report["skipped"] = [test.id() for test, _ in result.skipped]
        return result

    DiscoverRunner.run_suite = recorded
    runtests = Path(arguments[0])
    sys.path.insert(0, str(runtests.parent))
    sys.argv = [str(runtests), "--parallel=1", *arguments[1:]]
    runpy.run_path(str(runtests), run_name="__main__")


class Recorder:
    """A pytest plugin that keeps what the terminal would show."""

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Keep one phase of one test."""
        kept = globals()["report"]
        if report.when == "call" or report.skipped:
            kept["ran"].append(report.nodeid)
        if report.failed:
            kept["failed"][report.nodeid] = str(report.longrepr)
        if report.skipped:
            kept["skipped"].append(report.nodeid)

    def pytest_collectreport(self, report: Any) -> None:
        """Count a test file that cannot be loaded as failed."""
        if report.failed:
            globals()["report"]["failed"][report.nodeid] = str(report.longrepr)


def run_csp(arguments: list[str]) -> None:
    """Run django-csp's tests: from its source distribution, which is the working directory."""
    import pytest

    options = ["-o", "addopts=", "--ds=csp.tests.settings", "-q", "-p", "no:cacheprovider"]
    sys.exit(pytest.main([*options, "csp/tests", *arguments], plugins=[Recorder()]))


def carry_out(suite: Callable[[list[str]], None], arguments: list[str], destination: str) -> int:
    """Run ``suite``, and write the report; return its exit code."""
    code = 0
    try:
        suite(arguments)
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else int(bool(error.code))
    except Exception:  # noqa: BLE001 - whatever it was, the report carries it
        report["crash"] = traceback.format_exc()
        code = 70
    report["code"] = code
    Path(destination).write_text(json.dumps(report, indent=1))
    return code


def main(destination: str, whose: str, peer: str, *arguments: str) -> int:
    """Replace, run, and write the report."""
    sys.path[0] = str(Path.cwd())  # Python put this file's own folder there
    theirs = originals(peer)
    made_theirs: Counter[str] = Counter()
    made_ours: Counter[str] = Counter()
    for cls in theirs.values():
        watch(cls, made_theirs, only_itself=True)
    if whose == "ours":
        middleware = importlib.import_module("ringfence.middleware")
        ours = {path: getattr(middleware, REPLACED[peer][path]) for path in theirs}
        for path, cls in ours.items():
            if cls is theirs[path]:
                raise RuntimeError(f"ringfence.middleware gives {path} itself")
            watch(cls, made_ours, only_itself=False)
        replace(theirs, ours)
    suite = {"django": run_django, "django-csp": run_csp}[peer]
    report.update(made=made_ours, theirs=made_theirs, replaced=sorted(theirs))
    return carry_out(suite, list(arguments), destination)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
