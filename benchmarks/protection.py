"""What protection costs: CPU time added to a bare handler, by the usual stack and by the fence.

Run ``python benchmarks/protection.py`` (``make bench``). The method is described in
``docs/performance.md``.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from configurations import CONFIGURATIONS
from traffic import ROWS, Row

_HERE = Path(__file__).resolve().parent


class Worker:
    """The parent's end of one configuration's process."""

    def __init__(self, name: str, interface: str) -> None:
        source = _HERE.parent / "src"
        paths = [str(source), os.environ.get("PYTHONPATH", "")]
        environment = os.environ | {
            "PYTHONHASHSEED": "0",
            "PYTHONPATH": os.pathsep.join(path for path in paths if path),
        }
        # All workers on one processor: two of them may run at different speeds for minutes.
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
        self.name = name
        self.process = subprocess.Popen(
            [sys.executable, str(_HERE / "worker.py"), name, interface],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )

    def ask(self, command: str, row: Row, batch: int = 0) -> Any:
        """Send one command and wait for its result; nothing else runs meanwhile."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            self.process.stdin.write(json.dumps([command, row.name, batch]) + "\n")
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise SystemExit(f"The worker of {self.name!r} ended early; its error stands above.")
        return json.loads(line)

    def close(self) -> None:
        """End the process by closing its input."""
        self.process.communicate()


def measure(
    interface: str, names: Sequence[str], rows: Sequence[Row], rounds: int, batch: int
) -> dict[str, dict[str, Any]]:
    """Return ``{row: {configuration: figures}}``; times in microseconds."""
    workers = {name: Worker(name, interface) for name in names}
    table: dict[str, dict[str, Any]] = defaultdict(dict)
    try:
        pairs = [(row, workers[name]) for row in rows for name in row.families if name in workers]
        problems = [problem for row, worker in pairs for problem in worker.ask("verify", row)]
        if problems:
            raise SystemExit("Not equivalent, nothing measured:\n  " + "\n  ".join(problems))
        for row, worker in pairs:
            worker.ask("time", row, 10 * batch)
            worker.ask("count", row)
            table[row.name][worker.name] = worker.ask("count", row)
        samples: dict[tuple[str, str], list[dict[str, float]]] = defaultdict(list)
        for number in range(rounds):
            for row in rows:
                chosen = [worker for each, worker in pairs if each is row]
                if not chosen:
                    continue
                turn = number % len(chosen)
                for worker in chosen[turn:] + chosen[:turn]:
                    samples[row.name, worker.name].append(worker.ask("time", row, batch))
        for (row_name, name), values in samples.items():
            added = [value["added"] / 1000 for value in values]
            low, middle, high = statistics.quantiles(added, n=4)
            table[row_name][name] |= {
                "bare": statistics.median(value["bare"] / 1000 for value in values),
                "added": middle,
                "low": low,
                "high": high,
            }
    finally:
        for worker in workers.values():
            worker.close()
    return dict(table)


def render(interface: str, table: dict[str, dict[str, Any]]) -> str:
    """Return the table as text, a line for each row and configuration."""
    lines = [
        f"\n{interface.upper()}: CPU time added to the bare handler, µs per request",
        (
            f"{'row':<24}{'configuration':<14}{'bare':>7}{'added':>9}{'quartiles':>19}"
            f"{'of usual':>10}{'calls':>8}{'hops':>6}"
        ),
    ]
    for row_name, by_name in table.items():
        for name, figures in by_name.items():
            usual = by_name.get(name.replace("fence", "usual").replace("minimal", "usual"))
            share = "" if usual is None or usual is figures else _ratio(usual, figures)
            spread = f"{figures['low']:.1f} to {figures['high']:.1f}"
            lines.append(
                f"{row_name:<24}{name:<14}{figures['bare']:>7.1f}{figures['added']:>9.1f}"
                f"{spread:>19}{share:>10}{figures['calls']:>8}{figures['hops']:>6}"
            )
    few, many = table.get("CORS GET", {}), table.get("CORS GET, 500 origins", {})
    for family in ("usual", "fence"):
        if family in few and f"{family}-500" in many:
            times = many[f"{family}-500"]["added"] / few[family]["added"]
            lines.append(f"CORS GET with 500 origins costs {family} {times:.2f} times that with 5")
    return "\n".join(lines)


def _ratio(usual: dict[str, Any], figures: dict[str, Any]) -> str:
    return f"1/{usual['added'] / figures['added']:.1f}" if figures["added"] > 0 else "0"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, print, and write the figures where ``--json`` says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=200, help="WSGI rounds; ASGI: a quarter")
    parser.add_argument("--batch", type=int, default=20, help="requests in each timed batch")
    parser.add_argument("--interface", choices=("wsgi", "asgi", "both"), default="both")
    parser.add_argument("--only", nargs="+", choices=CONFIGURATIONS, default=CONFIGURATIONS)
    parser.add_argument("--row", nargs="+", choices=[row.name for row in ROWS], help="these rows")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures here")
    parser.add_argument("--quick", action="store_true", help="20 rounds: a first impression")
    options = parser.parse_args(arguments)
    rounds = 20 if options.quick else max(options.rounds, 4)
    rows = [row for row in ROWS if not options.row or row.name in options.row]
    report: dict[str, Any] = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "rounds": rounds,
        "batch": options.batch,
    }
    for interface in ("wsgi", "asgi") if options.interface == "both" else (options.interface,):
        count = rounds if interface == "wsgi" else max(rounds // 4, 4)
        table = measure(interface, options.only, rows, count, options.batch)
        report[interface] = table
        print(render(interface, table), flush=True)
    if options.json:
        options.json.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
