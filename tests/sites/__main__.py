"""Compare real sites with their stock rendering, and use them in a browser under a strict policy.

    python -m tests.sites                           every site whose packages are installed
    python -m tests.sites --site admin --no-browser
    python -m tests.sites --site wagtail --only chooser --verbose

The exit code is 1 where a page differs, an act fails, or the policy blocks something that stood in
the page as the server sent it; but for what ``blocked.toml`` lists with its cause.
"""

# ruff: noqa: T201 - a command speaks on standard output

from __future__ import annotations

import argparse
import importlib.util
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, "src")  # where ringfence is not installed

from tests.sites.attribute import blocked_of
from tests.sites.model import MODES, SITES
from tests.sites.run import Result, Workshop

if TYPE_CHECKING:
    from tests.sites.attribute import Blocked, Violation
    from tests.sites.browse import Browsed


def main() -> int:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--site", action="append", choices=SITES, help="may be repeated")
    parser.add_argument("--django", help="refuse to run on another series (5.2, 6.1)")
    parser.add_argument("--only", default="", help="pages and acts with this in their names")
    parser.add_argument("--no-browser", action="store_true")
    parser.add_argument("--no-compare", action="store_true")
    parser.add_argument("--browse-mode", default="fenced", choices=MODES)
    parser.add_argument("--styles", action="store_true", help="a policy for styles as well")
    parser.add_argument("--stub", action="store_true", help="stock Django in the backend's place")
    parser.add_argument("--keep", type=Path, help="a folder to work in, used again by the next run")
    parser.add_argument("--verbose", action="store_true", help="print every difference in full")
    options = parser.parse_args()

    import django

    if options.django and not django.__version__.startswith(options.django):
        parser.error(f"this environment has Django {django.__version__}")
    environment = {"SITES_STYLES": "1"} if options.styles else {}
    if options.stub:
        environment["SITES_BACKEND"] = "django.template.backends.django.DjangoTemplates"
    code = 0
    for name in options.site or SITES:
        site = SITES[name]
        missing = [module for module in site.needs if not importlib.util.find_spec(module)]
        if missing:
            print(f"SITES: {name}: not run, {', '.join(missing)} is not installed")
            code |= bool(options.site)
            continue
        with tempfile.TemporaryDirectory(prefix="rf-sites-") as temporary:
            folder = (options.keep or Path(temporary)) / name
            workshop = Workshop(site, folder, **environment)
            result = Result(site)
            started = time.monotonic()
            if not options.no_compare:
                result = workshop.compare()
            if not options.no_browser:
                from ringfence.sandbox.executable import find_browser

                result.browsed = workshop.browse(
                    find_browser(), mode=options.browse_mode, only=options.only
                )
            code |= _tell(result, options, django.__version__, time.monotonic() - started)
    return code


def _tell(result: Result, options: argparse.Namespace, django: str, seconds: float) -> int:
    name = f"{result.site.name} on Django {django}"
    code = bool(result.unexpected)
    for line in result.unexpected:
        print(f"SITES: {name}: unexpected answer: {line}")
    for mode, pages in result.pages.items():
        differing = {page: found for page, found in pages.items() if found.differences}
        added: Counter[str] = sum((found.added for found in pages.values()), Counter())
        print(
            f"SITES: {name}, {mode}: {len(pages)} pages, {len(differing)} differ, "
            f"{sum(found.same_bytes for found in pages.values())} byte for byte, "
            f"{sum(found.respelt for found in pages.values())} texts respelt, "
            f"added {dict(added)}"
        )
        code |= bool(differing)
        for page, found in differing.items():
            if options.only in page:
                print(f"  {page}: {len(found.differences)} differences")
                for difference in found.differences[: None if options.verbose else 3]:
                    print("    " + difference.replace("\n", "\n    "))
    if result.browsed is not None:
        code |= _tell_browsed(result.site.name, name, result.browsed, verbose=options.verbose)
    print(f"SITES: {name}: {seconds:.0f} s")
    return int(code)


def _tell_browsed(site: str, name: str, browsed: Browsed, *, verbose: bool) -> bool:
    known = blocked_of(site)
    listed: Counter[Blocked] = Counter()
    others: list[Violation] = []
    for violation in browsed.violations:
        entry = next((entry for entry in known if entry.is_cause_of(violation)), None)
        if entry is None:
            others.append(violation)
        else:
            listed[entry] += 1
    stopped = {act: entry for entry in known for act in entry.acts}
    failures = {act: why for act, why in browsed.failures.items() if act not in stopped}
    causes = Counter(violation.cause for violation in others)
    print(
        f"SITES: {name}, in Chromium: {browsed.opened} pages opened, "
        f"{len(browsed.acted)} acts done, {len(failures)} failed, "
        f"violations {dict(causes) or 0}, listed {listed.total()}, console {len(browsed.console)}, "
        f"exceptions {len(browsed.exceptions)}"
    )
    for entry, count in listed.items():
        print(f"  {count} listed: {entry.directive} {entry.blocked}: {entry.reason}")
    for act in browsed.failures.keys() & stopped.keys():
        print(f"  stopped, as listed: {act}: {stopped[act].reason}")
    for act in stopped.keys() & set(browsed.acted):
        print(f"  listed as stopped, but done: {act}")
    for act, failure in failures.items():
        print(f"  FAILED {act}\n{failure}")
    shown = Counter(violation.shown for violation in others)
    for line, count in shown.most_common(None if verbose else 40):
        print(f"  {count} x {line}")
    for line, count in Counter(browsed.console if verbose else ()).items():
        print(f"  {count} x console: {line}")
    for line, count in Counter(browsed.exceptions).items():
        print(f"  {count} x exception: {line}")
    return bool(failures) or "template" in causes


if __name__ == "__main__":
    sys.exit(main())
