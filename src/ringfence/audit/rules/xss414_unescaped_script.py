"""XSS414: a variable in a script that nothing escapes."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule, TemplateFacts, TemplateVariable
from ringfence.audit.rules._templates import hits
from ringfence.finding import Confidence


def _judge(facts: TemplateFacts, variable: TemplateVariable) -> Confidence | None:
    if variable.escaped:
        return None
    # A script of its own has no tag to end, and JSON is code there that does what it says.
    is_file = facts.path.endswith((".js", ".mjs", ".json")) and variable.language == "script"
    return Confidence.LOW if is_file else Confidence.MEDIUM


def check(project: Project) -> Iterator[Hit]:
    """Find them."""
    return hits(
        project,
        ("script", "string"),
        _judge,
        "Nothing escapes {variable} in this script: </script> in its text ends the script, and a "
        "quote its string, JSON or not.",
        '{{ {variable}|json_script:"data-id" }} before the script (of the value, not of its '
        'JSON), and JSON.parse(document.getElementById("data-id").textContent) in it.',
    )


RULE = Rule("XSS414", "template", check)
