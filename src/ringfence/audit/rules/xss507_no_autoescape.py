"""Template engines made by hand: Jinja2 escapes nothing unless it is told to."""

from __future__ import annotations

from collections.abc import Iterator

from ringfence.audit.model import Call, Hit, Project, Rule
from ringfence.audit.rules._python import files
from ringfence.finding import Confidence

_JINJA = frozenset({"Environment", "SandboxedEnvironment", "ImmutableSandboxedEnvironment"})
_DJANGO = frozenset({"Context", "RequestContext", "Engine"})
#: What says that a module makes pages, and not mails, configuration or SQL.
_PAGES = ("HttpResponse", "HttpResponseBadRequest", "mark_safe", "Markup")


def check(project: Project) -> Iterator[Hit]:
    """Find environments and contexts without autoescape; sure where the module answers requests."""
    for facts in files(project):
        pages = any(call.target.endswith(_PAGES) for call in facts.calls)
        for call in facts.calls:
            if _escapes_nothing(call):
                yield Hit(
                    call.place,
                    "Variables come into what it renders as they are, markup and all.",
                    "autoescape=select_autoescape() for Jinja2; leave autoescape out for Django.",
                    Confidence.MEDIUM if pages else Confidence.LOW,
                )


def _escapes_nothing(call: Call) -> bool:
    last = call.target.rpartition(".")[2]
    given = call.kwargs.get("autoescape")
    if given is not None:
        return given.literal is False and (last in _JINJA or last in _DJANGO)
    return last in _JINJA and call.target.startswith("jinja2.") and "**" not in call.kwargs


RULE = Rule("XSS507", "python", check)
