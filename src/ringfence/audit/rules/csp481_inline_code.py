"""CSP481: inline code of a template that a strict policy refuses."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Markup, Place, Project, Rule
from ringfence.audit.rules._templates import templates
from ringfence.finding import Confidence

_DATA = ("json", "template", "html", "plain", "importmap", "speculationrules")


def check(project: Project) -> Iterator[Hit]:
    """Say once for each template what there is, and how often."""
    for facts in templates(project):
        counts: dict[str, int] = {}
        first: Place | None = None
        for element in facts.markup:
            for kind in _kinds(element):
                counts[kind] = counts.get(kind, 0) + 1
                first = first or element.place
        if first is not None:
            said = ", ".join(f"{count} {kind}" for kind, count in counts.items())
            yield Hit(
                first,
                f"A policy without 'unsafe-inline' refuses what stands inline here: {said}.",
                "ringfence's template backend gives nonces and hashes to the template's own; or "
                "static files, addEventListener and classes.",
                Confidence.LOW,
            )


def _kinds(element: Markup) -> Iterator[str]:
    attributes = element.attributes
    if "nonce" not in attributes and element.content.strip():
        if element.element == "script" and "src" not in attributes:
            if not any(word in attributes.get("type", "").lower() for word in _DATA):
                yield "script"
        elif element.element == "style":
            yield "style element"
    for name, value in attributes.items():
        if name.startswith("on") and name.isalpha():
            yield "event handler"
        elif name == "style":
            yield "style attribute"
        elif name in ("href", "action", "formaction") and value.strip().lower().startswith(
            "javascript:"
        ):
            yield "javascript: link"


RULE = Rule("CSP481", "template", check)
