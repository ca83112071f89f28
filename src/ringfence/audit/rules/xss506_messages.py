"""Messages with the tag ``safe``: the template shows them with ``|safe``."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import UNKNOWN, Hit, Project, Rule
from ringfence.audit.rules._python import argument, ending, origin
from ringfence.finding import Confidence


def check(project: Project) -> Iterator[Hit]:
    """Find messages that ask not to be escaped and have data in them."""
    for call in ending(project, "success", "error", "warning", "info", "add_message"):
        tags = call.kwargs.get("extra_tags")
        if tags is None or not isinstance(tags.literal, str) or "safe" not in tags.literal.split():
            continue
        value = argument(call, 2 if call.target.endswith("add_message") else 1, "message")
        if (
            value.literal is UNKNOWN
            and "html" not in value.safe_for
            and (value.built or value.sources)
        ):
            yield Hit(
                call.place,
                "extra_tags='safe' has the message shown as markup, with a part from "
                f"{origin(value)}.",
                "Give format_html('…{}…', value) as the message and leave the tag out.",
                Confidence.HIGH if value.from_outside("html") else Confidence.MEDIUM,
            )


RULE = Rule("XSS506", "python", check)
