"""``mark_safe()`` of data: what it says of a string holds for the data in it, too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ringfence.audit.model import UNKNOWN, Call, Hit, Project, Rule, Source, Value
from ringfence.audit.rules._python import argument, ending, function_of, origin, reaches, short
from ringfence.finding import Confidence

_NAMES = ("mark_safe", "SafeString", "SafeText", "SafeUnicode", "SafeBytes", "Markup")
#: Names of fields and functions that promise markup.
_MARKUP = re.compile(
    r"(?i)html|markup|markdown|render|rich|content|body|embed|code|svg|icon|snippet"
)
_TAGS = frozenset({"filter", "simple_tag", "stringfilter", "simple_block_tag"})


def check(project: Project) -> Iterator[Hit]:
    """Find what is marked safe and holds data that nobody escaped."""
    for call in ending(project, *_NAMES):
        value = argument(call, 0, "s", "object")
        confidence = _confidence(project, call, value)
        if confidence is not None:
            yield Hit(
                call.place,
                f"{short(call)}() is given text with a part from {origin(value)}, which then is "
                "shown as markup.",
                "Write format_html('<b>{}</b>', value), or escape() each part that is no markup.",
                confidence,
            )


def _confidence(project: Project, call: Call, value: Value) -> Confidence | None:
    if value.literal is not UNKNOWN or not call.args:
        return None
    found = reaches(value, "html")
    if found is Confidence.LOW and Source.MODEL in value.sources and _is_plain(call, value):
        return Confidence.MEDIUM  # a model's own text, whole
    if found is Confidence.HIGH or found is Confidence.MEDIUM:
        return found
    if "html" in value.safe_for and not value.opaque:
        return None
    if "html" not in value.safe_for and Source.PARAMETER in value.sources:
        function = function_of(project, call)
        names = [each.name for each in function.decorators] if function is not None else []
        if any(name.removesuffix("()").rpartition(".")[2] in _TAGS for name in names):
            return Confidence.MEDIUM
        return Confidence.MEDIUM if value.built else Confidence.LOW
    if "exception" in value.calls and "html" not in value.safe_for - _all(value):
        return Confidence.MEDIUM
    if value.built and value.opaque and "html" not in value.safe_for - _all(value):
        return Confidence.MEDIUM
    return Confidence.LOW


def _is_plain(call: Call, value: Value) -> bool:
    """Say whether nothing speaks of markup, which a field may be meant to hold."""
    return value.name.startswith("self.") or _MARKUP.search(call.place.text) is None


def _all(value: Value) -> frozenset[str]:
    """Return what is safe only because nothing is known of it, and so says nothing."""
    return frozenset() if value.sources or value.calls else value.safe_for


RULE = Rule("XSS501", "python", check)
