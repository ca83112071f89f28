"""XSS404: an escaped variable in a string of a script, without ``escapejs``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from ringfence.audit.model import Hit, Project, Rule, TemplateFacts, TemplateVariable
from ringfence.audit.rules._templates import hits, is_tame
from ringfence.finding import Confidence

#: Names of what a site's own code makes: addresses, settings, keys.
_OWN = re.compile(
    r"^settings\.|url|(?:^|[._])(?:pk|id|prefix|lang(?:uage)?|LANGUAGE_CODE|csrf_token|version|token"
    r"|key|domain|host|static|media|locale|currency|auto_id)(?:$|[._])|_(?:id|key|token|code|prefix)$",
    re.IGNORECASE,
)


def _judge(facts: TemplateFacts, variable: TemplateVariable) -> Confidence | None:
    del facts
    quiet = variable.context.startswith("JSON") or ": HTML" in variable.context
    if quiet or not variable.escaped or "escapejs" in variable.filters:
        return None
    # Quotes are escaped as for HTML, which keeps the string closed; a backslash is not.
    return Confidence.LOW


def check(project: Project) -> Iterator[Hit]:
    """Find them; what a site's own code makes is less, unless there are two on a line.

    The first one's backslash opens the second one.
    """
    found = list(
        hits(
            project,
            ("string",),
            _judge,
            "{variable} is escaped for HTML and not for a script: a backslash or a line break in "
            "it ends or changes the string.",
            "{{ {variable}|escapejs }}",
        )
    )
    on_line = Counter(
        (hit.place.path, hit.place.line) for hit in found if not _OWN.search(_name(hit))
    )
    said: set[tuple[str, str]] = set()
    for hit in found:
        several = on_line[hit.place.path, hit.place.line] > 1 and not _is_widget(hit)
        again = (hit.place.path, _name(hit)) in said
        if hit.confidence > Confidence.LOW or several or not (again or _is_tame(hit)):
            said.add((hit.place.path, _name(hit)))
            yield replace(hit, confidence=Confidence.MEDIUM)
        else:
            yield hit


def _is_tame(hit: Hit) -> bool:
    """Say whether the value is, by its name, a site's own, a number or the developer's words."""
    name = _name(hit)
    return _is_widget(hit) or _OWN.search(name) is not None or is_tame(name)


def _is_widget(hit: Hit) -> bool:
    """Say whether it is a widget's template: that has its name in it, and where it asks."""
    return "/widgets/" in hit.place.path


def _name(hit: Hit) -> str:
    return hit.reason.partition(" is escaped")[0].partition("|")[0]


RULE = Rule("XSS404", "template", check)
