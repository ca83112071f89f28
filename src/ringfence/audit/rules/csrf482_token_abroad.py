"""CSRF482: a form that sends the CSRF token to another site."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule
from ringfence.audit.rules._forms import forms, names_another_site

_WHY = (
    "The form hands this site's CSRF token of the visitor to another site, which can then send "
    "requests in the visitor's name."
)


def check(project: Project) -> Iterator[Hit]:
    """Find them."""
    for _, form in forms(project):
        if form.has_token and names_another_site(form.action):
            yield Hit(form.place, _WHY, "The form without {% csrf_token %}.")


RULE = Rule("CSRF482", "template", check)
