"""CSRF483: a CSRF token in a form that is sent by GET, or in a link's address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule
from ringfence.audit.rules._forms import forms, is_scripted
from ringfence.audit.rules._templates import markup
from ringfence.finding import Confidence

_IN_ADDRESS = re.compile(r"[?&][^\s{]{0,200}\{\{\s*+(?:request\.)?csrf_?token\b", re.IGNORECASE)
_WHY = (
    "{what}: the token becomes part of the address, and so of the history, of "
    "logs and of what other sites are told as the referrer."
)


def check(project: Project) -> Iterator[Hit]:
    """Find them."""
    for _, form in forms(project):
        if form.method != "get" or not form.has_token or is_scripted(form):
            continue
        # Without a method it is as often one that a script sends.
        said = "method" in form.attributes
        yield Hit(
            form.place,
            _WHY.replace("{what}", "The form is sent by GET"),
            'The form without {% csrf_token %}, or with method="post" if it changes something.',
            Confidence.MEDIUM if said else Confidence.LOW,
        )
    for element in markup(project, "a", "link", "script", "iframe", "img", "area"):
        for name in ("href", "src"):
            if _IN_ADDRESS.search(element.attributes.get(name, "")):
                yield Hit(
                    element.place,
                    _WHY.replace("{what}", "The token stands in an address"),
                    'A <form method="post"> with {% csrf_token %} and a button.',
                    Confidence.MEDIUM,
                )


RULE = Rule("CSRF483", "template", check)
