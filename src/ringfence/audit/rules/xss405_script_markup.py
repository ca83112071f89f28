"""XSS405: a script makes markup (``innerHTML``, ``document.write``, ``.html()``) out of data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ringfence.audit.model import Hit, Markup, Project, Rule, TemplateFacts, TemplateVariable
from ringfence.audit.rules._templates import certainty, hits, templates
from ringfence.finding import Confidence

_FIX = "Write it with textContent (jQuery: .text()), or build elements with document.createElement."
#: `name = "…{{ variable }}…"`, and what an address bar gives.
_GIVEN = re.compile(r"([\w$]{1,60})\s*+=\s*+[\"'`][^\"'`\n]{0,200}\{\{([^}\n]{1,200})\}\}")
_OUTSIDE = (
    r"(?:window\.|document\.)?location(?:\.(?:hash|search|href))?\b|document\.(?:referrer|URL)\b"
    r"|window\.name\b|URLSearchParams\b"
)
_TAKEN = re.compile(rf"([\w$]{{1,60}})\s*+=[^=;\n]{{0,200}}?(?:{_OUTSIDE})")
_SINK = re.compile(
    r"(?:\.(?:innerHTML|outerHTML|srcdoc)\s*+\+?=(?!=)|document\.write(?:ln)?\s*+\("
    r"|\.insertAdjacentHTML\s*+\(|\.createContextualFragment\s*+\("
    r"|\.(?:html|append|prepend|before|after|replaceWith)\s*+\(|\beval\s*+\(|\bnew\s++Function\s*+\()"
    r"([^;\n]{0,400})"
)
_HTML_ONLY = re.compile(r"^\.(?:append|prepend|before|after|replaceWith)")
_CLEANED = re.compile(
    r"encodeURI|escapeHtml|escapeHTML|_\.escape|DOMPurify|sanitize|Number\(|parseInt"
)
_STRING = re.compile(r"\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'")


def _judge(facts: TemplateFacts, variable: TemplateVariable) -> Confidence | None:
    del facts
    if not variable.escaped or ": HTML" not in variable.context:
        return None
    # What is escaped for HTML once is text again once the script has read its string; \x3c is "<".
    if "escapejs" in variable.filters and "force_escape" in variable.filters:
        return None
    return Confidence.MEDIUM


def check(project: Project) -> Iterator[Hit]:
    """Find variables in markup that a script writes, and what it reads and writes as markup."""
    yield from hits(
        project,
        ("string", "script"),
        _judge,
        "{variable} stands in markup that a script writes: it is escaped for the page and then "
        r"read by the script, which makes \x3c a < again.",
        _FIX,
    )
    for facts in templates(project):
        for element in facts.markup:
            if element.element == "script" and element.content:
                yield from _in_script(project, facts, element)


def _in_script(project: Project, facts: TemplateFacts, element: Markup) -> Iterator[Hit]:
    text = element.content
    if not any(word in text for word in ("HTML", "write", ".html", "eval", "append", "Function")):
        return
    tainted: dict[str, tuple[str, Confidence]] = {}
    for match in _GIVEN.finditer(text):
        expression, *filters = (part.strip() for part in match[2].split("|"))
        if "force_escape" in filters:
            continue
        variable = TemplateVariable(
            expression, tuple(filters), "", "string", escaped=True, place=element.place
        )
        sure = certainty(project, facts, variable, Confidence.MEDIUM)
        if sure is not None and "urlencode" not in filters:
            tainted[match[1]] = f"{{{{ {expression} }}}}", sure
    for match in _TAKEN.finditer(text):
        if not _CLEANED.search(text[match.start() : match.end() + 100]):
            tainted[match[1]] = "the page's address", Confidence.MEDIUM
    for match in _SINK.finditer(text):
        argument = _STRING.sub('""', match[1])
        if _CLEANED.search(argument):
            continue
        found = _source(argument, tainted)
        if found is None or (_HTML_ONLY.match(match[0]) and "<" not in match[1]):
            continue
        what, sure = found
        line = element.place.line + text.count("\n", 0, match.start())
        start = text.rfind("\n", 0, match.start()) + 1
        shown = text[start : start + 300].partition("\n")[0].strip()[:200]
        yield Hit(
            replace(element.place, line=line, end_line=0, text=shown),
            f"The script writes {what} into the page as markup, or runs it.",
            _FIX,
            sure,
        )


def _source(
    argument: str, tainted: dict[str, tuple[str, Confidence]]
) -> tuple[str, Confidence] | None:
    if re.search(rf"(?<![\w.])(?:{_OUTSIDE})", argument):
        return "the page's address", Confidence.MEDIUM
    for name in re.findall(r"(?<![\w$.])[\w$]{1,60}", argument):
        if name in tainted:
            return tainted[name]
    return None


RULE = Rule("XSS405", "template", check)
