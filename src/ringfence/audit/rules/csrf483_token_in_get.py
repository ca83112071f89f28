"""CSRF483: a CSRF token in a form that is sent by GET."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule
from ringfence.audit.rules._forms import forms, is_scripted
from ringfence.finding import Confidence

_WHY = (
    "The form is sent by GET: the token becomes part of the address, and so of the history, of "
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
            _WHY,
            'The form without {% csrf_token %}, or with method="post" if it changes something.',
            Confidence.MEDIUM if said else Confidence.LOW,
        )


RULE = Rule("CSRF483", "template", check)
