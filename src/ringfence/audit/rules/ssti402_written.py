"""Data written into a file that is a template."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule, Value
from ringfence.audit.rules._python import OUTSIDE, argument, ending, origin
from ringfence.finding import Confidence


def check(project: Project) -> Iterator[Hit]:
    """Find ``file.write(data)`` where the file was opened among templates."""
    for call in ending(project, "write", "write_text"):
        value = argument(call, 0)
        if not value.sources & OUTSIDE or call.receiver is None:
            continue
        if _is_template(call.receiver):
            yield Hit(
                call.place,
                f"Text from {origin(value)} becomes the source of a template, which may read "
                "settings and secrets through {{ … }}.",
                "Store the text in the database and show it with {{ text }}.",
                Confidence.HIGH,
            )


def _is_template(receiver: Value) -> bool:
    texts = [receiver.name]
    for item in receiver.items:
        if isinstance(item, Value):
            texts += [item.name, str(item.literal)]
    return any("templates" in text for text in texts)


RULE = Rule("SSTI402", "python", check)
