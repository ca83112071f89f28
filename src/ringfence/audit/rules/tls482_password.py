"""TLS482: a form that sends a password over plain http."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule
from ringfence.audit.rules._forms import forms, names_another_site


def check(project: Project) -> Iterator[Hit]:
    """Find them."""
    for _, form in forms(project):
        action = form.action.strip()
        plain = action.lower().startswith("http://") and names_another_site(action)
        if plain and "password" in form.fields:
            yield Hit(
                form.place,
                "The form sends a password over http: whoever is on the way can read it.",
                'action="https://…", or an address without a scheme and host.',
            )


RULE = Rule("TLS482", "template", check)
