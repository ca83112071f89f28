"""``format_html()`` escapes its arguments; its format it takes for markup."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import UNKNOWN, Hit, Project, Rule, Source
from ringfence.audit.rules._python import argument, ending, origin, reaches
from ringfence.finding import Confidence


def check(project: Project) -> Iterator[Hit]:
    """Find formats with data in them."""
    for call in ending(project, "format_html", "format_html_join"):
        at = 0 if call.target.endswith("format_html") else 1
        value = argument(call, at, "format_string")
        if value.literal is not UNKNOWN or len(call.args) <= at:
            continue
        found = reaches(value, "html")
        if found is Confidence.LOW and len(call.args) == at + 1 and not call.kwargs:
            found = Confidence.MEDIUM  # nothing is filled in: it is mark_safe() by another name
        if found is None or found is Confidence.LOW:
            if not value.built or "html" in value.safe_for:
                continue
            found = Confidence.MEDIUM if Source.PARAMETER in value.sources else Confidence.LOW
        yield Hit(
            call.place,
            f"The format itself has a part from {origin(value)}, and only the arguments after it "
            "are escaped.",
            "Write the format as a literal with {} in it, and give the data as arguments.",
            found,
        )


RULE = Rule("XSS502", "python", check)
