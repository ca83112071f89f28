"""JUnit's XML: a test case for each finding, which fails; one that passes where there is none."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

from ringfence.audit.render.plain import harmless, is_url, message, where
from ringfence.audit.verdict import NAMES, Verdict

__all__ = ["render"]


def render(verdict: Verdict) -> str:
    """Return the document. What XML has no character for is spelt out."""
    lines = []
    for finding in verdict.findings:
        place = finding.hit.place
        at = where(place)
        # A page of a site is no file that a server could show.
        of_file = f" file={_attribute(place.path)} line={_attribute(str(place.line))}"
        body = f"{at}\n{finding.hit.reason}\nFix: {finding.hit.fix}"
        lines += [
            (
                f"  <testcase classname={_attribute(finding.code)} name={_attribute(at)}"
                f"{'' if is_url(place.path) else of_file}>"
            ),
            (
                f"    <failure type={_attribute(NAMES[finding.severity])}"
                f" message={_attribute(message(finding))}>{_text(body)}</failure>"
            ),
            "  </testcase>",
        ]
    if verdict.incomplete:
        lines += [
            '  <testcase classname="ringfence" name="audit">',
            f"    <error message={_attribute(verdict.incomplete)}/>",
            "  </testcase>",
        ]
    elif not verdict.findings:
        lines.append('  <testcase classname="ringfence" name="audit"/>')
    errors = bool(verdict.incomplete)
    cases = max(len(verdict.findings) + errors, 1)
    head = (
        f'<testsuite name="ringfence audit" tests="{cases}" '
        f'failures="{len(verdict.findings)}" errors="{int(errors)}" skipped="0">'
    )
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *lines, "</testsuite>", ""])


def _attribute(text: str) -> str:
    return quoteattr(harmless(text))


def _text(text: str) -> str:
    return escape("\n".join(map(harmless, text.split("\n"))))
