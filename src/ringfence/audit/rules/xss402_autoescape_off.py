"""XSS402: variables inside of ``{% autoescape off %}``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from ringfence.audit.model import Hit, Project, Rule
from ringfence.audit.rules._templates import certainty, place_of, shown, variables
from ringfence.finding import Confidence

_PLACES = ("text", "attribute", "unquoted", "url", "name", "comment", "style", "srcdoc")
_TAG = "{% autoescape off %}"
_BLOCK = "Nothing escapes what stands in this block, from {} on."
_FIX = "Mark what is meant as markup where it is made, and end the block before anything else."
#: So many variables of one block are reported: who mends these sees the others.
_MOST = 10


def check(project: Project) -> Iterator[Hit]:
    """Find the lines; those next to the tag are one finding with it."""
    found: dict[tuple[str, int], Hit] = {}
    told: set[tuple[str, int]] = set()
    within: Counter[tuple[str, int]] = Counter()
    for facts, variable in variables(project, *_PLACES):
        if variable.escaped or not variable.since or "safe" in variable.filters:
            continue
        if variable.language == "style" and facts.path.endswith(".css"):
            continue
        key = facts.path, variable.since
        within[key] += 1
        if within[key] > _MOST:
            continue
        sure = certainty(project, facts, variable, Confidence.MEDIUM)
        if sure is None:
            continue
        place = place_of(variable)
        if key not in told:
            told.add(key)
            if place.line != variable.since:
                # It begins far above: that is the line which is to go.
                tag = replace(place, line=variable.since, end_line=0, text=_TAG)
                yield Hit(tag, _BLOCK.format(shown(variable)), _FIX, sure)
        line = facts.path, place.line
        if line in found and found[line].confidence >= sure:
            continue
        found[line] = Hit(
            place,
            f"Nothing escapes {shown(variable)} here: whoever has a part in its text can put a "
            "script into the page.",
            f"End the block before it, or write {{{{ {variable.expression[:80]}|escape }}}}.",
            sure,
        )
    yield from found.values()


RULE = Rule("XSS402", "template", check)
