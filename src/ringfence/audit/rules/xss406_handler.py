"""XSS406: a variable in an event handler, or in an attribute that a library runs."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule, TemplateFacts, TemplateVariable
from ringfence.audit.rules._templates import hits
from ringfence.finding import Confidence


def _judge(facts: TemplateFacts, variable: TemplateVariable) -> Confidence | None:
    del facts
    if "javascript: URL" in variable.context:
        return None
    in_string = "string" in variable.context
    if in_string and "escapejs" in variable.filters:
        return None
    if not variable.attribute.startswith("on"):
        # Alpine's, Vue's and htmx's: what they make of it is theirs to say.
        return Confidence.LOW
    return Confidence.MEDIUM


def check(project: Project) -> Iterator[Hit]:
    """Find them."""
    return hits(
        project,
        ("handler",),
        _judge,
        "{variable} stands in a handler: the browser turns &#x27; back into a quote before it "
        "reads the script, so that escaping for HTML does not keep the string closed.",
        'data-value="{{ {variable} }}" on the element, and this.dataset.value in the handler.',
    )


RULE = Rule("XSS406", "template", check)
