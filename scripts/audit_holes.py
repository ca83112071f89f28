"""Measure the audit on known holes: found at the line, found in the file, missed, told apart.

    python scripts/audit_holes.py [--files GLOB] [--rows odd|even] [--list] [--write]
    python scripts/audit_holes.py HOLES.json FOLDER [--rows odd|even] [--list]

Without arguments the holes are our own set, tests/audit/holes/*.toml but for the lots kept
aside: --files 'unseen*'. A list of pointers (JSON:
repo, file, line, cls) needs its files in FOLDER/N/before and FOLDER/N/after for its row N. A hole
is found if a code of its class is shown at its line, give or take three; it is told apart if no
code of its class is left near the place once it is fixed. Only what is shown by default counts.

``--write`` puts the tables into docs/audit-recall.md. Nothing of the files is imported or run.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from ringfence.audit.model import Finding  # noqa: E402 - found through the lines above
from ringfence.audit.report import run_rules  # noqa: E402
from ringfence.audit.run import Options, collect  # noqa: E402
from ringfence.finding import Confidence  # noqa: E402
from scripts.holes.cases import Case, from_pointers, from_toml  # noqa: E402

HOLES = ROOT / "tests/audit/holes"
PAGE = ROOT / "docs/audit-recall.md"
BEGIN, END = "<!-- holes: begin -->\n", "<!-- holes: end -->\n"
#: So many lines away a finding is still the hole's.
NEAR = 3
#: Classes that the project is about; the others are a gift.
CORE = ("xss", "csrf", "cors", "csp", "set")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one case. ``apart`` is None where no fix is known."""

    case: Case
    #: ``"line"``, ``"file"`` or ``"missed"``.
    found: str
    codes: tuple[str, ...]
    apart: bool | None
    #: Codes of the hole's class that are left once it is fixed.
    left: tuple[str, ...] = ()


def judge(case: Case) -> Outcome:
    """Audit a case before its fix, and after it."""
    before = _of_class(case, case.before)
    at = [each for each in before if _near(each, case.line, 0)]
    at = at or [each for each in before if _near(each, case.line, NEAR)]
    found = "line" if at else "file" if before else "missed"
    codes = tuple(sorted({each.code for each in at or before}))
    if not case.after:
        return Outcome(case, found, codes, None)
    kept = Counter(_same(each) for each in before if each not in at)
    after = _of_class(case, case.after)
    left = [each.code for each in after if not _is_kept(each, kept)]
    return Outcome(case, found, codes, bool(at) and not left, tuple(sorted(set(left))))


