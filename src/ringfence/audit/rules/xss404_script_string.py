"""XSS404: an escaped variable in a string of a script, without ``escapejs``."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule, TemplateFacts, TemplateVariable
from ringfence.audit.rules._templates import hits
from ringfence.finding import Confidence


def _judge(facts: TemplateFacts, variable: TemplateVariable) -> Confidence | None:
    del facts
    quiet = variable.context.startswith("JSON") or ": HTML" in variable.context
    if quiet or not variable.escaped or "escapejs" in variable.filters:
        return None
    if variable.expression.startswith("request.META"):
        return None
    # Quotes are escaped as for HTML, which keeps the string closed; a backslash is not.
    return Confidence.LOW


def check(project: Project) -> Iterator[Hit]:
    """Find them."""
    return hits(
        project,
        ("string",),
        _judge,
        "{variable} is escaped for HTML and not for a script: a backslash or a line break in it "
        "ends or changes the string.",
        "{{ {variable}|escapejs }}",
    )


RULE = Rule("XSS404", "template", check)
