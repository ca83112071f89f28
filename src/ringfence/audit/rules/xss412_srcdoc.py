"""XSS412: a variable in ``srcdoc``."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule, TemplateFacts, TemplateVariable
from ringfence.audit.rules._templates import hits
from ringfence.finding import Confidence


def _judge(facts: TemplateFacts, variable: TemplateVariable) -> Confidence | None:
    for element in facts.markup:
        if element.element != "iframe" or variable.expression not in element.attributes.get(
            "srcdoc", ""
        ):
            continue
        sandbox = element.attributes.get("sandbox")
        if sandbox is not None and "allow-scripts" not in sandbox:
            return None
        if sandbox is not None and "allow-same-origin" not in sandbox:
            return Confidence.LOW
    return Confidence.MEDIUM


def check(project: Project) -> Iterator[Hit]:
    """Find them."""
    return hits(
        project,
        ("srcdoc",),
        _judge,
        "{variable} is decoded once and then read as a page of its own, which has this site's "
        "cookies: escaping it once does not make it text there.",
        '<iframe sandbox srcdoc="{{ {variable} }}">, or force_escape if it is text.',
    )


RULE = Rule("XSS412", "template", check)
