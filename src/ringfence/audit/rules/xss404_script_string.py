"""XSS404: an escaped variable in a string of a script, without ``escapejs``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from ringfence.audit.model import Hit, Project, Rule, TemplateFacts, TemplateVariable
from ringfence.audit.rules._templates import hits
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
    """Find them; two on a line are more: the first one's backslash opens the second one."""
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
    for hit in found:
        if hit.confidence > Confidence.LOW or on_line[hit.place.path, hit.place.line] > 1:
            yield replace(hit, confidence=Confidence.MEDIUM)
        else:
            yield hit


def _name(hit: Hit) -> str:
    return hit.reason.partition(" is escaped")[0].partition("|")[0]


RULE = Rule("XSS404", "template", check)