def audit(files: dict[str, str]) -> list[Finding]:
    """Return what is shown by default of a tree of these files."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, "utf-8")
        report = run_rules(collect(root, Options(cache=False, jobs=1)))
    if report.unasked:
        raise SystemExit(f"Rules failed: {dict(report.unasked)}")
    return [each for each in report.findings if each.confidence > Confidence.LOW]


def _of_class(case: Case, text: str) -> list[Finding]:
    found = audit({**case.files, case.path: text})
    wanted = codes_of(case.cls)
    return [
        each for each in found if each.hit.place.path == case.path and each.code.startswith(wanted)
    ]


def _near(finding: Finding, line: int, far: int) -> bool:
    place = finding.hit.place
    return place.line - far <= line <= max(place.end_line, place.line) + far


def _same(finding: Finding) -> tuple[str, str]:
    return finding.code, finding.hit.place.text


def _is_kept(finding: Finding, kept: Counter[tuple[str, str]]) -> bool:
    same = _same(finding)
    kept[same] -= 1
    return kept[same] >= 0


@cache
def _classes() -> dict[str, list[str]]:
    return tomllib.loads((HOLES / "classes.toml").read_text("utf-8"))


def codes_of(cls: str) -> tuple[str, ...]:
    """Return the codes, or their beginnings, that say what a class of holes is.

    :raises LookupError: if nothing is known of the class.
    """
    classes = _classes()
    while cls not in classes:
        shorter = cls.rpartition("-")[0]
        if not shorter:
            raise LookupError(f"no codes for the class {cls!r} in classes.toml")
        cls = shorter
    return tuple(classes[cls])


def of_classes(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Yield a Markdown table of the classes."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[outcome.case.cls].append(outcome)
    together = [each for group in groups.values() for each in group]
    core = [each for each in together if each.case.cls.split("-")[0] in CORE]
    yield "| class | holes | at the line | in the file | missed | fixes | told apart |"
    yield "|---|---|---|---|---|---|---|"
    rows = [*sorted(groups.items()), ("**core**", core), ("**all**", together)]
    for name, group in rows:
        count = Counter(each.found for each in group)
        fixes = [each.apart for each in group if each.apart is not None]
        yield (
            f"| {name} | {len(group)} | {_share(count['line'], len(group))} | {count['file']} "
            f"| {count['missed']} | {len(fixes)} | {_share(sum(fixes), len(fixes))} |"
        )


def of_rules(outcomes: Iterable[Outcome]) -> Iterator[str]:
    """Yield a Markdown table of the rules: of what they were to find, and what they left alone."""
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    silent: Counter[str] = Counter()
    for each in outcomes:
        if each.found == "line":
            right.update(each.codes)
            if each.apart is not None:
                silent.update(set(each.codes) - set(each.left))
        wrong.update(each.left)
    yield "| code | holes it is shown at | silent after the fix | shown after a fix | precision |"
    yield "|---|---|---|---|---|"
    for code in sorted(right.keys() | wrong.keys()):
        yield (
            f"| {code} | {right[code]} | {silent[code]} | {wrong[code]} "
            f"| {100 * right[code] / (right[code] + wrong[code]):.0f} % |"
        )


def _share(part: int, of: int) -> str:
    return f"{part} ({100 * part / of:.0f} %)" if of else "-"


def _cases(arguments: argparse.Namespace) -> Iterator[Case]:
    if arguments.holes is None:
        numbered = enumerate(
            case
            for path in sorted(HOLES.glob(f"{arguments.files}.toml"))
            if path.name != "classes.toml"
            for case in from_toml(path)
        )
        rows: Iterable[tuple[int, Case | None]] = numbered
    else:
        rows = from_pointers(arguments.holes, arguments.folder)
    for number, case in rows:
        if arguments.rows != "all" and (number % 2 == 1) != (arguments.rows == "odd"):
            continue
        if case is None:
            print(f"row {number}: no file", file=sys.stderr)
        else:
            yield case


def _listed(outcomes: Iterable[Outcome]) -> Iterator[str]:
    for each in outcomes:
        if each.found != "line" or each.apart is False:
            said = f"left {', '.join(each.left)}" if each.left else ""
            yield f"{each.found:6} {each.case.cls}: {each.case.name} ({each.case.path}) {said}"


def main() -> None:
    """Measure, print, and write the page if asked to."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("holes", nargs="?", type=Path, metavar="HOLES.json")
    parser.add_argument("folder", nargs="?", type=Path, metavar="FOLDER")
    parser.add_argument("--files", default="[!u]*", metavar="GLOB", help="which of our own files")
    parser.add_argument("--rows", choices=("all", "odd", "even"), default="all")
    parser.add_argument(
        "--list", action="store_true", help="name what is missed, or not told apart"
    )
    parser.add_argument("--write", action="store_true", help="write docs/audit-recall.md")
    arguments = parser.parse_args()
    if (arguments.holes is None) != (arguments.folder is None):
        parser.error("a list of holes needs the folder of its files")
    outcomes = [judge(case) for case in _cases(arguments)]
    tables = [*of_classes(outcomes), "", *of_rules(outcomes)]
    print("\n".join([*tables, "", *(_listed(outcomes) if arguments.list else ())]))
    if arguments.write:
        head, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
        text = "\n".join(tables)
        PAGE.write_text(f"{head}{BEGIN}\n{text}\n\n{END}{rest.partition(END)[2]}", "utf-8")


if __name__ == "__main__":
    main()
