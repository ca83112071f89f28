"""Forms: a token where one is missing, none where one is given away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from ringfence.audit.collect.templates.elements import Element
from ringfence.audit.collect.templates.lexer import BLOCK, VARIABLE, Token
from ringfence.audit.fixes import Fix
from ringfence.audit.fixes._text import Text
from ringfence.audit.model import Edit, Finding

__all__ = ["FIXES"]

_FOREIGN: Final = re.compile(r"\s*+(?:[A-Za-z][\w+.-]*+:|//|\\)")
#: Actions that a variable chooses may lead to another site.
_OWN: Final = re.compile(r"\s*+(?:\{\{\s*+(?:request\.|url\()|\{%\s*+url\b|[^{]|$)")
_MAIL: Final = re.compile(r"mail|newsletter", re.IGNORECASE)


def _form(text: Text, finding: Finding) -> Element | None:
    """Return the form that the finding is about, if it is the only one that begins on its line."""
    found = [
        each
        for each in text.elements_at(finding.hit.place.line)
        if each.name == "form" and not each.form_end
    ]
    return found[0] if len(found) == 1 else None


def _end_of(text: Text, form: Element) -> int:
    ends = (each.start for each in text.page.elements if each.form_end and each.start > form.start)
    return next(ends, -1)


def _give(text: Text, finding: Finding) -> Iterable[Edit]:
    form = _form(text, finding)
    if form is None or form.attributes.get("method", "").strip().lower() != "post":
        return
    action = form.attributes.get("action", "")
    if _FOREIGN.match(action) or not _OWN.match(action) or _MAIL.search(text.path):
        return
    # Jinja2 has the variable where Django renders it for a request.
    token = "{{ csrf_input }}" if text.page.jinja else "{% csrf_token %}"
    yield text.edit(form.end, form.end, token, safe=not text.page.jinja)


def _take(text: Text, finding: Finding) -> Iterable[Edit]:
    form = _form(text, finding)
    if form is None:
        return
    end = _end_of(text, form)
    found = [each for each in _tokens(text) if form.end <= each.start < end]
    for each in found:
        yield _removed(text, each)


def _tokens(text: Text) -> Iterator[Token]:
    kinds = {"csrf_token": BLOCK, "csrf_input": VARIABLE, "csrf_input()": VARIABLE}
    return (each for each in text.page.tokens if kinds.get(each.text) == each.kind)


def _removed(text: Text, token: Token) -> Edit:
    """Return the edit that takes a tag away, with its line if it stands alone."""
    line = text.line_of(token.start)
    start, end = text.start_of(line), text.end_of(line)
    if text.text[start:end].strip() == text.text[token.start : token.end] and end < len(text.text):
        return text.edit(start, end + 1, "", safe=False)
    return text.edit(token.start, token.end, "", safe=False)


FIXES = (
    Fix("CSRF481", "puts the token behind the form's start tag", _give),
    Fix("CSRF482", "takes the token out of the form", _take),
    Fix("CSRF483", "takes the token out of the form", _take),
)
