"""Forms of templates, and what other templates bring into them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ringfence.audit.model import Form, Project, TemplateFacts
from ringfence.audit.rules._templates import templates

__all__ = ["Tokens", "forms", "is_scripted", "names_another_site"]

_DEEPEST = 4
#: So many of a template's includes are followed.
_MOST = 20
_SCHEME = re.compile(r"\s*+(?:https?:)?//[^/{\s]", re.IGNORECASE)
_OWN = re.compile(r"\s*+(?:https?:)?//(?:localhost|127\.0\.0\.1)\b", re.IGNORECASE)
_SCRIPTED = re.compile(
    r"(?:data-)?hx-|data-(?:remote|ajax|controller|action)$|^v-on:|^@submit|^x-on:|^up-|^ng-submit"
)


def forms(project: Project) -> Iterator[tuple[TemplateFacts, Form]]:
    """Yield the forms of templates that are no test's."""
    for facts in templates(project):
        for form in facts.forms:
            yield facts, form


def names_another_site(action: str) -> bool:
    """Whether an action's text names a host.

    >>> names_another_site("https://pay.example/x"), names_another_site("//{{ host }}/x")
    (True, False)
    """
    return _SCHEME.match(action) is not None and _OWN.match(action) is None


def is_scripted(form: Form) -> bool:
    """Whether a script seems to send the form, which may add the token as a header."""
    if any(_SCRIPTED.search(name) for name in form.attributes):
        return True
    return "return" in form.attributes.get("onsubmit", "")


class Tokens:
    """Where the forms of a project may get their token from besides their own text."""

    def __init__(self, project: Project) -> None:
        self.by_name = {name: each for each in project.templates.values() for name in each.names}
        #: The paths of the templates below which a child renders a token.
        self.parents: set[str] = set()
        for each in project.templates.values():
            if each.tokens:
                self.parents.update(self._parents(each))

    def of(self, form: Form, facts: TemplateFacts) -> bool | None:
        """Whether the form has a token, from an include or a child's block too; None: who knows."""
        if form.has_token:
            return True
        if form.blocks and facts.path in self.parents:
            return True
        unknown = False
        for name in form.includes:
            if name[0] in "?%" or name not in self.by_name:
                unknown = True
            elif self._renders(self.by_name[name], 0):
                return True
        return None if unknown else False

    def _renders(self, facts: TemplateFacts, depth: int) -> bool:
        if facts.tokens:
            return True
        if depth > _DEEPEST:
            return False
        return any(
            self._renders(self.by_name[name], depth + 1)
            for name in (*facts.includes[:_MOST], *facts.extends[:_MOST])
            if name in self.by_name
        )

    def _parents(self, facts: TemplateFacts) -> Iterator[str]:
        for _ in range(_DEEPEST):
            found = next(
                (self.by_name[name] for name in facts.extends if name in self.by_name), None
            )
            if found is None:
                return
            yield found.path
            facts = found
