"""XSS407: a variable in a ``javascript:`` link."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule, TemplateFacts, TemplateVariable
from ringfence.audit.rules._templates import hits
from ringfence.finding import Confidence


def _judge(facts: TemplateFacts, variable: TemplateVariable) -> Confidence | None:
    del facts
    return Confidence.MEDIUM if "javascript: URL" in variable.context else None


def check(project: Project) -> Iterator[Hit]:
    """Find them."""
    return hits(
        project,
        ("handler",),
        _judge,
        "{variable} stands in a javascript: link, which is decoded twice before it runs: neither "
        "escape nor escapejs keeps it in its string.",
        'A <button type="button" data-value="{{ {variable} }}"> and a listener.',
    )


RULE = Rule("XSS407", "template", check)
