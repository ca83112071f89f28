"""XSS410: a link or a form's action that a variable is the whole of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule, TemplateFacts, TemplateVariable
from ringfence.audit.rules._templates import hits
from ringfence.finding import Confidence

_GOES = frozenset(("href", "action", "formaction", "xlink:href", "content"))
#: What Django and storages make.
_MADE = re.compile(r"(?:^|[._])(?:url|get_absolute_url|get_\w*url|path)(?:\(|$)|^url\(")


#: What people say of themselves, as a field of theirs.
_TOLD = re.compile(
    r"(?i)\.(?:(?:user_?|author_?|personal_?)?(?:web_?site|home_?page|blog)(?:_ur[il])?"
    r"|(?:video|source|external|social|profile|linkedin|twitter|github|facebook)_ur[il])$"
)


def _judge(facts: TemplateFacts, variable: TemplateVariable) -> Confidence | None:
    del facts
    whole = variable.context.startswith(("whole URL", "URL, where a scheme"))
    if not whole or variable.element == "link" or variable.attribute not in _GOES:
        return None
    if variable.expression.startswith("request.") and "GET" not in variable.expression:
        return None
    if _TOLD.search(variable.expression):
        return Confidence.MEDIUM
    return None if _MADE.search(variable.expression) else Confidence.LOW


def check(project: Project) -> Iterator[Hit]:
    """Find them."""
    return hits(
        project,
        ("url",),
        _judge,
        "{variable} is the whole address: one that begins with javascript: runs as a script of "
        "this site when it is followed.",
        "Let the view pass only addresses that url_has_allowed_host_and_scheme() or a URLField has "
        "checked.",
    )


RULE = Rule("XSS410", "template", check)
