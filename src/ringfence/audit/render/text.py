"""Text, for people: what to do first stands first, and what is left to do fits a screen.

Everything that comes from the audited tree passes :func:`harmless` on its way here.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Final

from ringfence.audit.model import Finding
from ringfence.audit.render.plain import by_code, excerpt, harmless, text_of, where
from ringfence.audit.rules import django_ids
from ringfence.audit.verdict import NAMES, Verdict
from ringfence.finding import Confidence, Severity

__all__ = ["render"]

_HEADINGS: Final = ("Do first", "Do next", "Look at")
_SGR: Final = {"bold": "1", "dim": "2", "red": "31", "yellow": "33", "cyan": "36", "green": "32"}
_COLOURS: Final = {
    Severity.INFO: "cyan",
    Severity.WARNING: "yellow",
    Severity.DEPLOY_ERROR: "red",
    Severity.ERROR: "red",
}
#: What the summary has room for.
_ROWS, _SKIPPED = 10, 4

_Paint = Callable[[str, str], str]


def render(verdict: Verdict, *, colour: bool = False, width: int = 100) -> str:
    """Return the findings, each with its place, and then the summary."""
    paint: _Paint = _painted if colour else lambda text, _style: text
    lines = [*_findings(verdict, paint, width), *_summary(verdict, paint)]
    return "".join(f"{line}\n" for line in lines)


def _painted(text: str, style: str) -> str:
    codes = ";".join(_SGR[name] for name in style.split())
    return f"\x1b[{codes}m{text}\x1b[0m"


def _findings(verdict: Verdict, paint: _Paint, width: int) -> Iterator[str]:
    lines = text_of(verdict.root)
    for rank, ranked in groupby(sorted(verdict.findings, key=_rank), key=_rank):
        group = list(ranked)
        yield paint(f"{_HEADINGS[rank]} ({len(group)})", "bold")
        yield ""
        for own in by_code(group).values():
            yield _heading(own, paint)
            said = ("", "")
            for finding in own:
                yield from _one(finding, said, lines, paint, width)
                said = (finding.hit.reason, finding.hit.fix)
            yield ""


def _rank(finding: Finding) -> int:
    """Return how soon it is to be looked at, 0 for first."""
    grave = finding.severity >= Severity.DEPLOY_ERROR
    sure = finding.confidence is Confidence.HIGH
    return 0 if grave and sure else 1 if grave or (sure and finding.severity > Severity.INFO) else 2


def _heading(own: Sequence[Finding], paint: _Paint) -> str:
    finding = own[0]
    sure = " or ".join(dict.fromkeys(each.confidence.name.lower() for each in own))
    known = [NAMES[finding.severity], f"{sure} confidence"]
    if finding.cwe:
        known.append(f"CWE-{finding.cwe}")
    if finding.code in django_ids():
        known.append(django_ids()[finding.code])
    code = paint(finding.code, f"bold {_COLOURS[finding.severity]}")
    return f"{code}  {paint(finding.title, 'bold')}  {paint('[' + ', '.join(known) + ']', 'dim')}"


def _one(
    finding: Finding,
    said: tuple[str, str],
    lines: Callable[[str], list[str]],
    paint: _Paint,
    width: int,
) -> Iterator[str]:
    hit = finding.hit
    scope = f"  in {harmless(hit.place.scope)}" if hit.place.scope else ""
    yield f"  {paint(where(hit.place), 'cyan')}{paint(scope, 'dim')}"
    for number, text, marked in excerpt(finding, lines):
        row = f"  {'>' if marked else ' '}{number:>6} | {text}"
        yield row if marked else paint(row, "dim")
    if hit.reason != said[0]:
        reason = harmless(hit.reason)
        yield from textwrap.wrap(
            reason, width, initial_indent="    ", subsequent_indent="    ", break_long_words=False
        )
    if hit.fix and hit.fix != said[1]:
        first, *rest = map(harmless, hit.fix.split("\n"))
        yield f"    {paint('Fix:', 'green')} {first}"
        yield from (f"         {each}" for each in rest)


def _summary(verdict: Verdict, paint: _Paint) -> Iterator[str]:
    report = verdict.report
    yield _counted(verdict.findings, paint)
    rows = Counter((finding.code, finding.title) for finding in verdict.findings).most_common()
    for (code, title), count in rows[:_ROWS]:
        yield f"{count:>6}  {code}  {title}"
    if len(rows) > _ROWS:
        yield f"{'':6}  and {len(rows) - _ROWS} other codes"
    aside = [
        (len(verdict.accepted), "accepted"),
        (verdict.in_baseline, "in the baseline"),
        (verdict.unsure, "less sure (--min-confidence low shows them)"),
    ]
    yield from _fixable(verdict.findings)
    told = ", ".join(f"{count} {what}" for count, what in aside if count)
    if told:
        yield f"Not shown: {told}."
    if report.responses or report.unanswered:
        yield f"Read {report.responses:,} answers of sites in {verdict.seconds:.1f} s."
    cached = ", as it was the last time" if verdict.from_cache else ""
    if report.files or not (report.responses or report.unanswered):
        read = f"{report.files:,} files, {report.lines:,} lines"
        yield f"Read {read} in {verdict.seconds:.1f} s{cached}."
    if report.skipped:
        yield f"Not read: {len(report.skipped)}"
        for each in report.skipped[:_SKIPPED]:
            yield f"  {harmless(each.path)}: {harmless(each.reason)[:120]}"
        if len(report.skipped) > _SKIPPED:
            yield "  … (--format json lists them all)"
    yield from (f"Note: {harmless(note)}" for note in verdict.notes)
    for name, why in list(report.unasked.items())[:_SKIPPED]:
        yield paint(f"Could not ask {name}: {harmless(why)[:200]}", "bold red")
    if verdict.incomplete and not report.unasked:
        yield paint(f"The audit could not do its job: {verdict.incomplete}.", "bold red")
    if verdict.findings:
        yield f"`ringfence explain {verdict.findings[0].code}` tells more about a code."


def _fixable(findings: Sequence[Finding]) -> Iterator[str]:
    safe = [all(edit.safe for edit in each.hit.edits) for each in findings if each.hit.edits]
    unsafe = len(safe) - sum(safe)
    told = [f"--fix mends {sum(safe)} of them"] if any(safe) else []
    if unsafe:
        what = f"{unsafe} more" if told else f"mends {unsafe} of them"
        told.append(f"--fix --unsafe-fixes {what}")
    if told:
        yield f"{', '.join(told)} (--diff shows how)."


def _counted(findings: Sequence[Finding], paint: _Paint) -> str:
    counts = Counter(finding.severity for finding in findings)
    if not findings:
        return paint("No findings.", "bold green")
    by_severity = ", ".join(f"{counts[each]} {NAMES[each]}" for each in sorted(counts)[::-1])
    noun = "finding" if len(findings) == 1 else "findings"
    return paint(f"{len(findings)} {noun}: {by_severity}", "bold")
