"""Say what came of an evaluation, as lines for a terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ringfence.finding import REGISTER, Finding, Severity
from ringfence.rings.csp.browser.enforce import Enforced, Level, SourceList
from ringfence.rings.csp.evaluate import Evaluation
from ringfence.rings.csp.model import HEADER, HEADER_REPORT_ONLY, NONE
from ringfence.terminal import printable

__all__ = ["FORMAT", "document", "lines"]

#: The version of the JSON document; raised when a key changes its meaning or goes.
FORMAT = 1

#: Sources of one list that are shown on a terminal.
_SHOWN = 40
_WIDTH = 160

_USES = {
    "script-src-elem": "scripts",
    "script-src-attr": "event handlers",
    "worker-src": "workers",
    "style-src-elem": "styles",
    "style-src-attr": "style attributes",
    "img-src": "images",
    "font-src": "fonts",
    "media-src": "media",
    "connect-src": "connections",
    "manifest-src": "manifest",
    "frame-src": "frames",
    "object-src": "plugins",
    "base-uri": "<base>",
    "form-action": "forms go to",
    "frame-ancestors": "framed by",
}

_MARKS = {
    Severity.INFO: "note",
    Severity.WARNING: "warning",
    Severity.DEPLOY_ERROR: "danger",
    Severity.ERROR: "danger",
}


def lines(evaluation: Evaluation, grades: Mapping[Level, str]) -> Iterator[str]:
    """Yield what a person reads; no line holds a control character.

    ``grades`` are the letters of the same policies in browsers of each level.
    """
    return map(printable, _lines(evaluation, grades))


def _lines(evaluation: Evaluation, grades: Mapping[Level, str]) -> Iterator[str]:
    if not evaluation.policies:
        yield "No Content-Security-Policy is sent."
    for number, each in enumerate(evaluation.policies, 1):
        of = f" ({number} of {len(evaluation.policies)})" if len(evaluation.policies) > 1 else ""
        name = HEADER if each.policy.enforced else HEADER_REPORT_ONLY
        yield f"{name}{of}, as a browser of CSP level {evaluation.level} has it:"
        yield from _policy(each)
        yield ""
    if len([each for each in evaluation.policies if each.policy.enforced]) > 1:
        yield "A page needs the leave of every policy that is enforced."
        yield ""
    for finding in evaluation.findings:
        yield from _finding(finding)
    yield from _verdict(evaluation, grades)


def _policy(each: Enforced) -> Iterator[str]:
    for uses, found in _grouped(each):
        yield f"  {', '.join(uses)}:"
        if found is None:
            yield "      anything"
            continue
        yield f"      {_list(_holding(found)) or 'nothing'}    [{found.directive}]"
        for ignored in found.ignored[:_SHOWN]:
            yield f"      without effect: {ignored.text[:_WIDTH]} ({ignored.reason})"
    yield f"  eval(): {_eval(each)}"
    for name in _OTHERS:
        if name in each.directives:
            yield f"  {name} {_list(each.directives[name])}".rstrip()
    for item in each.policy.dropped[:_SHOWN]:
        shown = " ".join((item.name, *item.values[:_SHOWN]))[:_WIDTH]
        yield f"  dropped: {shown} ({item.why.value})"


def _holding(found: SourceList) -> list[str]:
    return [
        source.text
        for source in found.sources
        if source.text != "'unsafe-inline'" or found.allows_inline
    ]


_OTHERS = (
    "sandbox",
    "upgrade-insecure-requests",
    "require-trusted-types-for",
    "trusted-types",
    "report-uri",
    "report-to",
)


def _grouped(each: Enforced) -> Iterable[tuple[list[str], SourceList | None]]:
    """Put together the uses that one list governs in the same way."""
    groups: dict[object, tuple[list[str], SourceList | None]] = {}
    for name, use in _USES.items():
        found = each.governing(name)
        key = found and (found.directive, found.sources, found.ignored, found.allows_inline)
        groups.setdefault(key, ([], found))[0].append(use)
    return groups.values()


def _eval(each: Enforced) -> str:
    found = each.governing("script-src")
    if each.blocks_all_scripts:
        return "blocked, the page is sandboxed without allow-scripts"
    if each.requires_trusted_types and not (found and found.has("'trusted-types-eval'")):
        return "blocked for strings, Trusted Types are required"
    return "allowed" if found is None or found.has("'unsafe-eval'") else "blocked"


def _list(values: Iterable[str]) -> str:
    shown = list(values)
    more = f" … and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
    return " ".join(value[:_WIDTH] for value in shown[:_SHOWN]) + more


def _finding(finding: Finding) -> Iterator[str]:
    yield f"{_MARKS[finding.severity]:>8} {finding.code}  {REGISTER[finding.code].title}"
    if finding.value:
        yield f"{'':17}{_plain(finding.value)}"
    yield f"{'':17}Why: {finding.reason}"
    yield f"{'':17}Fix: {finding.fix}"
    yield ""


def _plain(quoted: str) -> str:
    """Take the quotes off again: every line is escaped, and JSON has quotes of its own."""
    return quoted[1:-1] if quoted[:1] in ("'", '"') and quoted[:1] == quoted[-1:] else quoted


def _verdict(evaluation: Evaluation, grades: Mapping[Level, str]) -> Iterator[str]:
    because = f", because of {', '.join(evaluation.because)}" if evaluation.because else ""
    yield f"Grade: {evaluation.grade.letter}{because}."
    if evaluation.if_enforced is not None:
        yield f"With what is only reported on enforced as well: {evaluation.if_enforced.letter}."
    yield (
        f"By level: {', '.join(f'CSP{level} {letter}' for level, letter in sorted(grades.items()))}"
        f". Grading algorithm {evaluation.algorithm}."
    )


def document(evaluation: Evaluation, grades: Mapping[Level, str]) -> dict[str, Any]:
    """Return what a program reads; docs/csp-grades.md describes it."""
    return {
        "version": FORMAT,
        "algorithm": evaluation.algorithm,
        "level": int(evaluation.level),
        "grade": evaluation.grade.letter,
        "because": list(evaluation.because),
        "if_enforced": evaluation.if_enforced.letter if evaluation.if_enforced else None,
        "grades": {str(int(level)): letter for level, letter in sorted(grades.items())},
        "policies": [_described(each) for each in evaluation.policies],
        "findings": [
            {
                "code": finding.code,
                "title": REGISTER[finding.code].title,
                "severity": finding.severity.name.lower(),
                "confidence": finding.confidence.name.lower(),
                "cwe": REGISTER[finding.code].cwe or None,
                "place": finding.setting,
                "value": _plain(finding.value),
                "message": finding.reason,
                "fix": finding.fix,
            }
            for finding in evaluation.findings
        ],
    }


def _described(each: Enforced) -> dict[str, Any]:
    return {
        "disposition": "enforce" if each.policy.enforced else "report-only",
        "directives": {name: list(values) for name, values in each.directives.items()},
        "effective": {name: _effective(each.governing(name)) for name in _USES},
        "dropped": [
            {"name": item.name, "values": list(item.values), "reason": item.why.value}
            for item in each.policy.dropped
        ],
    }


def _effective(found: SourceList | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "directive": found.directive,
        "sources": _holding(found) or [NONE],
        "ignored": [{"source": text, "reason": reason} for text, reason in found.ignored],
    }
