"""Compare the grading of policies with Google's csp_evaluator and Mozilla's Observatory scorer.

Both are fetched from npm into a temporary directory (or found in ``--packages``), given the
policies found in public repositories and 10,000 generated ones, and asked what ringfence is asked.
Every difference must have a category; the counts are written into docs/csp-grades.md.

    python scripts/csp_oracles.py [--packages DIR] [--count N] [--check] [--show CATEGORY]

Exits with 1 where a difference has no category or, with ``--check``, where the page is out of
date. Needs npm and node.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from ringfence.rings.csp.browser.receive import receive  # noqa: E402 - found through the lines above
from ringfence.rings.csp.evaluate import evaluate  # noqa: E402
from scripts.oracles.case import UNEXPLAINED, Case, Oracle  # noqa: E402
from scripts.oracles.google import GOOGLE  # noqa: E402
from scripts.oracles.mozilla import MOZILLA  # noqa: E402
from tests.rings.csp.odd_policies import policies  # noqa: E402

PAGE = ROOT / "docs/csp-grades.md"
FOUND = ROOT / "tests/rings/csp/data/found_policies.json"
PACKAGES = ("csp_evaluator", "@mdn/mdn-http-observatory")
BEGIN, END = "<!-- oracles: begin -->\n", "<!-- oracles: end -->\n"


def ask(texts: list[str], folder: Path) -> list[dict[str, Any]]:
    """Return what the oracles in ``folder`` say of each policy."""
    script = folder / "ask.mjs"
    shutil.copyfile(ROOT / "scripts/oracles/ask.mjs", script)
    done = subprocess.run(
        ["node", str(script)],  # noqa: S607 - found on PATH, as npm is
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
        cwd=folder,
    )
    said: list[dict[str, Any]] = json.loads(done.stdout)
    return said


def install(folder: Path) -> None:
    """Fetch the oracles."""
    command = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts"]
    subprocess.run(
        [*command, "--prefix", str(folder), *PACKAGES], check=True, stdout=subprocess.DEVNULL
    )


def versions(folder: Path) -> dict[str, str]:
    """Return the oracles' versions."""
    return {
        name: json.loads((folder / "node_modules" / name / "package.json").read_text("utf-8"))[
            "version"
        ]
        for name in PACKAGES
    }


class Tally:
    """Counts the differences from one oracle, by category."""

    def __init__(self, oracle: Oracle) -> None:
        """Begin with nothing."""
        self.oracle = oracle
        self.counts: Counter[str] = Counter()
        self.found: Counter[str] = Counter()
        self.asked = self.agreed = 0
        self.examples: dict[str, list[str]] = defaultdict(list)

    def add(self, case: Case, *, is_found: bool) -> None:
        """Compare one policy."""
        for question, category in self.oracle.differences(case):
            self.asked += 1
            if category is None:
                self.agreed += 1
                continue
            self.counts[category] += 1
            self.found[category] += is_found
            self.examples[category].append(f"[{question}] {case.text!r}")

    def table(self) -> Iterator[str]:
        """Yield the lines of a Markdown table."""
        yield "| why they differ | found | generated |"
        yield "|---|---:|---:|"
        for category, count in sorted(self.counts.items(), key=lambda item: (-item[1], item[0])):
            yield f"| {category} | {self.found[category]:,} | {count - self.found[category]:,} |"


def render(tallies: list[Tally], names: dict[str, str], counts: tuple[int, int]) -> str:
    """Return the page's part."""
    asked = (
        f"{counts[0]:,} policies found in public repositories and {counts[1]:,} generated ones, "
        "compared by `scripts/csp_oracles.py`. A number counts answers, not policies."
    )
    lines = [asked]
    for tally in tallies:
        same = (
            f"{len(tally.oracle.questions)} questions a policy, {tally.asked:,} answers, "
            f"{tally.agreed:,} of them ({tally.agreed / tally.asked:.1%}) the same."
        )
        lines += [
            "",
            f"### {tally.oracle.title} ({tally.oracle.package} {names[tally.oracle.package]})",
            "",
            same,
            "",
            *tally.table(),
        ]
    return "\n".join([*lines, ""])


def main() -> int:
    """Ask, compare, and write the page or check it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packages", type=Path)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--show", default="")
    arguments = parser.parse_args()
    found = [item["policy"] for item in json.loads(FOUND.read_text("utf-8"))["policies"]]
    texts = [*found, *policies(arguments.count)]
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.packages or Path(temporary)
        if arguments.packages is None:
            install(folder)
        names = versions(folder)
        said = ask(texts, folder)
    tallies = [Tally(GOOGLE), Tally(MOZILLA)]
    for number, (text, answers) in enumerate(zip(texts, said, strict=True)):
        received = receive(text)
        case = Case(text, received, evaluate(received), answers)
        for tally in tallies:
            tally.add(case, is_found=number < len(found))
    text = render(tallies, names, (len(found), arguments.count))
    print(text)
    for tally in tallies:
        for category, examples in tally.examples.items():
            if category == UNEXPLAINED or (arguments.show and arguments.show in category):
                print("\n".join(sorted(examples, key=len)[:12]))
    if any(tally.counts[UNEXPLAINED] for tally in tallies):
        return 1
    page = PAGE.read_text("utf-8")
    before, _, rest = page.partition(BEGIN)
    after = rest.partition(END)[2]
    new = f"{before}{BEGIN}\n{text}\n{END}{after}"
    if arguments.check:
        return 0 if new == page else 1
    PAGE.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
