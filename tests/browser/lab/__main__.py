"""``python -m tests.browser.lab``: print what ran, what changed and what arrived."""

from __future__ import annotations

import argparse
import dataclasses
import json
import logging
import signal
import sys
import time
from collections import Counter
from pathlib import Path

from tests.browser.lab.engines import ENGINES, configure


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.browser.lab", description=__doc__)
    parser.add_argument("--engine", choices=ENGINES, default="ringfence")
    parser.add_argument(
        "--set", choices=("first", "second"), default="first", help="of places and values"
    )
    parser.add_argument("--contexts", metavar="REGEX", help="only contexts whose name it finds")
    parser.add_argument("--sample", metavar="N", type=int, default=0, help="N payloads a context")
    parser.add_argument("--quick", action="store_true", help="a sample that takes a minute")
    parser.add_argument("--navigate", action="store_true", help="load over the network")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write everything there")
    parser.add_argument("--list", metavar="N", type=int, default=200, help="failing pairs shown")
    parser.add_argument("--browser", metavar="PATH", help="the Chromium to use")
    return parser


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


def main() -> int:
    options = _parser().parse_args()
    configure(options.engine)
    # Ended from outside, it still ends its browser.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    # Thousands of refusals are logged, each as it should be.
    logging.disable(logging.CRITICAL)
    from tests.browser.lab.run import QUICK, measure
    from tests.browser.lab.sets import SETS

    sample = QUICK if options.quick else options.sample
    start = time.monotonic()
    outcome = measure(
        options.engine,
        names=options.contexts,
        sample=sample,
        which=SETS[options.set],
        navigate=options.navigate,
        browser=options.browser,
    )
    seconds = time.monotonic() - start
    lists = {
        "executed": outcome.executed,
        "structure changed": outcome.changed,
        "not intact": outcome.broken,
        "raised": outcome.raised,
    }
    for title, pairs in lists.items():
        if pairs:
            counts = Counter(pair.context for pair in pairs)
            say(f"\n{title}: {', '.join(f'{name} {n}' for name, n in counts.most_common())}")
            for pair in pairs[: options.list]:
                say(f"  {pair}")
            if len(pairs) > options.list:
                say(f"  and {len(pairs) - options.list} more (--list, --json)")
    control = options.engine == "raw" and not options.contexts and not sample
    idle = outcome.never_fired() if control else []
    unharmed = outcome.never_attacked() if control else []
    for title, rows in (("payloads that ran nowhere", idle), ("never attacked", unharmed)):
        if rows:
            say(f"\n{title}: {len(rows)}")
            for row in rows:
                say(f"  {row!r}")
    say(f"""
engine                {outcome.engine}
contexts x payloads   {outcome.contexts} x {len(outcome.payloads)}\
{" (a sample)" if sample else ""}
attacks               {outcome.attacks}
executed              {len(outcome.executed)}
structure changed     {len(outcome.changed)}
harmless intact       {outcome.intact} of {outcome.harmless}
refused               {outcome.refused} attacks, {len(outcome.refused_harmless)} harmless
raised                {len(outcome.raised)}
documents loaded      {outcome.documents}
seconds               {seconds:.0f}""")
    if options.json:
        rows = dataclasses.asdict(outcome) | {"seconds": seconds}
        rows |= {"set": options.set, "rows": [context.name for context in outcome.rows]}
        rows |= {"fired": sorted(outcome.fired), "attacked": sorted(outcome.attacked)}
        options.json.write_text(json.dumps(rows, default=str, indent=1), encoding="utf-8")
    if options.engine.startswith("ringfence"):
        return 0 if outcome.clean else 1
    return 1 if idle or unharmed else 0


if __name__ == "__main__":
    sys.exit(main())
