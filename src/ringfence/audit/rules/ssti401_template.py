"""Templates whose source is data."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ringfence.audit.model import UNKNOWN, Hit, Project, Rule, Source
from ringfence.audit.rules._python import OUTSIDE, argument, ending, origin
from ringfence.finding import Confidence

_ENGINE = re.compile(r"(?i)engine|env|jinja|template|loader")
_OTHERS = ("string.", "wagtail.", "stripe.")


def check(project: Project) -> Iterator[Hit]:
    """Find data compiled as a template."""
    for call in ending(project, "Template", "from_string", "render_template_string"):
        value = argument(call, 0, "template_string", "source", "template_code")
        if call.target.endswith("from_string") and not _ENGINE.search(
            f"{call.target} {call.place.text}"
        ):
            continue
        if value.literal is not UNKNOWN or call.target.startswith(_OTHERS):
            continue
        confidence = None
        if value.sources & OUTSIDE:
            confidence = Confidence.HIGH
        elif value.sources & {Source.MODEL}:
            confidence = Confidence.MEDIUM
        if confidence is not None:
            yield Hit(
                call.place,
                f"The template's source has a part from {origin(value)}; whoever writes it reads "
                "settings and secrets through {{ … }}.",
                "Keep the source a literal and give the data as its context.",
                confidence,
            )


RULE = Rule("SSTI401", "python", check)
