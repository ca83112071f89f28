"""What a project's Python gives to its templates, as far as the facts tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ringfence.audit.model import Call, Project, TemplateFacts, Value

__all__ = ["is_made_safe", "values_of"]

#: Functions that render a template: which argument names it, which holds the variables.
_RENDERING = {
    "django.shortcuts.render": (1, 2),
    "django.shortcuts.render_to_response": (0, 1),
    "django.template.loader.render_to_string": (0, 1),
    "django.template.response.TemplateResponse": (1, 2),
    "django.template.response.SimpleTemplateResponse": (0, 1),
}


@dataclass(slots=True)
class _Known:
    """What is known of one project's views, classes and filters."""

    project: Project
    #: By template and variable.
    given: dict[tuple[str, str], list[Value]] = field(default_factory=dict)
    #: By attribute: the class's name in lower case, and what it gives.
    attributes: dict[str, list[tuple[str, Value]]] = field(default_factory=dict)
    #: What the project's own filters return, by name.
    filters: dict[str, list[Value]] = field(default_factory=dict)


#: The last project that was asked about: rules ask about one project.
_last: _Known | None = None


def values_of(project: Project, facts: TemplateFacts, expression: str) -> list[Value]:
    """Return the values that views give to the template under a name; none if nobody can tell.

    Only of a whole variable something is known: not of what ``user.name`` is.
    """
    if not expression.isidentifier():
        return []
    given = _known(project).given
    return [value for name in facts.names for value in given.get((name, expression), ())]


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
    for call in project.calls(*_RENDERING):
        for template in _names(call):
            for name, value in _context(call):
                known.given.setdefault((template, name), []).append(value)
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
        for each in facts.classes:
            for name, value in each.attributes.items():
                known.attributes.setdefault(name, []).append((each.name.lower(), value))
    return known


def _argument(call: Call, index: int, *names: str) -> Value | None:
    for name in names:
        if name in call.kwargs:
            return call.kwargs[name]
    return call.args[index] if index < len(call.args) else None


def _names(call: Call) -> Iterator[str]:
    value = _argument(call, _RENDERING[call.target][0], "template_name", "template")
    if value is None:
        return
    for each in (value, *value.items):
        if isinstance(each, Value) and isinstance(each.literal, str):
            yield each.literal


def _context(call: Call) -> Iterator[tuple[str, Value]]:
    value = _argument(call, _RENDERING[call.target][1], "context")
    if value is None:
        return
    if isinstance(value.literal, Mapping):
        for name, literal in value.literal.items():
            yield str(name), Value(literal=literal)
    for pair in value.items:
        if isinstance(pair, tuple) and isinstance(pair[0].literal, str):
            yield pair[0].literal, pair[1]
