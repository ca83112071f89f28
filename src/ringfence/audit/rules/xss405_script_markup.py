"""XSS405: a script makes markup (``innerHTML``, ``document.write``, ``.html()``) out of data."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule, TemplateFacts, TemplateVariable
from ringfence.audit.rules._flows import flows, said, strongest
from ringfence.audit.rules._templates import hits
from ringfence.finding import Confidence

_FIX = "Write it with textContent (jQuery: .text()), or build elements with document.createElement."
_NO_CODE = "Choose among functions by their name (a Map of them); read data with JSON.parse."


def _judge(facts: TemplateFacts, variable: TemplateVariable) -> Confidence | None:
    del facts
    if not variable.escaped or ": HTML" not in variable.context:
        return None
    # What is escaped for HTML once is text again once the script has read its string; \x3c is "<".
    if "escapejs" in variable.filters and "force_escape" in variable.filters:
        return None
    return Confidence.MEDIUM


def check(project: Project) -> Iterator[Hit]:
    """Find variables in markup that a script writes, and what it reads and writes as markup."""
    known: set[tuple[str, int]] = set()
    for hit in hits(
        project,
        ("string", "script"),
        _judge,
        "{variable} stands in markup that a script writes: it is escaped for the page and then "
        r"read by the script, which makes \x3c a < again.",
        _FIX,
    ):
        known.add((hit.place.path, hit.place.line))
        yield hit
    for facts, flow in flows(project):
        if flow.sink not in ("markup", "code") or (flow.place.path, flow.place.line) in known:
            continue
        found = strongest(project, facts, flow)
        if found is not None:
            origin, sure = found
            code = flow.sink == "code"
            yield Hit(
                flow.place,
                f"The script {'runs' if code else 'writes'} {said(origin)} "
                f"{'as code' if code else 'into the page as markup'}, by {flow.into}.",
                _NO_CODE if code else _FIX,
                sure,
            )


RULE = Rule("XSS405", "template", check)
