"""Prove the example full of holes, and compare what is found with what was planted.

    python -m tests.browser.sieve "reflected XSS" "stored XSS"

Each hole of those classes must be found at the line that bears its marker, and none of the twins.
Prints what was missed, what was put down to another line, and what was found on a twin; exits with
1 where there is any.
"""

# ruff: noqa: T201 - a tool for the terminal

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FOLDER = Path(__file__).parents[2] / "examples" / "sieve"

#: Which attacks are to find the holes of a class.
ATTACKS: dict[str, tuple[str, ...]] = {
    "reflected XSS": (
        "reflected",
        "reflected_attribute",
        "reflected_handler",
        "reflected_string",
    ),
    "stored XSS": ("script", "attribute", "handler", "string", "link"),
    "template XSS": ("template", "template_attribute", "template_handler", "template_string"),
    "clickable javascript: links": ("link", "reflected_link", "dom"),
    "DOM XSS": ("dom",),
    "cross-site form POST": (
        *("forgery", "forgery_fetch", "forgery_json", "forgery_multipart", "forgery_override"),
        "forgery_sibling",
    ),
    "login CSRF": ("login_forgery",),
    "state change by GET": ("get_change",),
    "cross-origin read": (
        *("read", "read_downgraded", "read_lookalike", "read_null", "read_sibling"),
    ),
    "XSSI": ("inclusion",),
    "framing": ("framing", "clickjacking"),
    "window.opener and named windows": ("opener", "tabnabbing"),
    "session theft": ("session_script", "session_network"),
    "Host-header poisoning": ("host", "reset_mail"),
    "open redirect": ("redirect",),
    "MIME sniffing and uploads": ("upload",),
    "Referer leak": ("referer",),
    "cached private pages": ("caching",),
}


#: Lines of a view.
_LONGEST_VIEW = 20


@dataclass(slots=True)
class Comparison:
    """What a run made of the planted holes, by their ids; ``others`` are findings of no hole."""

    found: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    misplaced: dict[str, list[str]] = field(default_factory=dict)
    on_twins: dict[str, list[str]] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)

    @property
    def is_right(self) -> bool:
        """Whether each hole was found in its place, and no twin."""
        return not (self.missed or self.misplaced or self.on_twins)


@dataclass(frozen=True, slots=True)
class Finding:
    """A trial that succeeded: ``place`` is ``file:line``."""

    attack: str
    label: str
    place: str
    path: str
    column: str


def compare(findings: Iterable[Finding], holes: Sequence[Any]) -> Comparison:
    """Compare the findings with holes of :mod:`sieve.holes`."""
    found = list(findings)
    result = Comparison()
    known: set[Finding] = set()
    for hole in holes:
        wanted = ATTACKS.get(hole.kind, ())
        places = {str(hole.hole.place), *([str(hole.sink)] if hole.sink else ())}
        mine = [each for each in found if each.attack in wanted]
        # A view's place is its first line: the marker stands somewhere in it.
        here = [
            each
            for each in mine
            if each.place in places or (_is_at(each, hole.hole) and _is_in_view(each, hole.hole))
        ]
        known |= set(here)
        if here:
            result.found.append(hole.id)
        elif near := [each for each in mine if _is_at(each, hole.hole)]:
            result.misplaced[hole.id] = [f"{each.place} ({each.attack})" for each in near]
            known |= set(near)
        else:
            result.missed.append(hole.id)
        twin = [e for e in mine if e.place == str(hole.twin.place) or _is_at(e, hole.twin)]
        if hole.twin.path == hole.hole.path:
            twin = [e for e in twin if e.place == str(hole.twin.place) or _is_of_column(e, hole)]
        if twin:
            result.on_twins[hole.id] = [f"{each.label}: {each.place}" for each in twin]
            known |= set(twin)
    result.others = [f"{e.attack}: {e.label}: {e.place}" for e in found if e not in known]
    return result


def _is_in_view(finding: Finding, side: Any) -> bool:
    """Whether a finding that names a view names the file that the marker is in."""
    file, _, line = finding.place.rpartition(":")
    marked, _, at = str(side.place).rpartition(":")
    return file == marked and 0 <= int(at or 0) - int(line or 0) <= _LONGEST_VIEW


def _is_at(finding: Finding, side: Any) -> bool:
    column = side.reached.get("column")
    return finding.path.partition("?")[0] == side.path and column in (None, finding.column)


def _is_of_column(finding: Finding, hole: Any) -> bool:
    return finding.column == hole.twin.reached.get("column", "-")


