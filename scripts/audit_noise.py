"""Print what the audit shows by default of unpacked packages: a table, and each finding in a row.

    python scripts/audit_noise.py FOLDER [FOLDER ...]

A FOLDER is an unpacked wheel or source distribution. Lines are those of Python, templates and
scripts, tests left out. docs/audit-findings.md has the rows with a reader's judgement of each.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from ringfence.audit.report import run_rules  # noqa: E402 - found through the line above
from ringfence.audit.run import Options, collect  # noqa: E402
from ringfence.finding import Confidence  # noqa: E402


def main() -> None:
    """Audit each folder, and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    rows: list[str] = []
    print("| package | lines | findings | per 1,000 lines |\n|---|---|---|---|")
    for folder in parser.parse_args().folders:
        project = collect(folder, Options(cache=False, jobs=1))
        shown = [each for each in run_rules(project).findings if each.confidence > Confidence.LOW]
        lines = sum(
            each.lines
            for facts in (project.python, project.templates, project.scripts)
            for each in facts.values()
            if not each.is_test
        )
        rate = 1000 * len(shown) / max(lines, 1)
        print(f"| {folder.name} | {lines:,} | {len(shown)} | {rate:.2f} |", flush=True)
        rows += [
            f"| {each.code} | {each.hit.place.path}:{each.hit.place.line} | "
            f"{each.confidence.name.lower()} |"
            for each in shown
        ]
    print("\n| code | place | confidence |\n|---|---|---|")
    print("\n".join(rows))


if __name__ == "__main__":
    main()
