"""XSS408: a variable in an attribute without quotes."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule, TemplateFacts, TemplateVariable
from ringfence.audit.rules._templates import hits
from ringfence.finding import Confidence


def _judge(facts: TemplateFacts, variable: TemplateVariable) -> Confidence | None:
    del facts
    if not variable.escaped:
        return None
    url = variable.expression.endswith(("url", ".url", "get_absolute_url", "_link", "path"))
    return Confidence.LOW if url else Confidence.MEDIUM


def check(project: Project) -> Iterator[Hit]:
    """Find them."""
    return hits(
        project,
        ("unquoted",),
        _judge,
        "{variable} ends at its first blank: x onmouseover=alert(1) adds an event handler, and "
        "escaping leaves blanks as they are.",
        '"{{ {variable} }}", in quotes',
    )


RULE = Rule("XSS408", "template", check)
