"""What an audit costs: seconds, lines a second and memory, beside bandit's on the same files.

Run ``python -m benchmarks --audit-only [TREE ...]``; without a tree it takes the ``contrib`` of the
Django that is installed. ``--million`` also copies the first tree until there are a million lines,
and says what memory that takes. Each run is a process of its own, and the tools take turns. bandit
has one process: to have as many as the audit, its files are dealt out to several of it.

A tool's lines a second are those of the files that it reads, by the clock: Python and templates for
the audit, Python for bandit. Of tests the audit only counts the lines; ``--without-tests`` measures
a copy of the tree that has none.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from ringfence.audit.collect import tree

_OURS = "from ringfence.cli import script; script()"
_MILLION = 1_000_000
#: Exit statuses of runs that did their work: nothing found, something found.
_DONE = (0, 1)


class Run(NamedTuple):
    """Seconds by the clock, those of all processors, and the largest process's memory in MB."""

    wall: float
    cpu: float
    memory: float


class Files(NamedTuple):
    """What is read of a tree: Python files, and lines of them and of templates."""

    python: list[Path]
    python_lines: int
    template_lines: int

    @property
    def lines(self) -> int:
        return self.python_lines + self.template_lines


def files_of(root: Path) -> Files:
    """Return what both tools read there: bandit the Python files, the audit templates too."""
    found = tree.walk(root)
    python = [file.absolute for file in found.of_kind("python")]
    templates = [file.absolute for file in found.of_kind("template")]
    return Files(python, sum(map(_lines, python)), sum(map(_lines, templates)))


def _lines(path: Path) -> int:
    return path.read_bytes().count(b"\n")


def run(commands: Sequence[Sequence[str]], environment: dict[str, str]) -> Run:
    """Run the commands at the same time, and return what they took together."""
    started = time.perf_counter()
    running = [
        subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        for command in commands
    ]
    cpu = memory = 0.0
    for process in running:
        assert process.stderr is not None
        said = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in _DONE:
            raise SystemExit(f"{process.args!r} failed: {said.decode(errors='replace')[-2000:]}")
        cpu += usage.ru_utime + usage.ru_stime
        memory = max(memory, usage.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10))
    return Run(time.perf_counter() - started, cpu, memory)


def of_audit(root: Path, jobs: int, *, cache: Path | None = None) -> Run:
    """Run the audit; with ``cache`` as its users do, else keeping and using nothing."""
    command = [sys.executable, "-c", _OURS, "audit", str(root), "--jobs", str(jobs)]
    command += ["--format", "json", "--fail-on", "never"]
    environment = {name: value for name, value in os.environ.items() if name != "XDG_CACHE_HOME"}
    # An installed package has its bytecode.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if cache is None:
        command.append("--no-cache")
    else:
        environment["XDG_CACHE_HOME"] = str(cache)
    return run([command], environment)


def of_bandit(bandit: str, python: Sequence[Path], jobs: int) -> Run:
    """Run as many of bandit, with its default rules, as the audit has processes."""
    hands: list[list[str]] = [[] for _ in range(jobs)]
    sizes = [0] * jobs
    for path in sorted(python, key=lambda path: path.stat().st_size, reverse=True):
        least = sizes.index(min(sizes))
        hands[least].append(str(path))
        sizes[least] += path.stat().st_size
    commands = [[bandit, "-q", "-f", "json", *hand] for hand in hands if hand]
    return run(commands, dict(os.environ))


def compare(root: Path, bandit: str | None, jobs: int, rounds: int) -> Iterator[str]:
    """Yield lines that say what each tool took on the tree at ``root``."""
    files = files_of(root)
    yield (
        f"\n{root.name}: {files.python_lines:,} lines of Python, {files.template_lines:,} of "
        f"templates, {jobs} process{'es' if jobs > 1 else ''}"
    )
    taken: dict[str, list[Run]] = {"audit": [], "first": [], "second": [], "bandit": []}
    of_audit(root, jobs)  # compiles, and warms the disk for all
    for _ in range(rounds):
        taken["audit"].append(of_audit(root, jobs))
        if bandit:
            taken["bandit"].append(of_bandit(bandit, files.python, jobs))
        with tempfile.TemporaryDirectory() as cache:
            taken["first"].append(of_audit(root, jobs, cache=Path(cache)))
            taken["second"].append(of_audit(root, jobs, cache=Path(cache)))
    rows = {
        "audit": ("audit, no cache", files.lines),
        "first": ("audit, first run", files.lines),
        "second": ("audit, second run", files.lines),
        "bandit": ("bandit", files.python_lines),
    }
    for name, (label, lines) in rows.items():
        if taken[name]:
            yield _row(label, taken[name], lines)
    if bandit:
        yield f"  {'bandit / audit, time':<26}{_ratios(taken['bandit'], taken['audit'])}"
        wanted = files.lines / max(files.python_lines, 1)
        yield (
            f"  {'audit / bandit, lines/s':<26}"
            f"{_ratios(taken['bandit'], taken['audit'], times=wanted)}"
        )
    yield f"  {'first / second run':<26}{_ratios(taken['first'], taken['second'])}"


