"""HTML made outside of templates: by a template's node, a renderer of REST framework's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ringfence.audit.model import UNKNOWN, ClassFacts, Hit, Place, Project, PythonFacts, Rule, Value
from ringfence.audit.rules._python import OUTSIDE, argument, ending, files, head, is_escaped
from ringfence.finding import Confidence

_STATIC: Final = "StaticHTMLRenderer"


def check(project: Project) -> Iterator[Hit]:
    """Find render() methods that return data, and responses that are shown as they are."""
    for facts in files(project):
        for each in facts.classes:
            if _makes_html(each):
                yield from _of_method(facts, f"{each.name}.render")
    for call in ending(project, "Response"):
        value = argument(call, 0, "data")
        sure = _confidence(value)
        if sure is not None and _is_static(project.python[call.place.path], call.function):
            yield _hit(call.place, "The renderer of this response writes", sure)


def _makes_html(each: ClassFacts) -> bool:
    lasts = {base.rpartition(".")[2] for base in each.bases}
    if "Node" in lasts:
        return any("template" in base for base in each.bases)
    media = each.attributes.get("media_type")
    return media is not None and media.literal == "text/html" and _is_renderer(lasts)


def _is_renderer(lasts: set[str]) -> bool:
    return any(last.endswith("Renderer") for last in lasts)


def _of_method(facts: PythonFacts, name: str) -> Iterator[Hit]:
    for function in facts.functions:
        if function.name == name:
            sure = _confidence(function.returns)
            if sure is not None:
                place = function.return_place or head(function.place)
                yield _hit(place, "What render() returns is written", sure)


def _confidence(value: Value) -> Confidence | None:
    if value.literal is not UNKNOWN or is_escaped(value):
        return None
    if value.sources & OUTSIDE:
        return Confidence.HIGH
    return Confidence.MEDIUM if value.built and value.sources else Confidence.LOW


def _is_static(facts: PythonFacts, name: str) -> bool:
    """Say whether what a function answers goes through REST framework's StaticHTMLRenderer."""
    for function in facts.functions:
        if function.name == name:
            if any(_STATIC in str(decorator) for decorator in function.decorators):
                return True
            for each in facts.classes:
                if each.name == function.class_name:
                    return _STATIC in str(each.attributes.get("renderer_classes"))
    return False


def _hit(place: Place, what: str, sure: Confidence) -> Hit:
    return Hit(
        place,
        f"{what} into the page as it is, and there is data in it that nobody escaped.",
        "Put it together with format_html('<b>{}</b>', value), or render a template.",
        sure,
    )


RULE = Rule("XSS508", "python", check)
