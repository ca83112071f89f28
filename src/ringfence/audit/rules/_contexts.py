"""Which template is rendered with what: by ``render()`` and its like, and by class-based views."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ringfence.audit.collect.urls.names import Definition, Definitions
from ringfence.audit.model import Call, ClassFacts, Project, PythonFacts, Value

__all__ = ["contexts"]

#: The names of a context, and their values.
Context = list[tuple[str, Value]]

#: Functions that render a template: which argument names it, which holds the variables.
_RENDERING = {
    "django.shortcuts.render": (1, 2),
    "django.shortcuts.render_to_response": (0, 1),
    "django.template.loader.render_to_string": (0, 1),
    "django.template.response.TemplateResponse": (1, 2),
    "django.template.response.SimpleTemplateResponse": (0, 1),
}
_LOADED = ("get_template().render", "select_template().render")
#: What a class of these is shown by, if it names no template.
_SUFFIXES = {
    "ListView": "_list",
    "DetailView": "_detail",
    "CreateView": "_form",
    "UpdateView": "_form",
    "DeleteView": "_confirm_delete",
}


def contexts(project: Project) -> Iterator[tuple[str, Context]]:
    """Yield the names of templates with what a view gives them."""
    defined = Definitions(project.python.values())
    for facts in project.python.values():
        if facts.is_test:
            continue
        of_class = {each.name: each for each in facts.classes}
        for call in facts.calls:
            owner = of_class.get(call.function.rpartition(".")[0])
            yield from _of_call(call, owner)
        for each in facts.classes:
            names = list(_templates(facts, each))
            context = _of_class(Definition(facts, each), defined) if names else []
            if context:
                yield from ((name, context) for name in names)


def _of_call(call: Call, owner: ClassFacts | None) -> Iterator[tuple[str, Context]]:
    """Yield what one call renders; ``owner`` is the class that it stands in."""
    own = owner.attributes.get("template_name") if owner is not None else None
    if call.target in _RENDERING:
        at, of_context = _RENDERING[call.target]
        template = _argument(call, at, "template_name", "template")
        if template is not None and template.name == "self.template_name":
            template = own
        given = _argument(call, of_context, "context")
    elif call.target.endswith(_LOADED):
        loaded = call.receiver.items[:1] if call.receiver is not None else ()
        template = next((item for item in loaded if isinstance(item, Value)), None)
        given = _argument(call, 0, "context")
    elif call.target.endswith(".render_to_response"):
        template, given = own, _argument(call, 0, "context")
    else:
        return
    if not isinstance(template, Value) or given is None:
        return
    context = list(_pairs(given))
    for each in (template, *template.items):
        if isinstance(each, Value) and isinstance(each.literal, str):
            yield each.literal, context


def _argument(call: Call, index: int, *names: str) -> Value | None:
    for name in names:
        if name in call.kwargs:
            return call.kwargs[name]
    return call.args[index] if index < len(call.args) else None


def _pairs(value: Value) -> Iterator[tuple[str, Value]]:
    if isinstance(value.literal, Mapping):
        for name, literal in value.literal.items():
            yield str(name), Value(literal=literal)
    for pair in value.items:
        if isinstance(pair, tuple) and isinstance(pair[0].literal, str):
            if pair[0].literal == "**":
                yield from _pairs(pair[1])
            else:
                yield pair[0].literal, pair[1]


def _templates(facts: PythonFacts, each: ClassFacts) -> Iterable[str]:
    """Yield the names of the templates that show a class-based view."""
    given = each.attributes.get("template_name")
    if given is not None and isinstance(given.literal, str):
        yield given.literal
    for function in facts.functions:
        if function.name == f"{each.name}.get_template_names":
            for item in function.returns.items:
                if isinstance(item, Value) and isinstance(item.literal, str):
                    yield item.literal
    model = each.attributes.get("model")
    parts = facts.module.split(".")
    if given is None and model is not None and model.name and len(parts) > 1:
        name = model.name.rpartition(".")[2].lower()
        app = parts[-3] if "views" in parts[-2:-1] and len(parts) > 2 else parts[-2]
        for base in each.bases:
            suffix = _SUFFIXES.get(base.rpartition(".")[2])
            if suffix is not None:
                yield f"{app}/{name}{suffix}.html"


def _of_class(of: Definition, defined: Definitions) -> Context:
    """Return what a class-based view and its bases give to their template."""
    context: Context = []
    for each in defined.ancestors(of):
        if isinstance(each, str) or not isinstance(each.what, ClassFacts):
            continue
        extra = each.what.attributes.get("extra_context")
        if extra is not None:
            context += _pairs(extra)
        method = f"{each.what.name}.get_context_data"
        for function in defined.methods(each):
            if function.name == method:
                context += _pairs(function.returns)
        for call in each.facts.calls:
            if call.function == method and call.target.endswith("super().get_context_data"):
                for name, value in call.kwargs.items():
                    context += _pairs(value) if name == "**" else [(name, value)]
    return context
