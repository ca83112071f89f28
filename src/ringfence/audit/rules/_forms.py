"""Forms of templates, and what other templates bring into them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ringfence.audit.model import Form, Project, TemplateFacts
from ringfence.audit.rules._templates import templates

__all__ = ["forms", "gets_token", "is_scripted", "names_another_site"]

_DEEPEST = 6
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


def gets_token(project: Project, facts: TemplateFacts, form: Form) -> bool | None:
    """Whether the form has a token, from an include or a child's block too; None: who knows."""
    if form.has_token:
        return True
    by_name = {name: each for each in project.templates.values() for name in each.names}
    unknown = False
    for name in form.includes:
        if name[0] in "?%" or name not in by_name:
            unknown = True
        elif _renders_token(by_name[name], by_name, 0):
            return True
    for child in project.templates.values():
        if form.blocks and child.tokens and _extends(child, facts, by_name):
            return True
    return None if unknown else False


def _renders_token(facts: TemplateFacts, by_name: dict[str, TemplateFacts], depth: int) -> bool:
    if facts.tokens:
        return True
    if depth > _DEEPEST:
        return False
    return any(
        _renders_token(by_name[name], by_name, depth + 1)
        for name in (*facts.includes, *facts.extends)
        if name in by_name
    )


def _extends(
    child: TemplateFacts, parent: TemplateFacts, by_name: dict[str, TemplateFacts]
) -> bool:
    for _ in range(_DEEPEST):
        found = next((by_name[name] for name in child.extends if name in by_name), None)
        if found is None:
            return False
        if found is parent:
            return True
        child = found
    return False
