"""Templates whose name the request chooses."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule
from ringfence.audit.rules._python import OUTSIDE, argument, ending, origin
from ringfence.finding import Confidence


def check(project: Project) -> Iterator[Hit]:
    """Find ``render()`` and its like with a name out of the request."""
    for call in ending(project, "render", "render_to_response", "render_to_string"):
        at = 1 if call.target.endswith("shortcuts.render") else 0
        value = argument(call, at, "template_name")
        if not call.target.startswith("django."):
            continue  # a method of the same name, which is given a context
        if "path" in value.safe_for or not value.sources & OUTSIDE:
            continue
        yield Hit(
            call.place,
            f"The template's name comes from {origin(value)}: any template of any app can be "
            "shown, with this view's variables in it.",
            "Take the name out of a table: TEMPLATES[name], and 404 for a name that is not there.",
            # A name that is put together stays in one folder.
            Confidence.LOW if value.built else Confidence.MEDIUM,
        )


RULE = Rule("PATH403", "python", check)
