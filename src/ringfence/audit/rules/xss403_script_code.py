"""XSS403: an escaped variable where a script has code, or a template literal."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule, TemplateFacts, TemplateVariable
from ringfence.audit.rules._templates import hits
from ringfence.finding import Confidence

_QUIET = ("JSON", "JavaScript comment")


def _judge(facts: TemplateFacts, variable: TemplateVariable) -> Confidence | None:
    del facts
    quiet = variable.context.startswith(_QUIET) or ": HTML" in variable.context
    if quiet or not variable.escaped:
        return None
    own = "lower" in variable.filters or variable.expression.startswith("setting")
    return Confidence.LOW if own else Confidence.MEDIUM


def check(project: Project) -> Iterator[Hit]:
    """Find them."""
    return hits(
        project,
        ("script",),
        _judge,
        "{variable} is read as code of the script: Django's escaping leaves letters, brackets and "
        "backticks as they are, so that alert(document.cookie) runs.",
        '{{ {variable}|json_script:"data-id" }} before the script, and '
        'JSON.parse(document.getElementById("data-id").textContent) in it.',
    )


RULE = Rule("XSS403", "template", check)
