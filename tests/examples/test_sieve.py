"""The example with holes: its list agrees with its lines, every hole is there, no twin is one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "sieve"
GUARD = "SIEVE_IS_FULL_OF_HOLES"

pytestmark = pytest.mark.skipif(
    not EXAMPLE.is_dir(), reason="the source distribution has no examples"
)


def _loader() -> Any:
    """Return ``sieve.holes``, which needs no Django, without leaving it on the path."""
    sys.path.insert(0, str(EXAMPLE))
    try:
        from sieve import holes
    finally:
        sys.path.remove(str(EXAMPLE))
    return holes


LOADER = _loader() if EXAMPLE.is_dir() else None
HOLES = LOADER.load() if LOADER else ()
SIDES = [(hole, side) for hole in HOLES for side in ("hole", "twin")]


def _environment(**extra: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k not in (GUARD, "SIEVE_DEBUG")}
    path = os.pathsep.join(map(str, (EXAMPLE, ROOT / "src", ROOT)))
    return {**kept, "PYTHONPATH": path, **extra}


@cache
def _told(module: str, *arguments: str) -> Any:
    """Return what a module beside this one tells of the market, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", f"tests.examples.sieve.{module}", *arguments],
        cwd=ROOT,
        env=_environment(**{GUARD: "yes"}),
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _seen(settings: str) -> dict[tuple[str, str], dict[str, Any]]:
    """Return what the probes saw of each side under these settings."""
    return {(row["id"], row["side"]): row for row in _told("run", settings)}


@pytest.mark.parametrize(("hole", "side"), SIDES, ids=lambda value: getattr(value, "id", value))
def test_hole_is_there_and_its_twin_is_none(hole, side):
    row = _seen(getattr(hole, side).settings)[hole.id, side]
    assert row["works"], "the page does not do its own work"
    assert row["signs"]
    if side == "hole":
        assert all(row["signs"].values()), row["signs"]
    else:
        assert not any(row["signs"].values()), row["signs"]


@pytest.mark.parametrize("kind", ["anonymous", "user", "staff", "superuser"])
def test_a_crawler_finds_what_its_visitor_may_see(kind):
    reached = set(_told("crawl")[kind])
    asked = {
        getattr(hole, side).path.partition("?")[0]
        for hole, side in SIDES
        if getattr(hole, side).visitor == kind
    }
    assert asked - reached == set()


def test_every_class_of_the_issue_has_a_hole():
    assert {hole.kind for hole in HOLES} == set(LOADER.CLASSES)


def test_ids_are_unique():
    assert [name for name, times in Counter(hole.id for hole in HOLES).items() if times > 1] == []


def test_every_marker_stands_once_and_is_listed():
    found = LOADER.markers()
    assert {key: places for key, places in found.items() if len(places) != 1} == {}
    sinks = {word_id for word_id in found if word_id[0] == "sink"}
    assert {name for word, name in found if word == "hole"} == {hole.id for hole in HOLES}
    assert {name for word, name in found if word == "twin"} == {hole.id for hole in HOLES}
    assert {found[key][0] for key in sinks} == {hole.sink for hole in HOLES if hole.sink}


def test_a_marker_speaks_of_a_line_with_something_on_it():
    for hole, side in SIDES:
        place = getattr(hole, side).place
        line = (EXAMPLE / place.file).read_text(encoding="utf-8").splitlines()[place.line - 1]
        told = line.partition("# ")[0].partition("{#")[0].strip()
        assert told, f"{hole.id}: {place} says nothing"


def test_hole_and_twin_are_apart():
    for hole in HOLES:
        a, b = hole.hole, hole.twin
        assert a.place != b.place, hole.id
        assert (a.path, a.reached, a.settings) != (b.path, b.reached, b.settings), hole.id


@pytest.mark.parametrize(
    ("extra", "starts"),
    [
        ({}, False),
        ({GUARD: "no"}, False),
        ({"SIEVE_DEBUG": "0"}, False),
        ({"SIEVE_DEBUG": "1"}, True),
        ({GUARD: "yes"}, True),
    ],
    ids=["deployed", "denied", "debug off", "debug on", "tested"],
)
def test_site_starts_only_where_it_is_known_for_what_it_is(extra, starts):
    done = subprocess.run(
        [sys.executable, "-c", "import sieve.settings"],
        env=_environment(**extra),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode == 0) is starts
    assert starts or "must never be deployed" in done.stderr


def test_models_and_migrations_agree():
    done = subprocess.run(
        [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
        cwd=EXAMPLE,
        env=_environment(**{GUARD: "yes"}),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
