"""INFO483: ``{% debug %}`` in a template."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule
from ringfence.audit.rules._templates import templates
from ringfence.finding import Confidence


def check(project: Project) -> Iterator[Hit]:
    """Find them."""
    for facts in templates(project):
        for variable in facts.variables:
            if variable.tag == "debug":
                yield Hit(
                    variable.place,
                    "The tag writes all of the page's variables and modules wherever DEBUG is on.",
                    "The template without it.",
                    Confidence.MEDIUM,
                )


RULE = Rule("INFO483", "template", check)
