"""``ringfence explain CODE``: what a code is about, from the page that it has."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, TextIO

from ringfence.audit import rules as registry
from ringfence.audit.verdict import NAMES
from ringfence.finding import REGISTER, Code

if TYPE_CHECKING:
    import argparse

__all__ = ["add_arguments", "handle"]

_USAGE = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the code; without one, all of them are listed."""
    parser.epilog = "Exit status: 0, or 2 if there is no such code."
    parser.add_argument("code", nargs="?", metavar="CODE", help="such as SQL401; none: all codes")


def handle(stdout: TextIO, stderr: TextIO, options: Mapping[str, Any]) -> int:
    """Write the page of a code, or the list of codes."""
    codes = {**REGISTER, **registry.all_codes()}
    wanted = (options["code"] or "").upper().removeprefix("RINGFENCE.")
    if not wanted:
        lines = (f"{code:<9} {entry.title}" for code, entry in sorted(codes.items()))
        stdout.write("\n".join(lines) + "\n")
        return 0
    if wanted not in codes:
        near = difflib.get_close_matches(wanted, codes, n=1)
        hint = f"Did you mean {near[0]}?" if near else "`ringfence explain` lists them."
        stderr.write(f"There is no code {options['code']!a}. {hint}\n")
        return _USAGE
    stdout.write("\n".join(_said(wanted, codes[wanted])) + "\n")
    return 0


def _said(code: str, entry: Code) -> Iterator[str]:
    page = registry.page(code)
    yield page.rstrip("\n") if page else f"# {code}: {entry.title}"
    facts = [f"severity: {NAMES[entry.severity]}"]
    if entry.cwe:
        facts.append(f"CWE-{entry.cwe}: https://cwe.mitre.org/data/definitions/{entry.cwe}.html")
    if code in registry.django_ids():
        facts.append(f"Django's own check: {registry.django_ids()[code]}")
    if entry.withdrawn:
        facts.append("withdrawn: nothing is found under it any more")
    yield ""
    yield from facts
