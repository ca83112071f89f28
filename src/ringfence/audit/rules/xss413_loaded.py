"""XSS413: a script, a frame or a base address that a variable decides."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule, TemplateFacts, TemplateVariable
from ringfence.audit.rules._templates import hits
from ringfence.finding import Confidence

_LOADING = frozenset(("script", "iframe", "frame", "embed", "object", "base"))


def _judge(facts: TemplateFacts, variable: TemplateVariable) -> Confidence | None:
    del facts
    if variable.element not in _LOADING or variable.context.startswith("URL p"):
        return None
    return Confidence.LOW


def check(project: Project) -> Iterator[Hit]:
    """Find them."""
    return hits(
        project,
        ("url", "unquoted"),
        _judge,
        "{variable} says where the page loads code or a frame from.",
        "{% static %}, or an address whose host stands in the template.",
    )


RULE = Rule("XSS413", "template", check)
