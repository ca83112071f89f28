"""XSS402: variables inside of ``{% autoescape off %}``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ringfence.audit.model import Hit, Project, Rule
from ringfence.audit.rules._templates import certainty, is_mail, shown, variables
from ringfence.finding import Confidence

_PLACES = ("text", "attribute", "unquoted", "url", "name", "comment", "style", "srcdoc")
#: A variable as near as this to its tag is reported at the tag.
_NEAR = 3


def check(project: Project) -> Iterator[Hit]:
    """Find the lines; those next to the tag are one finding with it."""
    found: dict[tuple[str, int], Hit] = {}
    for facts, variable in variables(project, *_PLACES):
        if variable.escaped or not variable.since or "safe" in variable.filters:
            continue
        otherwise = Confidence.LOW if is_mail(facts) else Confidence.MEDIUM
        sure = certainty(project, facts, variable, otherwise)
        if sure is None:
            continue
        place = variable.place
        if place.line - variable.since <= _NEAR:
            place = replace(place, line=variable.since, end_line=place.line)
        key = facts.path, place.line
        if key in found and found[key].confidence >= sure:
            continue
        found[key] = Hit(
            place,
            f"Nothing escapes {shown(variable)} here: whoever has a part in its text can put a "
            "script into the page.",
            f"End the block before it, or write {{{{ {variable.expression[:80]}|escape }}}}.",
            sure,
        )
    yield from found.values()


RULE = Rule("XSS402", "template", check)
