"""INFO482: another site's frame without a sandbox."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule
from ringfence.audit.rules._templates import is_foreign, markup
from ringfence.finding import Confidence


def check(project: Project) -> Iterator[Hit]:
    """Find them: inventory, for many players need what a sandbox takes."""
    for element in markup(project, "iframe"):
        if is_foreign(element.attributes.get("src", "")) and "sandbox" not in element.attributes:
            yield Hit(
                element.place,
                "The other site's page may send this one elsewhere, and open windows.",
                'sandbox="allow-scripts allow-same-origin", and what it needs besides.',
                Confidence.LOW,
            )


RULE = Rule("INFO482", "template", check)
