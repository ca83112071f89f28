"""XSS409: a variable as the name of a tag or an attribute, or as a tag's attributes."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule, TemplateFacts, TemplateVariable
from ringfence.audit.rules._templates import hits
from ringfence.finding import Confidence


def _judge(facts: TemplateFacts, variable: TemplateVariable) -> Confidence | None:
    del facts
    # That is how widgets write their attributes; a visitor's value is hardly ever among them.
    return Confidence.LOW if variable.escaped else None


def check(project: Project) -> Iterator[Hit]:
    """Find them."""
    return hits(
        project,
        ("name",),
        _judge,
        "{variable} names a part of the tag: one that is called onclick, or has a blank in it, "
        "makes a handler.",
        "Choose the name in the template ({% if %}), and let the variable be a quoted value.",
    )


RULE = Rule("XSS409", "template", check)
