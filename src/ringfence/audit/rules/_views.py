"""What the views of a project give to its templates, as far as the Python facts tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ringfence.audit.model import Call, Project, TemplateFacts, Value

__all__ = ["values_of"]

#: Functions that render a template: which argument names it, which holds the variables.
_RENDERING = {
    "django.shortcuts.render": (1, 2),
    "django.shortcuts.render_to_response": (0, 1),
    "django.template.loader.render_to_string": (0, 1),
    "django.template.response.TemplateResponse": (1, 2),
    "django.template.response.SimpleTemplateResponse": (0, 1),
}

#: The last project that was asked about, and what its views give: rules ask about one project.
_known: tuple[Project, Mapping[tuple[str, str], list[Value]]] | None = None


def values_of(project: Project, facts: TemplateFacts, expression: str) -> list[Value]:
    """Return the values that views give to the template under a name; none if nobody can tell.

    Only of a whole variable something is known: not of what ``user.name`` is.
    """
    if not expression.isidentifier():
        return []
    given = _given(project)
    return [value for name in facts.names for value in given.get((name, expression), ())]


def _given(project: Project) -> Mapping[tuple[str, str], list[Value]]:
    global _known  # noqa: PLW0603 -- one project is audited at a time, and asked about often
    if _known is None or _known[0] is not project:
        given: dict[tuple[str, str], list[Value]] = {}
        for call in project.calls(*_RENDERING):
            for template in _names(call):
                for name, value in _context(call):
                    given.setdefault((template, name), []).append(value)
        _known = (project, given)
    return _known[1]


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
