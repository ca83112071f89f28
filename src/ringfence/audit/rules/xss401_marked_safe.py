"""XSS401: ``|safe`` on a variable that is shown in a page."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule, TemplateFacts, TemplateVariable
from ringfence.audit.rules._templates import hits
from ringfence.finding import Confidence

_PLACES = ("text", "attribute", "unquoted", "url", "name", "comment", "style", "srcdoc")
#: Tags whose argument is shown as it is.
_SHOWING = frozenset(("", "with", "include", "set", "trans", "translate", "firstof", "cycle"))
_XML = (".xml", ".rss", ".atom", ".svg")


def _judge(facts: TemplateFacts, variable: TemplateVariable) -> Confidence | None:
    marked = "safe" in variable.filters or "safeseq" in variable.filters
    if variable.escaped or (variable.since and not marked):
        return None
    if variable.language == "style" and facts.path.endswith(".css"):
        return None
    if facts.path.endswith(_XML):
        return Confidence.LOW
    if variable.tag in _SHOWING or variable.tag.startswith("blocktrans"):
        return Confidence.MEDIUM
    return Confidence.LOW


def check(project: Project) -> Iterator[Hit]:
    """Find them."""
    return hits(
        project,
        _PLACES,
        _judge,
        "{variable} is written into the page as markup: whoever has a part in its text can put a "
        "script there.",
        "{{ {variable} }} if it is text; if it is to hold markup, clean it where it is saved or in "
        "the view (nh3.clean) and mark it there.",
    )


RULE = Rule("XSS401", "template", check)
