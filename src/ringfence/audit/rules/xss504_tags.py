"""Template tags and filters whose result is declared safe as a whole: ``@mark_safe``."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import UNKNOWN, FunctionFacts, Hit, Project, Rule, Source
from ringfence.audit.rules._python import files, head, is_escaped
from ringfence.finding import Confidence

_MARKS = frozenset({"mark_safe", "SafeString", "html_safe"})
_TAGS = frozenset({"filter", "simple_tag"})


def check(project: Project) -> Iterator[Hit]:
    """Find functions whose decorators say that their result is safe, though it has data in it."""
    for facts in files(project):
        for function in facts.functions:
            value = function.returns
            if value.literal is not UNKNOWN or is_escaped(value):
                continue
            names = {
                each.name.removesuffix("()").rpartition(".")[2] for each in function.decorators
            }
            if function.name.endswith(".__html__") and value.built:
                yield Hit(
                    head(function.place),
                    "What __html__() returns is shown as it is, and there is data in it.",
                    "Return format_html('<b>{}</b>', value).",
                    Confidence.MEDIUM,
                )
            elif names & _MARKS and (value.built or (value.sources and names & _TAGS)):
                yield Hit(
                    head(function.place),
                    "The decorator marks all that is returned as safe, and there is data in it.",
                    "Take the decorator away and return format_html('<b>{}</b>', value).",
                    Confidence.HIGH if value.sources - {Source.PARAMETER} else Confidence.MEDIUM,
                )
            elif (
                names & _TAGS
                and value.built
                and "html" not in value.safe_for
                and _is_safe(function)
            ):
                yield Hit(
                    head(function.place),
                    "is_safe=True says that no markup is added, and the text is put together here "
                    "with its argument.",
                    "Return format_html('<b>{}</b>', value) and leave is_safe out.",
                    Confidence.LOW,
                )


def _is_safe(function: FunctionFacts) -> bool:
    return any(
        isinstance(item, tuple) and item[0].literal == "is_safe" and item[1].literal is True
        for each in function.decorators
        for item in each.items
    )


RULE = Rule("XSS504", "python", check)
