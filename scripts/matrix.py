"""Run the suite on every pair of Django and Python that is declared and can be found here.

The browser, packaging and peers' tests are left out: they make environments of their own. The
audit's are run once for each Python, with the newest Django: it imports none but for its checks.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from environments import ROOT, Pair, declared, ensure, interpreters, this

#: Two: a CI machine has two cores.
AT_ONCE = 2
LEFT_OUT = ("browser", "packaging", "peers")
PYTEST = [
    *("-m", "pytest", "-q", "-p", "no:cacheprovider"),
    # What is slow looks at parsers, which are the same on every version.
    *("-m", " and ".join(f"not {marker}" for marker in (*LEFT_OUT, "slow"))),
    *(f"--ignore=tests/{marker}" for marker in LEFT_OUT),
]
#: What the audit does with Django's loaded settings, and its commands, stays.
AUDIT_LEFT_OUT = [
    f"--ignore=tests/audit/{name}" for name in ("collect", "fixes", "render", "rules", "holes")
]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one pair's run."""

    pair: Pair
    code: int
    seconds: float
    output: str

    def count(self, word: str) -> int:
        """Return the number that pytest's closing line gives for ``word``."""
        closing = self.output.strip().rpartition("\n")[2]
        found = re.search(rf"(\d+) {word}", closing)
        return int(found[1]) if found else 0


def run(pair: Pair, interpreter: Path, *, audit: bool) -> Outcome:
    """Run the suite for one pair, ``audit`` with the audit's tests."""
    start = time.monotonic()
    try:
        python = ensure(pair, interpreter)
    except subprocess.CalledProcessError as error:
        return Outcome(pair, 1, time.monotonic() - start, f"{error.stdout}{error.stderr}\n{error}")
    done = subprocess.run(
        [str(python), *PYTEST, *(() if audit else AUDIT_LEFT_OUT)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Outcome(pair, done.returncode, time.monotonic() - start, done.stdout)


def main() -> int:
    """Run the matrix; the exit code is the number of pairs that failed, at most 99."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--skip", default="", metavar="NAME", help="a pair that runs elsewhere")
    parser.add_argument("--only", default="", metavar="NAME", help="one pair, such as py3.12-dj6.1")
    parser.add_argument("--list", action="store_true", help="say what would run, and stop")
    parser.add_argument("--name-of-this", action="store_true", help="name this environment's pair")
    options = parser.parse_args()
    if options.name_of_this:
        print(this().name)
        return 0

    found = interpreters()
    pairs = [pair for pair in declared() if pair.name != options.skip]
    if options.only:
        pairs = [pair for pair in pairs if pair.name == options.only]
    wanted = [pair for pair in pairs if pair.python in found]
    for pair in pairs:
        if pair not in wanted:
            print(f"MATRIX: {pair.name} NOT RUN: no Python {pair.python} on this machine")
    if options.skip:
        print(f"MATRIX: {options.skip} runs as the main suite")
    if options.list:
        print("\n".join(f"MATRIX: {pair.name} on {found[pair.python]}" for pair in wanted))
        return 0

    failed = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        newest = {pair.python: pair for pair in sorted(declared(), key=lambda pair: pair.django)}
        for outcome in pool.map(
            lambda pair: run(pair, found[pair.python], audit=newest[pair.python] == pair), wanted
        ):
            verdict = "ok" if outcome.code == 0 else "FAILED"
            passed, skipped = outcome.count("passed"), outcome.count("skipped")
            print(
                f"MATRIX: {outcome.pair.name} {verdict}: {passed} passed, {skipped} skipped"
                f" ({outcome.seconds:.0f} s)",
                flush=True,
            )
            if outcome.code:
                print(outcome.output)
                failed.append(outcome.pair)
    print(f"MATRIX: {len(wanted) - len(failed)} of {len(wanted)} pairs passed")
    return min(len(failed), 99)


if __name__ == "__main__":
    sys.exit(main())
