"""XSS416: ``v-html``, ``x-html`` or ``ng-bind-html`` of data."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ringfence.audit.model import Hit, Place, Project, Rule
from ringfence.audit.rules._flows import flows
from ringfence.audit.rules._templates import markup
from ringfence.finding import Confidence

_NAMES = ("v-html", "x-html", "ng-bind-html", "data-ng-bind-html")
_CLEAN = re.compile(
    r"(?i)sanit|purif|escape|trust|\|\s*(?:linky|translate)|\$t\(|^t\(|gettext|i18n"
)
#: A text of the page's own, or what is markup by its name.
_MADE = re.compile(r"(?i)^\s*(?:['\"`]|$)|html|icon|svg|markup|rendered|markdown|label|title$|help")
_WHY = (
    "{name} writes {expression} into the page as markup: whoever has a part in its text can put a "
    "script there."
)
_FIX = "v-text, x-text or ng-bind; where it is to hold markup, DOMPurify.sanitize(…) around it."


def check(project: Project) -> Iterator[Hit]:
    """Find them in templates' elements, and in the templates that a script has in a string."""
    for element in markup(project):
        for name in _NAMES:
            if name in element.attributes:
                expression = element.attributes[name]
                if not _CLEAN.search(expression):
                    yield _hit(element.place, name, expression)
    for _, flow in flows(project):
        for origin in flow.origins:
            if flow.sink == "binding" and not _CLEAN.search(origin.name):
                yield _hit(flow.place, flow.into, origin.name)


def _hit(place: Place, name: str, expression: str) -> Hit:
    why = _WHY.replace("{name}", name).replace("{expression}", expression[:60])
    sure = Confidence.LOW if _MADE.search(expression) else Confidence.MEDIUM
    return Hit(place, why, _FIX, sure)


RULE = Rule("XSS416", "template", check)
