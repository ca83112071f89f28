"""XSS411: a variable in a style."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule, TemplateFacts, TemplateVariable
from ringfence.audit.rules._templates import hits
from ringfence.finding import Confidence


def _judge(facts: TemplateFacts, variable: TemplateVariable) -> Confidence | None:
    del facts
    return Confidence.LOW if variable.escaped else None


def check(project: Project) -> Iterator[Hit]:
    """Find them."""
    return hits(
        project,
        ("style",),
        _judge,
        "{variable} may end its declaration and write others: they can cover the page, or read it "
        "letter by letter.",
        "A class that the view chooses, or a value that it has checked with "
        "re.fullmatch('#[0-9a-f]{6}', color).",
    )


RULE = Rule("XSS411", "template", check)
