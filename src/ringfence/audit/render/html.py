"""HTML: one page that needs nothing else, and in which nothing runs.

Its policy allows the one style sheet that it has, by hash, and nothing else; every text passes
:func:`_text`, which escapes.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Iterator
from hashlib import sha256
from html import escape

from ringfence.audit.model import Finding, Report
from ringfence.audit.render.plain import by_code, excerpt, harmless, text_of, where
from ringfence.audit.verdict import NAMES, Verdict

__all__ = ["render"]

_STYLE = """
:root { color-scheme: light dark; --line: #8884; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; } td, th { padding: .2rem .8rem .2rem 0; text-align: left; }
section { border-top: 1px solid var(--line); margin-top: 2rem; }
article { margin: 1.5rem 0; }
h3 { font: inherit; font-weight: 600; margin: 0; }
pre { overflow-x: auto; padding: .6rem; background: #8881; border-radius: .3rem; margin: .4rem 0; }
.place { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
.marked { font-weight: 600; background: #fc04; }
.critical, .error { color: #d22; } .warning { color: #b70; }
.aside { opacity: .75; }
"""


def render(verdict: Verdict) -> str:
    """Return the page."""
    return "".join(f"{line}\n" for line in _page(verdict))


def _page(verdict: Verdict) -> Iterator[str]:
    digest = b64encode(sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_text(policy)}">'
    yield '<meta name="referrer" content="no-referrer">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>ringfence audit</title>\n<style>{_STYLE}</style>\n</head>\n<body>"
    yield "<h1>ringfence audit</h1>"
    yield from _summary(verdict)
    lines = text_of(verdict.root)
    for code, own in by_code(verdict.findings).items():
        cwe = f" · CWE-{own[0].cwe}" if own[0].cwe else ""
        yield f'<section id="{_text(code)}">\n<h2>{_text(code)} {_text(own[0].title)}</h2>'
        yield f'<p class="aside">{len(own)} found{cwe}</p>'
        for finding in own:
            yield from _article(finding, lines)
        yield "</section>"
    yield "</body>\n</html>"


def _summary(verdict: Verdict) -> Iterator[str]:
    report = verdict.report
    yield (
        f"<p>{len(verdict.findings)} findings in {_read(report)}. "
        f"{len(verdict.accepted)} accepted, {verdict.in_baseline} in the baseline, "
        f"{verdict.unsure} less sure and not shown.</p>"
    )
    if verdict.incomplete:
        yield f'<p class="critical">Could not do its job: {_text(verdict.incomplete)}</p>'
    yield "<table><tr><th>code</th><th>what</th><th>severity</th><th>found</th></tr>"
    for code, own in by_code(verdict.findings).items():
        name = NAMES[own[0].severity]
        yield (
            f'<tr><td><a href="#{_text(code)}">{_text(code)}</a></td>'
            f'<td>{_text(own[0].title)}</td><td class="{name}">{name}</td><td>{len(own)}</td></tr>'
        )
    yield "</table>"
    if report.skipped:
        yield f"<details><summary>{len(report.skipped)} not read</summary><ul>"
        for each in report.skipped:
            yield f'<li><span class="place">{_text(each.path)}</span>: {_text(each.reason)}</li>'
        yield "</ul></details>"


def _read(report: Report) -> str:
    files = f"{report.files:,} files, {report.lines:,} lines"
    answers = f"{report.responses:,} answers of sites"
    if not report.responses:
        return files
    return f"{files}, {answers}" if report.files else answers


def _article(finding: Finding, lines: Callable[[str], list[str]]) -> Iterator[str]:
    hit = finding.hit
    name = NAMES[finding.severity]
    scope = f' <span class="aside">in {_text(hit.place.scope)}</span>' if hit.place.scope else ""
    yield "<article>"
    yield f'<h3><span class="place">{_text(where(hit.place))}</span>{scope}</h3>'
    yield (
        f'<p><span class="{name}">{name}</span>, {finding.confidence.name.lower()} confidence. '
        f"{_text(hit.reason)}</p>"
    )
    shown = excerpt(finding, lines)
    if shown:
        rows = (
            f'<span class="marked">{number:>6} {_text(text)}</span>'
            if marked
            else f"{number:>6} {_text(text)}"
            for number, text, marked in shown
        )
        yield f"<pre>{chr(10).join(rows)}</pre>"
    if hit.fix:
        fix = "\n".join(_text(line) for line in hit.fix.split("\n"))
        yield f"<p>Fix:</p>\n<pre>{fix}</pre>"
    yield f'<p class="aside">fingerprint <code>{_text(finding.fingerprint)}</code></p>'
    yield "</article>"


def _text(text: str) -> str:
    return escape(harmless(text))