def prove(
    module: str, folder: Path, attacks: Sequence[str], visitors: Sequence[str] | None, tell: Any
) -> tuple[Any, Sequence[Any]]:
    """Run the proof in a copy of the example, with that settings module.

    Returns the proof, and the holes of :mod:`sieve.holes`.
    """
    with tempfile.TemporaryDirectory(prefix="rf-", dir="/tmp") as temporary:
        copy = Path(temporary) / "sieve"
        shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("*.sqlite3", "__pycache__"))
        os.environ |= {"DJANGO_SETTINGS_MODULE": module, "SIEVE_IS_FULL_OF_HOLES": "yes"}
        os.chdir(copy)
        sys.path.insert(0, str(copy))
        import django

        django.setup()
        from django.core.management import call_command
        from sieve.holes import load
        from sieve.seed import seed

        from ringfence.prove.attacks import ATTACKS as ALL
        from ringfence.prove.run import Plan, Proof
        from ringfence.prove.run import prove as run
        from ringfence.sandbox.boot import booted
        from ringfence.sandbox.executable import find_browser
        from ringfence.sandbox.site import site_states

        call_command("migrate", verbosity=0, interactive=False)
        seed()
        named = {attack.name: attack for attack in ALL}
        proof = Proof()
        with booted(find_browser()) as sandbox:
            chosen = [named[name] for name in attacks]
            plan = Plan(chosen, visitors or list(sandbox.visitors), pages=400)
            run(sandbox, site_states(put_in=False), plan, tell, proof)
        holes = load()
        os.chdir("/")
        return proof, holes


def findings_of(proof: Any) -> list[Finding]:
    """Return what succeeded against the site as it is."""
    return [
        Finding(
            trial.attack.name,
            trial.target.label,
            f"{trial.target.place.file}:{trial.target.place.line}" if trial.target.place else "",
            trial.target.path,
            trial.target.column or "",
        )
        for trial in proof.trials
        if trial.judgement.verdict.value == "succeeded"
    ]


class Progress:
    """Tells on the terminal what takes how long."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._began = time.monotonic()

    def state(self, name: str) -> None:
        self.tell(f"state {name}")

    def attack(self, name: str) -> None:
        self.tell(f"  {name}")

    def pages(self, pages: int) -> None:
        self.tell(f"{pages} pages")

    def runs(self, runs: int) -> None:
        del runs

    def tell(self, line: str) -> None:
        if not self._quiet:
            print(f"{time.monotonic() - self._began:7.1f} {line}", file=sys.stderr, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("classes", nargs="+", help="classes of holes.toml")
    parser.add_argument("--attacks", help="run these only, separated by commas")
    parser.add_argument("--as", dest="visitors", help="roles, separated by commas; all if left out")
    parser.add_argument("--settings", default="sieve.settings")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--quiet", action="store_true")
    asked = parser.parse_args()
    attacks = asked.attacks.split(",") if asked.attacks else None
    wanted = [name for each in asked.classes for name in ATTACKS[each]]
    began = time.monotonic()
    proof, known = prove(
        asked.settings,
        asked.folder.resolve(),
        attacks or list(dict.fromkeys(wanted)),
        asked.visitors.split(",") if asked.visitors else None,
        Progress(quiet=asked.quiet),
    )
    holes = [h for h in known if h.kind in asked.classes and h.hole.settings == asked.settings]
    result = compare(findings_of(proof), holes)
    _print(proof, result)
    print(f"{proof.runs} runs, {proof.seconds:.1f} s, all in all {time.monotonic() - began:.1f} s")
    return 0 if result.is_right else 1


def _print(proof: Any, result: Comparison) -> None:
    inconclusive: dict[str, list[str]] = defaultdict(list)
    for trial in proof.trials:
        if trial.judgement.verdict.value == "inconclusive":
            inconclusive[trial.attack.name].append(
                f"{trial.target.label}: {trial.judgement.reason}"
            )
    print("found:    ", len(result.found), " ".join(result.found))
    print("missed:   ", len(result.missed), " ".join(result.missed))
    for title, each in (("misplaced", result.misplaced), ("on a twin", result.on_twins)):
        print(f"{title}:", len(each))
        for name, where in each.items():
            print("   ", name, "; ".join(where))
    print("others:   ", len(result.others))
    for line in result.others:
        print("   ", line)
    for name, reasons in inconclusive.items():
        for reason in reasons:
            print("inconclusive:", name, reason)
    for missing in proof.untargeted:
        print("untargeted:", missing.attack.name, missing.reason)
    for note in proof.notes:
        print("note:", note)


if __name__ == "__main__":
    sys.exit(main())
