"""INFO481: a link to another site in a new window, without ``noopener``."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule
from ringfence.audit.rules._templates import is_foreign, markup
from ringfence.finding import Confidence

_REL = ("noopener", "noreferrer")


def check(project: Project) -> Iterator[Hit]:
    """Find them: inventory, for browsers since 2021 imply it."""
    for element in markup(project, "a", "area", "form"):
        attributes = element.attributes
        if attributes.get("target", "").lower() != "_blank":
            continue
        if not is_foreign(attributes.get("href", "")) or any(
            word in attributes.get("rel", "").lower() for word in _REL
        ):
            continue
        yield Hit(
            element.place,
            "In browsers before 2021 the page that is opened can send this one elsewhere.",
            'rel="noopener"',
            Confidence.LOW,
        )


RULE = Rule("INFO481", "template", check)
