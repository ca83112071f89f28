"""XSS413: a script, a frame or a base address that a variable decides."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ringfence.audit.model import Hit, Project, Rule, TemplateFacts, TemplateVariable
from ringfence.audit.rules._templates import certainty, hits, shown, variables
from ringfence.finding import Confidence

_LOADING = frozenset(("script", "iframe", "frame", "embed", "object", "base"))
_MAKES_SCRIPT = re.compile(r"createElement\(\s*+[\"'](?:script|iframe)")
_SOURCE = re.compile(r"\.src\s*+=([^;\n]{1,300})")
_GIVEN = r"(?<![\w$.]){name}\s*+=\s*+[\"'`]\s*+\{{\{{\s*+{expression}(?![\w.])"
_NAMES = re.compile(r"(?<![\w$.'\"])[A-Za-z_$][\w$]{0,60}(?=\s*+(?:\+|$))")
_FIX = "{% static %}, or an address whose host stands in the template; |slugify for a name in it."


_WHOLE = ("whole URL", "URL, where a scheme")
#: An attribute of something, and nothing of the site's own that says where its files are.
_OF_DATA = re.compile(
    r"^(?!(?:self|settings|config|site|form|media|widget|field|request|view|block|webpack|bundle"
    r"|asset|static|cl|opts|plugin)s?\b)\w+\.\w"
)


def _judge(facts: TemplateFacts, variable: TemplateVariable) -> Confidence | None:
    del facts
    if variable.element not in _LOADING or variable.context.startswith("URL p"):
        return None
    whole = variable.context.startswith(_WHOLE) and variable.element == "script"
    return Confidence.MEDIUM if whole and _OF_DATA.search(variable.expression) else Confidence.LOW


def check(project: Project) -> Iterator[Hit]:
    """Find them in attributes, and in scripts that make another script."""
    yield from hits(
        project,
        ("url", "unquoted"),
        _judge,
        "{variable} says where the page loads code or a frame from.",
        _FIX,
    )
    for facts, variable in variables(project, "string"):
        if "escapejs" not in variable.filters and _is_loaded(facts, variable):
            sure = certainty(project, facts, variable, Confidence.MEDIUM)
            if sure is not None:
                yield Hit(
                    variable.place,
                    f"{shown(variable)} becomes part of the host that a script is loaded from.",
                    _FIX,
                    sure,
                )


def _is_loaded(facts: TemplateFacts, variable: TemplateVariable) -> bool:
    line = variable.place.line
    for element in facts.markup:
        content = element.content
        begins = element.place.line
        if element.element != "script" or not begins <= line <= begins + content.count("\n"):
            continue
        if not _MAKES_SCRIPT.search(content):
            continue
        text = variable.place.text
        for match in _SOURCE.finditer(content):
            host = match[1].strip()
            if variable.expression in host and variable.expression in text and ".src" in text:
                return (
                    re.search(r"//[\w.-]*+\{\{\s*+" + re.escape(variable.expression), host)
                    is not None
                )
            for name in _NAMES.findall(host):
                pattern = _GIVEN.format(
                    name=re.escape(name), expression=re.escape(variable.expression)
                )
                # Only what stands directly behind the slashes, or first of all, is the host.
                if re.search(pattern, text) and re.match(
                    rf"(?:[\"'](?:https?:)?//[\"']\s*\+\s*)?{re.escape(name)}\b", host
                ):
                    return True
    return False


RULE = Rule("XSS413", "template", check)
