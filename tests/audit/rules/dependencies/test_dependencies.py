"""Versions of Django without support, packages that nobody mends, and published advisories."""

from __future__ import annotations

import datetime
import json

import pytest

from ringfence import cli
from ringfence.audit.collect.dependencies import advisories as asking
from ringfence.audit.collect.dependencies.files import read_one
from ringfence.audit.model import Advisory, Place, Project, Requirement
from ringfence.audit.rules import all_rules
from ringfence.audit.rules._packages import admitted
from ringfence.finding import Confidence, Severity

HIGH, MEDIUM = Confidence.HIGH, Confidence.MEDIUM
RULES = {rule.code: rule for rule in all_rules()}


def hits(code, *files, day=None):
    project = Project(day=day)
    for path, text in files:
        project.requirements += read_one(path, text)
    return list(RULES[code].check(project))


REQUIREMENTS = "requirements.txt"
#: Files, and line and confidence of DEPS401; None if it is not found.
DJANGO = {
    "out of support": ([(REQUIREMENTS, "a==1\nDjango==3.2.25")], (2, HIGH)),
    "very old": ([(REQUIREMENTS, "Django==1.4")], (1, HIGH)),
    "in support": ([(REQUIREMENTS, "Django==5.2.1")], None),
    "newer than the table": ([(REQUIREMENTS, "Django==7.3")], None),
    "a range that ends before": ([(REQUIREMENTS, "Django>=3.2,<4.2")], (1, MEDIUM)),
    "a range that does not": ([(REQUIREMENTS, "Django>=3.2,<6")], None),
    "no end": ([(REQUIREMENTS, "Django>=2.2")], None),
    "anything": ([(REQUIREMENTS, "Django")], None),
    "compatible": ([(REQUIREMENTS, "Django~=4.1.3")], (1, MEDIUM)),
    "of poetry": ([("pyproject.toml", "[tool.poetry.dependencies]\ndjango = '^3.2'")], (2, MEDIUM)),
    "of poetry, newer": ([("pyproject.toml", "[tool.poetry.dependencies]\ndjango = '^5.0'")], None),
    "not understood": ([(REQUIREMENTS, "Django==3.2.*,!=x")], None),
    "for tests": ([("requirements/test.txt", "Django==3.2.25")], None),
    "a lock says more": (
        [
            ("pyproject.toml", "[project]\ndependencies = ['django<4']"),
            ("uv.lock", '[[package]]\nname = "django"\nversion = "5.2"\n'),
        ],
        None,
    ),
    "another's": ([(REQUIREMENTS, "django-foo==3.2")], None),
    "from a branch": ([(REQUIREMENTS, "Django @ git+https://h/django")], None),
}


@pytest.mark.parametrize(("files", "expected"), DJANGO.values(), ids=DJANGO)
def test_django(files, expected):
    found = [(each.place.line, each.confidence) for each in hits("DEPS401", *files)]
    assert found == ([] if expected is None else [expected])


#: The day on which support ends, and the one after it.
DAYS = [(datetime.date(2027, 4, 30), False), (datetime.date(2027, 5, 1), True)]


@pytest.mark.parametrize(("day", "ended"), DAYS)
def test_support_ends_on_a_day(day, ended):
    assert bool(hits("DEPS401", (REQUIREMENTS, "django==6.0.1"), day=day)) is ended


def test_a_clock_that_is_slow_is_not_believed():
    day = datetime.date(1999, 1, 1)
    assert hits("DEPS401", (REQUIREMENTS, "django==3.2"), day=day)


ADMITTED = [
    (">=3.2", (4, 2), True),
    ("<4", (3, 2), True),
    ("<4", (4, 0), False),
    ("<=4.2", (4, 2), True),
    (">4.2.3", (4, 2), True),
    ("~=4.2", (4, 9), True),
    ("~=4.2", (5, 0), False),
    ("~=4.2.1", (4, 3), False),
    ("^4.1", (4, 2), True),
    ("^4.1", (5, 0), False),
    ("~4.1", (4, 1), True),
    ("~4.1", (4, 2), False),
    ("~4", (4, 2), True),
    ("==4.2.*", (4, 2), True),
    ("==4.2.*", (4, 1), False),
    ("!=4.2.*", (4, 2), False),
    ("!=4.2.1", (4, 2), True),
    ("*", (4, 2), True),
    ("", (4, 2), True),
    ("<4.0a1", (4, 0), False),
    ("^3.2 || ^4.2", (4, 2), None),
    ("latest", (4, 2), None),
]


@pytest.mark.parametrize(("specifier", "branch", "expected"), ADMITTED)
def test_admitted(specifier, branch, expected):
    assert admitted(specifier, branch) is expected


#: A requirement, and whether DEPS402 is found.
UNFIXED = [
    (REQUIREMENTS, "pycrypto==2.6.1", True),
    (REQUIREMENTS, "PyCrypto", True),
    (REQUIREMENTS, "django_ckeditor>=6", True),
    (REQUIREMENTS, "pycryptodome", False),
    (REQUIREMENTS, "django-ckeditor-5", False),
    ("requirements-dev.txt", "pycrypto", False),
]


@pytest.mark.parametrize(("path", "text", "found"), UNFIXED)
def test_unfixed(path, text, found):
    assert bool(hits("DEPS402", (path, text))) is found


def test_advisories():
    place = Place(REQUIREMENTS, 3)
    wanted = Requirement("a", "1", "==1", place)
    tests = Requirement("b", "1", "==1", place, development=True)
    project = Project(advisories=[Advisory(wanted, ("X-1", "Y-2"), ("1.1", "2.0"))])
    (hit,) = RULES["DEPS403"].check(project)
    assert (hit.place, hit.fix, hit.severity) == (place, "a==2.0", None)
    assert "X-1, Y-2" in hit.reason
    (hit,) = RULES["DEPS403"].check(Project(advisories=[Advisory(tests, ("X-1",))]))
    assert hit.severity is Severity.INFO
    assert list(RULES["DEPS403"].check(Project(requirements=[wanted]))) == []


def test_the_option_asks_and_a_failure_fails_nothing(tree, monkeypatch, capsys):
    root = tree(files={"a.py": "x = 1\n", REQUIREMENTS: "a==1\n"})
    (root / "pyproject.toml").write_text("[tool.ringfence]\nadvisories = true\n")
    asked = []

    def ask(pins):
        asked.append(pins)
        return asking.Answer(unknown={("", ""): "there is no network"})

    monkeypatch.setattr(asking, "ask", ask)
    for options in (["--advisories"], [], []):
        assert cli.main(["audit", str(root), "--format", "json", *options]) == 0
        said = json.loads(capsys.readouterr().out)
        assert {"file": "advisories", "reason": "there is no network"} in said["skipped"]
    assert asked == [(("a", "1"),)] * 3
