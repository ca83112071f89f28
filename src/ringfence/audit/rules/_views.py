"""What a project's Python gives to its templates, as far as the facts tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ringfence.audit.model import Project, TemplateFacts, Value
from ringfence.audit.rules._contexts import contexts

__all__ = ["is_made_safe", "values_of"]

#: Not more templates around one are looked at.
_TEMPLATES = 200


@dataclass(slots=True)
class _Known:
    """What is known of one project's views, classes and filters."""

    project: Project
    #: By template and variable.
    given: dict[tuple[str, str], list[Value]] = field(default_factory=dict)
    #: By template, the templates that include or extend it.
    around: dict[str, list[str]] = field(default_factory=dict)
    #: By attribute: the class's name in lower case, and what it gives.
    attributes: dict[str, list[tuple[str, Value]]] = field(default_factory=dict)
    #: What the project's own filters return, by name.
    filters: dict[str, list[Value]] = field(default_factory=dict)


#: The last project that was asked about: rules ask about one project.
_last: _Known | None = None


def values_of(project: Project, facts: TemplateFacts, expression: str) -> list[Value]:
    """Return the values that views give to the template under a name; none if nobody can tell.

    Only of a whole variable something is known: not of what ``user.name`` is. Of what views give
    to templates that include or extend it, only the dangerous values are in it: that one view's
    value is harmless says nothing of the others.
    """
    if not expression.isidentifier():
        return []
    known = _known(project)
    found = [value for name in facts.names for value in known.given.get((name, expression), ())]
    waiting, seen = list(facts.names), set(facts.names)
    while waiting and len(seen) < _TEMPLATES:
        for outer in known.around.get(waiting.pop(), ()):
            if outer not in seen:
                seen.add(outer)
                waiting.append(outer)
                values = known.given.get((outer, expression), ())
                found += [value for value in values if value.from_outside("html")]
    return found


def is_made_safe(project: Project, expression: str, filters: Sequence[str]) -> bool:
    """Whether a filter or a property of the project's own makes harmless what is shown."""
    known = _known(project)
    for name in filters:
        returned = known.filters.get(name)
        if returned and all("html" in value.safe_for for value in returned):
            return True
    owner, dot, attribute = expression.rpartition(".")
    if not dot or not attribute.isidentifier():
        return False
    of = owner.rpartition(".")[2].lower().replace("_", "")
    found = known.attributes.get(attribute, ())
    of_class = [value for name, value in found if of and of in name]
    # Without a class of that name only a name that is hardly anyone else's tells who is meant.
    values = of_class or ([value for _, value in found] if "_" in attribute.strip("_") else [])
    return bool(values) and all(value.is_literal or "html" in value.safe_for for value in values)


def _known(project: Project) -> _Known:
    global _last  # noqa: PLW0603 -- one project is audited at a time, and asked about often
    if _last is None or _last.project is not project:
        _last = _read(project)
    return _last


def _read(project: Project) -> _Known:
    known = _Known(project)
    for template, context in contexts(project):
        for name, value in context:
            known.given.setdefault((template, name), []).append(value)
    for each in project.templates.values():
        for name in (*each.extends, *each.includes):
            known.around.setdefault(name, []).extend(each.names)
    for facts in project.python.values():
        if facts.is_test or ".migrations." in facts.module:
            continue
        for function in facts.functions:
            name = function.name.rpartition(".")[2]
            if ".templatetags." in f".{facts.module}" and not function.class_name:
                known.filters.setdefault(name, []).append(function.returns)
            elif function.class_name and function.parameters == ("self",):
                of = function.class_name.lower()
                known.attributes.setdefault(name, []).append((of, function.returns))
        for of_class in facts.classes:
            for name, value in of_class.attributes.items():
                known.attributes.setdefault(name, []).append((of_class.name.lower(), value))
    return known