def _row(label: str, runs: Sequence[Run], lines: int) -> str:
    walls = [each.wall for each in runs]
    middle = statistics.median(walls)
    return (
        f"  {label:<26}{middle:>8.2f} s  ({min(walls):.2f} to {max(walls):.2f})"
        f"  cpu {statistics.median(each.cpu for each in runs):>6.2f} s"
        f"  {lines / middle:>9,.0f} lines/s  {max(each.memory for each in runs):>5.0f} MB"
    )


def _ratios(slower: Sequence[Run], faster: Sequence[Run], *, times: float = 1.0) -> str:
    """Return the ratios of the runs of the same rounds: by the clock, and by processor time."""

    def of(kind: str) -> str:
        each = [
            times * getattr(slow, kind) / max(getattr(fast, kind), 1e-9)
            for slow, fast in zip(slower, faster, strict=True)
        ]
        return f"{statistics.median(each):.1f} ({min(each):.1f} to {max(each):.1f})"

    return f"{of('wall'):>20} by the clock, {of('cpu')} of processor time"


def million(root: Path, jobs: int) -> Iterator[str]:
    """Yield what a tree of a million lines takes: copies of the one at ``root``."""
    lines = files_of(root).lines
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder, "tree")
        for number in range(-(-_MILLION // max(lines, 1))):
            shutil.copytree(root, top / f"part_{number}", symlinks=True)
        total = files_of(top).lines
        yield f"\n{total:,} lines, copies of {root.name}, {jobs} processes"
        cache = Path(folder, "cache")
        cache.mkdir(mode=0o700)
        yield _row("audit, first run", [of_audit(top, jobs, cache=cache)], total)
        yield _row("audit, second run", [of_audit(top, jobs, cache=cache)], total)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks --audit-only", description=__doc__)
    parser.add_argument("trees", nargs="*", type=Path, metavar="TREE")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="2 rounds: a first impression")
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 2], metavar="N")
    parser.add_argument("--bandit", default=_bandit(), metavar="FILE", help="(default: found)")
    parser.add_argument("--million", action="store_true", help="and a tree of a million lines")
    parser.add_argument("--without-tests", action="store_true", help="leave tests out for both")
    options = parser.parse_args(arguments)
    if not options.bandit or shutil.which(options.bandit) is None:
        options.bandit = None
        print("There is no bandit to compare with: pip install bandit, or --bandit FILE.")
    roots = options.trees or [_contrib()]
    with tempfile.TemporaryDirectory() as folder:
        if options.without_tests:
            roots = [untested(root, Path(folder, str(at))) for at, root in enumerate(roots)]
        for root in roots:
            for jobs in options.jobs:
                rounds = 2 if options.quick else options.rounds
                for line in compare(root, options.bandit, jobs, rounds):
                    print(line, flush=True)
        if options.million:
            for jobs in options.jobs:
                for line in million(roots[0], jobs):
                    print(line, flush=True)


def untested(root: Path, folder: Path) -> Path:
    """Copy what is read of the tree at ``root``, but for its tests, and return the copy."""
    top = folder / f"{root.name} without tests"
    for file in tree.walk(root).files:
        if not file.is_test:
            target = top / file.path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file.absolute, target)
    return top


def _bandit() -> str | None:
    beside = Path(sys.executable).with_name("bandit")
    return str(beside) if beside.exists() else shutil.which("bandit")


def _contrib() -> Path:
    import django

    return Path(django.__file__).parent / "contrib"


if __name__ == "__main__":
    main()
