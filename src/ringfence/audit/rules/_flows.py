"""How sure it is that what reaches a place in a script is what an attacker wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ringfence.audit.model import Flow, Origin, Project, TemplateFacts, TemplateVariable
from ringfence.audit.rules._templates import certainty, templates
from ringfence.finding import Confidence

__all__ = ["flows", "judged", "said", "strongest"]

_SAID = {
    "address": "the page's address",
    "message": "a message of another window",
    "answer": "a server's answer",
    "field": "what was typed",
    "attribute": "an element's attribute",
    "text": "an element's text",
    "storage": "what the browser keeps",
    "file": "a file's name",
    "cell": "a row's data",
    "parameter": "what its function is given",
}
#: What is markup by its name was made for it, as a rule: by a template of the server's.
_MARKUP = re.compile(
    r"(?i)html$|html_|content|body|form|template|markup|rendered|fragment|partial|prototype|view$|widget"
    r"|icon|svg|table|tbody|toolbar|output|popup|modal|tooltip|embed|thumbnail|image|preview"
)
#: Addresses, switches, names of classes and keys: a site's own code makes these.
_OWN = re.compile(
    r"(?i:(?:^|_)(?:url|href|src|link|path|slug|key|code|class|className|css|color|colour|icon"
    r"|token|kind|action|format|lang|language|locale|state|status|mode|selector|target|parent"
    r"|placeholder|pattern|unit|currency|version|symbol|sep|separator|css_class|step|max|min|row|col)$)"
    r"|(?:Url|URL|Class|Selector|Icon|Text|Label|Placeholder|Loading)$|^toggle|^bs"
)
#: The page's own words, which a template hands to its script in an attribute.
_WORDS = re.compile(r"(?i)^(?:msg|message|confirm|success|error|warning|loading|empty|hint|help)")
#: These can be an attacker's in every case.
_OUTSIDE = frozenset(("address", "message"))


def flows(project: Project) -> Iterator[tuple[TemplateFacts | None, Flow]]:
    """Yield what reaches a place in scripts, of templates and of files, that are no test's."""
    for facts in templates(project):
        for flow in facts.flows:
            yield facts, flow
    for script in project.scripts.values():
        if not script.is_test:
            for flow in script.flows:
                yield None, flow


def strongest(
    project: Project, facts: TemplateFacts | None, flow: Flow
) -> tuple[Origin, Confidence] | None:
    """Return the origin that is most surely an attacker's, None if none can be."""
    best: tuple[Origin, Confidence] | None = None
    for origin in flow.origins:
        sure = judged(project, facts, flow, origin)
        if sure is not None and (best is None or sure > best[1]):
            best = origin, sure
    return best


def judged(
    project: Project, facts: TemplateFacts | None, flow: Flow, origin: Origin
) -> Confidence | None:
    """Return how sure it is of one origin."""
    kind, name = origin.kind, origin.name
    if kind == "variable":
        if facts is None or "urlencode" in origin.filters:
            return None
        variable = TemplateVariable(
            name, origin.filters, "", "string", escaped=True, place=flow.place
        )
        return certainty(project, facts, variable, Confidence.MEDIUM)
    if kind in _OUTSIDE:
        return Confidence.MEDIUM
    if kind == "parameter":
        return Confidence.LOW
    if _MARKUP.search(name) or _OWN.search(name):
        return Confidence.LOW
    if kind == "attribute" and _WORDS.search(name):
        return Confidence.LOW
    if kind == "answer" and not name and not flow.built:
        # All of an answer is nearly always a page's part that a template of the server's made.
        return Confidence.LOW
    return Confidence.MEDIUM


def said(origin: Origin) -> str:
    """Return an origin as a message says it."""
    if origin.kind == "variable":
        return f"{{{{ {origin.name[:60]} }}}}"
    what = _SAID[origin.kind]
    return f"{what} ({origin.name[:40]})" if origin.name else what
