"""Forms of templates, and what other templates bring into them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ringfence.audit.model import Form, Project, TemplateFacts
from ringfence.audit.rules._templates import templates

__all__ = ["Tokens", "forms", "is_scripted", "names_another_site"]

_DEEPEST = 4
_MAYBE = frozenset("?")
#: So many of a template's includes are followed.
_MOST = 20
_MOST_OF_ALL = 200
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
            if each.tokens - _MAYBE:
                self.parents.update(self._parents(each))

    def of(self, form: Form, facts: TemplateFacts) -> bool | None:
        """Whether the form has a token, from an include or a child's block too; None: who knows."""
        if form.has_token:
            return True
        if form.blocks and facts.path in self.parents:
            return True
        return self._among(form.includes)

    def _among(self, names: Sequence[str]) -> bool | None:
        """Whether one of the included templates, or one that it includes, renders a token.

        Templates may include one another in a circle, as trees of comments do: each is looked at
        once.
        """
        found: bool | None = False
        waiting = list(names[:_MOST])
        seen: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            if len(seen) >= _MOST_OF_ALL:
                return None
            seen.add(name)
            if name == "%crispy":
                # It renders one unless it is told not to.
                return True
            included = self.by_name.get(name)
            if included is None:
                found = None
                continue
            if included.tokens - _MAYBE:
                return True
            if included.tokens:
                found = None
            waiting.extend((*included.includes, *included.extends)[:_MOST])
        return found

    def _parents(self, facts: TemplateFacts) -> Iterator[str]:
        for _ in range(_DEEPEST):
            found = next(
                (self.by_name[name] for name in facts.extends if name in self.by_name), None
            )
            if found is None:
                return
            yield found.path
            facts = found
